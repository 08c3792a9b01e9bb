/** Every caption of the table becomes an item of the story in some hand-made run. */
import { expect, test } from 'vitest';
import { CAPTIONS, type CaptionCode, captionRow } from '../../../src/core/catalogue/index.ts';
import { emptyView } from '../../../src/core/trace/empty-view.ts';
import type { TraceEvent } from '../../../src/core/trace/events.ts';
import { fold } from '../../../src/core/trace/fold.ts';
import type { StoryItem } from '../../../src/core/trace/view.ts';
import { UNRELIABLE } from '../../../src/core/vocabulary/index.ts';
import { rareReasons } from '../why/rare-reasons.ts';
import { chain, createStory, elect, kill, restart, type Story, startCluster } from './story.ts';

/** The items of both runs, by code. */
const ITEMS = new Map([...itemsOf(rareReasons()), ...itemsOf(otherSentences())]);

function itemsOf(events: readonly TraceEvent[]): ReadonlyMap<string, StoryItem> {
  const items = new Map<string, StoryItem>();
  let view = emptyView;
  for (const event of events) {
    view = fold(view, event);
    for (const item of view.story) items.set(item.code, item);
  }
  return items;
}

/** A run with the sentences that the run of rare reasons lacks. */
function otherSentences(): readonly TraceEvent[] {
  const story = createStory();
  startCluster(story);
  for (const [server, term] of [
    ['S1', 1],
    ['S2', 1],
    ['S1', 2],
  ] as const)
    stand(story, server, term);
  elect(story, { leader: 'S1', term: 3, voters: ['S1', 'S2', 'S3'], followers: ['S2', 'S3', 'S4', 'S5'] });
  answer(story);
  returns(story);
  for (const tell of [faults, lab, noMajority]) tell(story);
  return story.events;
}

function stand(story: Story, server: string, term: number): void {
  const standing = { silentTicks: 20, lastLogIndex: 0, lastLogTerm: 0, reason: 'election-timeout' } as const;
  story.tell(server, { event: 'ElectionStarted', term, ...standing }, 200);
}

function answer({ tell }: Story): void {
  const result = { ok: true, value: '1', previous: null } as const;
  const done = { operation: 'C1-1', index: 1, term: 3, server: 'S1', latencyUs: 5, result };
  tell('C1', { event: 'CommandDone', ...done });
}

/** S5 comes back without the leader's committed entry, and gets it. */
function returns(story: Story): void {
  const { tell } = story;
  const range = { term: 3, first: 1, last: 1, chain: chain(1) };
  const entries = [{ type: 'noop', index: 1, term: 3 }] as const;
  tell('S1', { event: 'EntriesProposed', ...range, entries });
  tell('S1', { event: 'CommitAdvanced', term: 3, from: 0, to: 1, chain: chain(1), reason: 'quorum' });
  kill(story, 'S5', 1);
  restart(story, { server: 'S5', ofLife: 2, term: 3, lastIndex: 0, logTerm: 0 });
  tell('S5', { event: 'LeaderRecognised', term: 3, leaderId: 'S1' });
  tell('S5', { event: 'EntriesAppended', ...range, runs: [{ term: 3, first: 1, last: 1 }] });
}

/** Faults of each kind; the first four stay on links, the others end. */
function faults({ tell }: Story): void {
  const there = ['S1>S2'] as const;
  const both = ['S1>S2', 'S2>S1'] as const;
  const begin = { event: 'FaultBegan', servers: [] } as const;
  tell('lab', { ...begin, fault: 'a', kind: 'link', links: [...there], policy: { mode: 'cut' } });
  tell('lab', { ...begin, fault: 'b', kind: 'link', links: [...both], policy: { mode: 'cut' } });
  tell('lab', { ...begin, fault: 'c', kind: 'link', links: [...there], policy: { mode: 'hold' } });
  tell('lab', { ...begin, fault: 'd', kind: 'link', links: [...there], policy: UNRELIABLE });
  tell('lab', { ...begin, fault: 'e', kind: 'unreliable', links: [] });
  tell('lab', { ...begin, fault: 'f', kind: 'partition', groups: [['S1', 'S2']], links: [] });
  tell('lab', { ...begin, fault: 'g', kind: 'clients', servers: ['S1'], links: [] });
  for (const fault of ['e', 'f', 'g']) tell('lab', { event: 'FaultEnded', fault });
}

function lab({ tell }: Story): void {
  tell('lab', { event: 'KeepAliveChanged', on: false });
  const timing = { electionTicks: 15, heartbeatTicks: 5 };
  tell('lab', { event: 'TimingChanged', ...timing });
  tell('lab', {
    event: 'NetworkExited',
    pid: 9,
    code: 70,
    signal: null,
    cause: 'not-ordered',
    message: 'no port',
  });
}

function noMajority(story: Story): void {
  for (const server of ['S1', 'S3', 'S4']) kill(story, server, 1);
  stand(story, 'S2', 4);
  story.tell('lab', { event: 'LabRestarted', startedAt: '', raftLab: '0.1.0' });
}

test.each(Object.keys(CAPTIONS) as CaptionCode[])(
  'caption %s: hand-made runs → an item with its parameters',
  (code) => {
    const item = ITEMS.get(code) ?? expect.fail(`no run tells ${code}: add its events here`);
    const { rank, tone = 'neutral', params } = captionRow(code);
    expect(item).toMatchObject({ rank, tone });
    expect(Object.keys(item.params).sort()).toEqual(Object.keys(params).sort());
    for (const [name, type] of Object.entries(params)) {
      expect(type === 'text-or-number' ? ['text', 'number'] : [type], name).toContain(kindOf(item.params[name]));
    }
  },
);

function kindOf(value: unknown): string {
  return typeof value === 'string' ? 'text' : typeof value;
}
