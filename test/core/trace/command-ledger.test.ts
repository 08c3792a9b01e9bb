/** The fate of commands: what the trace proves about a command whose client gave up, and about each of its copies. */
import { describe, expect, test } from 'vitest';
import { drawOptions } from '../../../src/core/simulation/index.ts';
import { World } from '../../../src/core/simulation/world.ts';
import { type AskedCommand, halfWithinUs, isAsking } from '../../../src/core/trace/asked-commands.ts';
import { createCommandLedger } from '../../../src/core/trace/command-ledger.ts';
import { emptyView } from '../../../src/core/trace/empty-view.ts';
import type { TraceEvent } from '../../../src/core/trace/events.ts';
import { fold } from '../../../src/core/trace/fold.ts';
import { termAt } from '../../../src/core/trace/log-runs.ts';
import { chain, createStory, type Story, startCluster } from './story.ts';

const SET = { op: 'set', key: 'x', value: '5' } as const;
const NUMBERED = { session: 1, sequence: 1 } as const;

function ledgerOf(events: readonly TraceEvent[]) {
  const ledger = createCommandLedger(events.filter(isAsking), emptyView);
  for (const event of events) ledger.hear(event);
  return ledger;
}

function only({ events }: Story): AskedCommand {
  const [first, ...rest] = ledgerOf(events).commands();
  if (first === undefined || rest.length > 0) throw new Error('one command was expected');
  return first;
}

function begun(): Story {
  const story = createStory();
  startCluster(story);
  story.tell('C1', { event: 'CommandInvoked', operation: 'op1', client: 'C1', ...NUMBERED, command: SET });
  return story;
}

const sent = (story: Story, to: string, attempt: number) =>
  story.tell('C1', { event: 'CommandSent', operation: 'op1', to, attempt });
const proposed = (story: Story, by: string, index: number, term: number, numbered: object = NUMBERED) => {
  const entry = { type: 'command', index, term, command: SET, session: null, sequence: null, ...numbered } as const;
  story.tell(by, { event: 'EntriesProposed', term, first: index, last: index, chain: chain(index), entries: [entry] });
};
const stored = (story: Story, on: string, index: number, term: number) => {
  const runs = [{ term, first: index, last: index }];
  story.tell(on, { event: 'EntriesAppended', term, first: index, last: index, chain: chain(index), runs });
};
const committed = (story: Story, by: string, index: number, term: number) =>
  story.tell(by, { event: 'CommitAdvanced', term, from: index - 1, to: index, reason: 'quorum', chain: chain(index) });
const gaveUp = (story: Story, attempts: number) =>
  story.tell('C1', { event: 'CommandUnknown', operation: 'op1', reason: 'timed-out', attempts });

describe('a command of a client', () => {
  test('command: redirected, then answered → done with its attempts and its applied copy', () => {
    const story = begun();
    sent(story, 'S2', 1);
    story.tell('C1', { event: 'CommandRedirected', operation: 'op1', from: 'S2', to: 'S1' });
    sent(story, 'S1', 2);
    proposed(story, 'S1', 1, 1);
    committed(story, 'S1', 1, 1);
    const result = { ok: true, value: '5', previous: null } as const;
    story.tell('C1', {
      event: 'CommandDone',
      operation: 'op1',
      index: 1,
      term: 1,
      server: 'S1',
      result,
      latencyUs: 900,
    });
    const command = only(story);
    expect(command).toMatchObject({ client: 'C1', end: { is: 'done', index: 1 }, tookUs: 900, fate: null });
    expect(command.attempts.map(({ server, end, to }) => [server, end, to])).toEqual([
      ['S2', 'redirected', 'S1'],
      ['S1', 'taken', null],
    ]);
    expect(command.copies).toMatchObject([{ index: 1, term: 1, by: 'S1', fate: 'applied' }]);
  });

  test('command: no answer yet → waits', () => {
    const story = begun();
    sent(story, 'S1', 1);
    expect(only(story)).toMatchObject({ end: null, tookUs: null, fate: null });
  });

  test('unknown: its entry is overwritten and every attempt has ended → lost', () => {
    const story = begun();
    sent(story, 'S1', 1);
    proposed(story, 'S1', 1, 1);
    gaveUp(story, 1);
    expect(only(story).fate).toEqual({ is: 'open' });
    proposed(story, 'S3', 1, 2, { command: { ...SET, value: '6' }, session: 9, sequence: 1 });
    const { timeUs } = committed(story, 'S3', 1, 2);
    expect(only(story)).toMatchObject({ fate: { is: 'lost', atUs: timeUs }, copies: [{ fate: 'overwritten' }] });
  });

  test('unknown: its entry is overwritten and another attempt may still arrive → open', () => {
    const story = begun();
    sent(story, 'S1', 1);
    proposed(story, 'S1', 1, 1);
    sent(story, 'S2', 2);
    gaveUp(story, 2);
    proposed(story, 'S3', 1, 2, { session: 9, sequence: 1 });
    committed(story, 'S3', 1, 2);
    expect(only(story).fate).toEqual({ is: 'open' });
    // The message to S2 ends with the process that could still have read it.
    story.tell('lab', {
      event: 'ServerExited',
      server: 'S2',
      ofLife: 1,
      message: '',
      pid: 101,
      code: null,
      signal: 'SIGKILL',
      cause: 'ordered',
    });
    expect(only(story).fate).toMatchObject({ is: 'lost' });
  });

  test('unknown: the network dropped its only message → lost', () => {
    const story = begun();
    sent(story, 'S1', 1);
    const message = { id: 'C1.1.1', link: 'C1>S1', rpc: 'Command', kind: 'request' } as const;
    story.tell('network', { event: 'MessageSent', ...message, term: null, dueUs: 0, bytes: 9 } as never);
    gaveUp(story, 1);
    expect(only(story).fate).toEqual({ is: 'open' });
    story.tell('network', { event: 'MessageDropped', ...message, reason: 'cut' } as never);
    expect(only(story)).toMatchObject({ fate: { is: 'lost' }, attempts: [{ end: 'dropped' }] });
  });

  test('unknown: two copies are committed later → committed once; the second is not applied', () => {
    const story = begun();
    sent(story, 'S1', 1);
    proposed(story, 'S1', 1, 1);
    sent(story, 'S1', 2);
    proposed(story, 'S1', 2, 1);
    const { timeUs } = gaveUp(story, 2);
    expect(timeUs).toBeGreaterThan(0);
    for (const index of [1, 2]) stored(story, 'S2', index, 1);
    committed(story, 'S2', 2, 2);
    const { fate, copies } = only(story);
    expect(fate).toMatchObject({ is: 'committed', index: 1 });
    expect(copies.map((copy) => copy.fate)).toEqual(['applied', 'repeated']);
    expect(ledgerOf(story.events).isSettled()).toBe(true);
  });

  test('command without an answer: the lab is started again → unknown, and its entry decides', () => {
    const story = begun();
    sent(story, 'S1', 1);
    proposed(story, 'S1', 1, 1);
    stored(story, 'S1', 1, 1);
    story.tell('lab', { event: 'LabRestarted', traceVersion: 2, startedAt: '', raftLab: '0' });
    expect(only(story)).toMatchObject({ end: { is: 'unknown' }, fate: { is: 'open' } });
    committed(story, 'S1', 1, 1);
    expect(only(story).fate).toMatchObject({ is: 'committed', index: 1 });
  });
});

describe('Start() on one server', () => {
  const start = (story: Story, answer: object) => {
    story.tell('lab', { event: 'StartOrdered', server: 'S1', command: SET });
    const none = { index: null, term: null, leaderId: null };
    story.tell('lab', { event: 'StartAnswered', server: 'S1', ...none, ...answer } as never);
  };
  const ready = (): Story => {
    const story = createStory();
    startCluster(story);
    return story;
  };

  test('Start: accepted, then another entry is committed there → lost', () => {
    const story = ready();
    start(story, { outcome: 'accepted', index: 1, term: 1 });
    expect(only(story)).toMatchObject({ client: null, end: { is: 'accepted', index: 1 }, fate: { is: 'open' } });
    proposed(story, 'S3', 1, 2);
    committed(story, 'S3', 1, 2);
    expect(only(story).fate).toMatchObject({ is: 'lost' });
  });

  test('Start: not the leader → refused; no answer → open for ever', () => {
    const refused = ready();
    start(refused, { outcome: 'not-leader', leaderId: 'S2' });
    expect(only(refused)).toMatchObject({ end: { is: 'refused', reason: 'not-leader' }, fate: null });
    const silent = ready();
    start(silent, { outcome: 'no-answer' });
    silent.tell('lab', { event: 'RunEnded', reason: 'closed' });
    expect(only(silent)).toMatchObject({ end: { is: 'unknown' }, fate: { is: 'open' } });
  });
});

test('half: answered within → the middle time, the lower of two', () => {
  const took = (tookUs: number, is: string) => ({ tookUs, end: { is } }) as unknown as AskedCommand;
  expect(halfWithinUs([])).toBeNull();
  expect(halfWithinUs([took(5, 'done'), took(9, 'unknown'), took(7, 'done')])).toBe(5);
  expect(halfWithinUs([took(5, 'done'), took(9, 'done'), took(7, 'done')])).toBe(7);
});

const only1 = process.env.TRACE_SEED;
const seeds = only1 === undefined ? [0, 1, 2, 3, 4, 5] : [Number(only1)];
const repeat = (seed: number): string =>
  `TRACE_SEED=${seed} npx vitest run --config test/vitest.config.ts test/core/trace/command-ledger.test.ts`;

test.each(seeds)('fate: seed %i, random faults → never revoked, and true of the last log', (seed) => {
  const events: TraceEvent[] = [];
  const world = new World({ options: { ...drawOptions(seed), servers: 5 }, onEvent: (event) => events.push(event) });
  for (let step = 0; step < 4_000; step += 1) world.step();
  const ledger = createCommandLedger(events.filter(isAsking), emptyView);
  const known = new Map<number, AskedCommand['fate']>();
  for (const [at, event] of events.entries()) {
    ledger.hear(event);
    if (at % 200 !== 0 && at < events.length - 1) continue;
    for (const { seq, fate } of ledger.commands()) {
      const before = known.get(seq) ?? null;
      if (before !== null) expect(fate, repeat(seed)).toEqual(before);
      if (fate !== null && fate.is !== 'open') known.set(seq, fate);
    }
  }
  const view = events.reduce(fold, emptyView);
  const most = Object.values(view.servers).reduce((a, b) => (b.commitIndex > a.commitIndex ? b : a));
  const copies = ledger.commands().flatMap((command) => command.copies);
  for (const { index, term, fate } of copies) {
    if (fate === 'open') continue;
    expect(termAt(most.log, index) === term, repeat(seed)).toBe(fate !== 'overwritten');
  }
  expect(copies.filter(({ fate }) => fate === 'applied').length, repeat(seed)).toBeGreaterThan(0);
});
