/** The story tells every important event once, joins repetitions, and says what led to what. */
import { describe, expect, test } from 'vitest';
import { emptyView } from '../../../src/core/trace/empty-view.ts';
import { applyPatch, diffView } from '../../../src/core/trace/patches.ts';
import type { StoryItem } from '../../../src/core/trace/view.ts';
import type { Story } from './story.ts';
import { chain, createStory, cutOff, elect, foldAll, heal, kill, replicate, restart, startCluster } from './story.ts';

const others = ['S1', 'S2', 'S4', 'S5'];

function ledByS3(): Story {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: others });
  return story;
}

const toldIn = (story: Story): readonly StoryItem[] => story.view().story;
const codesOf = (story: Story): readonly string[] => toldIn(story).map(({ code }) => code);
const lastOf = (story: Story): StoryItem => toldIn(story).at(-1) ?? expect.fail('an empty story');

/** Lets run time pass without anything to tell. */
function wait(story: Story, ms: number): void {
  story.tell('S1', { event: 'ElectionTimerReset', term: 1, timeoutTicks: 20, reason: 'started' }, ms);
}

describe('what enters the story', () => {
  test('story: kill and election within a second → both stay, in order', () => {
    const story = ledByS3();
    kill(story, 'S3', 1);
    const killed = story.events.length;
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S4'], followers: ['S2', 'S4', 'S5'] });
    expect(codesOf(story).slice(-3)).toEqual(['server-killed', 'election-started', 'leader-elected']);
    const item = toldIn(story).at(-3);
    expect(item).toMatchObject({ id: killed, seq: killed, rank: 4, tone: 'warning', params: { server: 'S3' } });
    expect(item?.timeUs).toBe(story.events[killed - 1]?.timeUs);
  });

  test('story: message, timer and vote → nothing to tell', () => {
    const story = ledByS3();
    const before = toldIn(story);
    const message = { id: 'S3.1.1', link: 'S3>S1', kind: 'request', rpc: 'AppendEntries' } as const;
    story.tell('network', { event: 'MessageSent', ...message, term: 1, dueUs: 5, bytes: 90 }, 5_000);
    wait(story, 10);
    expect(toldIn(story)).toEqual(before);
  });

  test('story: commit of a session, then of its command → the command has a sentence', () => {
    const story = ledByS3();
    const command = { op: 'set', key: 'x', value: '5' } as const;
    const entries = [
      { type: 'noop', index: 1, term: 1 },
      { type: 'command', index: 2, term: 1, session: 1, sequence: 1, command },
    ] as const;
    for (const entry of entries) {
      const { index } = entry;
      const range = { term: 1, first: index, last: index, chain: chain(index) };
      story.tell('S3', { event: 'EntriesProposed', ...range, entries: [entry] }, 0);
      story.tell('S3', { event: 'CommitAdvanced', ...range, from: index - 1, to: index, reason: 'quorum' });
    }
    expect(
      toldIn(story)
        .slice(-2)
        .map(({ params }) => params.what),
    ).toEqual(['', 'set x 5']);
  });

  test('story: 500 commits in a second → one item that counts them', () => {
    const story = ledByS3();
    kill(story, 'S5', 1);
    for (let index = 1; index <= 500; index += 1) {
      const range = { term: 1, first: index, last: index, chain: chain(index) };
      const entry = { type: 'noop', index, term: 1 } as const;
      story.tell('S3', { event: 'EntriesProposed', ...range, entries: [entry] }, 0);
      story.tell('S3', { event: 'CommitAdvanced', ...range, from: index - 1, to: index, reason: 'quorum' });
    }
    expect(codesOf(story).slice(-2)).toEqual(['server-killed', 'committed']);
    const { id, seq, params } = lastOf(story);
    expect(params).toMatchObject({ index: 500, times: 500 });
    expect(seq).toBeGreaterThan(id);
  });

  test('story: commits for a minute → few items, and no older fact is lost', () => {
    const story = ledByS3();
    const before = codesOf(story).filter((code) => code === 'leader-elected' || code === 'election-started');
    for (let index = 1; index <= 120; index += 1) {
      replicate(story, { leader: 'S3', term: 1, index, followers: others });
      wait(story, 500);
    }
    expect(codesOf(story).filter((code) => code === 'committed')).toHaveLength(8);
    expect(codesOf(story).slice(0, -8)).toEqual(before);
    expect(lastOf(story).params).toMatchObject({ index: 120, what: 'set x 120' });
  });

  test('story: 60 important facts → the newest 40 stay', () => {
    const story = ledByS3();
    for (let at = 1; at <= 60; at += 1) story.tell('lab', { event: 'KeepAliveChanged', on: at % 2 === 0 });
    const ids = toldIn(story).map(({ id }) => id);
    expect(ids).toEqual(story.events.slice(-40).map(({ seq }) => seq));
  });

  test('story: 64 clients without an answer → one item with their number', () => {
    const story = ledByS3();
    for (let at = 1; at <= 64; at += 1) {
      const asked = { operation: `C${at}-1`, client: `C${at}`, session: 1, sequence: 1 } as const;
      const command = { op: 'set', key: 'x', value: String(at) } as const;
      story.tell(`C${at}`, { event: 'CommandInvoked', ...asked, command });
    }
    for (let at = 1; at <= 64; at += 1) {
      story.tell(`C${at}`, { event: 'CommandUnknown', operation: `C${at}-1`, reason: 'timed-out', attempts: 3 });
    }
    expect(codesOf(story).filter((code) => code === 'command-unknown')).toHaveLength(1);
    expect(lastOf(story).params).toEqual({ what: 'set x 64', times: 64 });
  });
});

/** S3 and S4 were cut off with one command in their logs. S1 leads the others, and its next entry is not committed yet. */
function healedAfterCut(): Story {
  const story = ledByS3();
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: others });
  cutOff(story, 'F1', ['S3', 'S4']);
  replicate(story, { leader: 'S3', term: 1, index: 2, followers: ['S4'], commit: false });
  elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2', 'S5'], lastIndex: 1 });
  heal(story, 'F1', ['S3', 'S4']);
  for (const server of ['S3', 'S4']) {
    story.tell(server, { event: 'TermAdvanced', term: 2, from: 1, reason: 'E5-higher-term' });
    story.tell(server, { event: 'LeaderRecognised', term: 2, leaderId: 'S1' });
  }
  replicate(story, { leader: 'S1', term: 2, index: 2, followers: [], commit: false });
  return story;
}

function drop(story: Story, server: string): void {
  const why = { reason: 'L2-conflict', conflictTerm: 1, leaderTerm: 2 } as const;
  story.tell(server, { event: 'EntriesTruncated', term: 2, from: 2, last: 2, ...why });
}

describe('dropped entries', () => {
  test('truncation of the last wrong entry → truncated first, then caught-up', () => {
    const story = healedAfterCut();
    drop(story, 'S3');
    const runs = [{ term: 2, first: 2, last: 2 }];
    story.tell('S3', { event: 'EntriesAppended', term: 2, first: 2, last: 2, chain: chain(2), runs });
    expect(codesOf(story).slice(-2)).toEqual(['truncated', 'caught-up']);
    const dropped = { server: 'S3', many: 1, from: 2, last: 2, leaderTerm: 2, conflictTerm: 1, what: 'set x 2' };
    expect(toldIn(story).at(-2)?.params).toEqual(dropped);
    expect(story.view().watch.catchingUp).not.toHaveProperty('S3');
  });

  test('truncation: two servers drop the same entry → one item with both', () => {
    const story = healedAfterCut();
    drop(story, 'S4');
    const { id } = lastOf(story);
    drop(story, 'S3');
    const dropped = toldIn(story).filter(({ code }) => code === 'truncated');
    expect(dropped).toMatchObject([{ id, params: { server: 'S3, S4', many: 2, from: 2, last: 2 } }]);
  });

  test('truncation: two servers drop different entries → two items', () => {
    const story = healedAfterCut();
    drop(story, 'S4');
    const why = { reason: 'L2-conflict', conflictTerm: 1, leaderTerm: 2 } as const;
    story.tell('S3', { event: 'EntriesTruncated', term: 2, from: 1, last: 2, ...why });
    const dropped = toldIn(story).filter(({ code }) => code === 'truncated');
    expect(dropped.map(({ params }) => params.server)).toEqual(['S4', 'S3']);
  });
});

describe('chains', () => {
  test('first election → the silence and the term before the votes', () => {
    const story = ledByS3();
    const { id } = toldIn(story).findLast(({ code }) => code === 'election-started') ?? expect.fail('nobody stood');
    expect(lastOf(story).code).toBe('leader-elected');
    expect(lastOf(story).chain).toEqual([
      { code: 'heard-nobody', params: { server: 'S3', seconds: 0.2 }, tells: id },
      { code: 'stood', params: { term: 1 }, tells: id },
    ]);
  });
});

/** Codes of the clauses before the last sentence, and the codes of the items that they repeat. */
function chainIn(story: Story): readonly (readonly [clause: string, tells: string | undefined])[] {
  const codeOf = (id: number | null) => toldIn(story).find((item) => item.id === id)?.code;
  return lastOf(story).chain.map(({ code, tells }) => [code, codeOf(tells)]);
}

describe('sentences about a lost leader', () => {
  const larger = ['S1', 'S2', 'S5'];

  test('leader killed → killed, how long nobody led, the new leader', () => {
    const story = ledByS3();
    kill(story, 'S3', 1);
    wait(story, 2_000);
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S4'], followers: ['S2', 'S4', 'S5'] });
    expect(chainIn(story)).toEqual([
      ['was-killed', 'server-killed'],
      ['nobody-led', 'election-started'],
    ]);
    expect(lastOf(story).chain[1]?.params).toEqual({ seconds: 2 });
  });

  test('another server killed → not part of the sentence about the election', () => {
    const story = ledByS3();
    kill(story, 'S5', 1);
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S4'], followers: ['S2', 'S4'] });
    expect(chainIn(story).map(([clause]) => clause)).toEqual(['heard-nobody', 'stood']);
  });

  test('leader cut off → cut, silence, term; the cut-off leader still leads', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    elect(story, { leader: 'S1', term: 2, voters: larger, followers: ['S2', 'S5'] });
    expect(chainIn(story)).toEqual([
      ['was-cut-off', 'cut'],
      ['heard-nobody', 'election-started'],
      ['stood', 'election-started'],
    ]);
    expect(lastOf(story).chain[0]?.params).toEqual({ servers: 'S3, S4', count: 2 });
  });

  test('cut that keeps leader and winner together → not the reason', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S4', 'S5']);
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S3'], followers: ['S2', 'S3'] });
    expect(chainIn(story).map(([clause]) => clause)).not.toContain('was-cut-off');
  });

  test('leader frozen → frozen, silence, term', () => {
    const story = ledByS3();
    story.tell('lab', { event: 'ServerFrozen', server: 'S3', ofLife: 1, pid: 103 });
    elect(story, { leader: 'S1', term: 2, voters: larger, followers: ['S2', 'S5'] });
    expect(chainIn(story).map(([clause]) => clause)).toEqual(['was-frozen', 'heard-nobody', 'stood']);
  });

  test('two candidates in one sentence: one wins → no silence, which may be the other one’s', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    const standing = { term: 2, silentTicks: 19, lastLogIndex: 0, lastLogTerm: 0, reason: 'election-timeout' } as const;
    story.tell('S2', { event: 'ElectionStarted', ...standing }, 1_500);
    elect(story, { leader: 'S1', term: 2, voters: larger, followers: ['S2', 'S5'] });
    expect(chainIn(story)).toEqual([['was-cut-off', 'cut']]);
  });

  test('leader without a majority steps down → cut before it; the election names the step-down', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    story.tell('S3', { event: 'SteppedDown', term: 1, role: 'leader', reason: 'P4-no-quorum-contact' });
    expect(chainIn(story)).toEqual([['was-cut-off', 'cut']]);
    elect(story, { leader: 'S1', term: 2, voters: larger, followers: ['S2', 'S5'] });
    expect(chainIn(story).map(([clause]) => clause)).toEqual(['led-no-longer', 'nobody-led']);
  });

  test('two rounds of split votes → their terms in one clause', () => {
    const story = ledByS3();
    kill(story, 'S3', 1);
    const stand = (server: string, term: number): void => {
      const standing = { term, silentTicks: 20, lastLogIndex: 0, lastLogTerm: 0 };
      story.tell(server, { event: 'ElectionStarted', ...standing, reason: 'election-timeout' }, 1_500);
    };
    for (const term of [2, 3]) {
      stand('S1', term);
      stand('S2', term);
    }
    elect(story, { leader: 'S1', term: 4, voters: ['S1', 'S4', 'S5'], followers: ['S4', 'S5'] });
    expect(lastOf(story).chain).toMatchObject([
      { code: 'was-killed' },
      { code: 'votes-split', params: { terms: '2, 3' } },
      { code: 'nobody-led' },
    ]);
  });
});

describe('sentences about a server that is back', () => {
  test('restart: restored, then caught-up → one sentence with the time between them', () => {
    const story = ledByS3();
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: others });
    kill(story, 'S4', 1);
    restart(story, { server: 'S4', ofLife: 2, term: 1, lastIndex: 1, logTerm: 1 });
    wait(story, 900);
    story.tell('S4', { event: 'LeaderRecognised', term: 1, leaderId: 'S3' });
    expect(chainIn(story)).toEqual([['read-disk', 'restored']]);
    expect(lastOf(story)).toMatchObject({ code: 'caught-up', params: { leader: 'S3', seconds: 0.9, lastIndex: 1 } });
  });

  test('heal: deposed leader steps down → the connection before it; caught-up → not again', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2', 'S5'] });
    replicate(story, { leader: 'S1', term: 2, index: 1, followers: ['S2', 'S5'] });
    heal(story, 'F1', ['S3', 'S4']);
    story.tell('S3', { event: 'SteppedDown', term: 1, role: 'leader', reason: 'E5-higher-term' });
    expect(chainIn(story)).toEqual([['connected-again', 'healed']]);
    story.tell('S3', { event: 'LeaderRecognised', term: 2, leaderId: 'S1' });
    const runs = [{ term: 2, first: 1, last: 1 }];
    story.tell('S3', { event: 'EntriesAppended', term: 2, first: 1, last: 1, chain: chain(1), runs });
    expect([lastOf(story).code, chainIn(story)]).toEqual(['caught-up', []]);
  });

  test('higher term after a new election → the step-down stands alone', () => {
    const story = ledByS3();
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2', 'S5'] });
    story.tell('S3', { event: 'SteppedDown', term: 1, role: 'leader', reason: 'E5-higher-term' });
    expect([lastOf(story).code, chainIn(story)]).toEqual(['stepped-down', []]);
  });
});

describe('sentences about commands', () => {
  /** A client's command that is committed at this index, and its answer. */
  function command(story: Story, index: number, more: { readonly answered: boolean } = { answered: true }): void {
    const operation = `C1-${index}`;
    const asked = { client: 'C1', session: 1, sequence: index } as const;
    const value = String(index);
    story.tell('C1', { event: 'CommandInvoked', operation, ...asked, command: { op: 'set', key: 'x', value } }, 2_000);
    replicate(story, { leader: 'S3', term: 1, index, followers: ['S1', 'S2', 'S4'] });
    if (!more.answered) return;
    const result = { ok: true, value, previous: null } as const;
    story.tell('C1', { event: 'CommandDone', operation, index, term: 1, server: 'S3', latencyUs: 5, result });
  }

  test('commit of one command, then its answer → one item that grows', () => {
    const story = ledByS3();
    command(story, 1, { answered: false });
    const committed = lastOf(story);
    const counts = { index: 1, count: 4, servers: 5, what: 'set x 1' };
    expect(committed).toMatchObject({ code: 'committed', params: { ...counts, times: 1 }, chain: [] });
    const other = ledByS3();
    command(other, 1);
    expect(lastOf(other)).toMatchObject({ id: committed.id, code: 'command-done', params: { result: '1' } });
    expect(lastOf(other).chain).toEqual([{ code: 'is-committed', params: counts, tells: null }]);
  });

  test('two commands a few seconds apart → two items', () => {
    const story = ledByS3();
    command(story, 1);
    command(story, 2);
    expect(codesOf(story).slice(-2)).toEqual(['command-done', 'command-done']);
  });

  test('answer after a kill → the commit stays as it is', () => {
    const story = ledByS3();
    command(story, 1, { answered: false });
    kill(story, 'S5', 1);
    const before = toldIn(story);
    const result = { ok: true, value: '1', previous: null } as const;
    const done = { operation: 'C1-1', index: 1, term: 1, server: 'S3', latencyUs: 5, result };
    story.tell('C1', { event: 'CommandDone', ...done });
    expect(toldIn(story)).toEqual(before);
  });

  test('new leader counts an old commit again → not reported twice', () => {
    const story = ledByS3();
    command(story, 1);
    const before = toldIn(story);
    const again = { term: 1, from: 0, to: 1, chain: chain(1), reason: 'quorum' } as const;
    story.tell('S3', { event: 'CommitAdvanced', ...again }, 5_000);
    expect(toldIn(story)).toEqual(before);
  });

  test('command on the smaller side of a cut → the cut and the disks that hold the entry', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S4'], commit: false });
    wait(story, 160);
    const params = { server: 'S3', what: 'set x 1', index: 1, have: 2, needed: 3 };
    expect(lastOf(story)).toMatchObject({ code: 'minority-cannot-commit', params });
    expect(chainIn(story)).toEqual([['was-cut-off', 'cut']]);
  });
});

test('no majority: servers keep standing → no-leader once, and again after another kill', () => {
  const story = ledByS3();
  const stand = (server: string, term: number): void => {
    const standing = { term, silentTicks: 20, lastLogIndex: 0, lastLogTerm: 0 };
    story.tell(server, { event: 'ElectionStarted', ...standing, reason: 'election-timeout' }, 2_000);
  };
  for (const server of ['S3', 'S4', 'S5']) kill(story, server, 1);
  for (const term of [2, 3, 4]) stand('S1', term);
  expect(codesOf(story).filter((code) => code === 'no-leader')).toHaveLength(1);
  kill(story, 'S2', 1);
  for (const term of [5, 6]) stand('S1', term);
  expect(codesOf(story).filter((code) => code === 'no-leader')).toHaveLength(2);
});

describe('causes', () => {
  const seqsOf = (story: Story, ...names: string[]): readonly number[] =>
    story.events.filter(({ event }) => names.includes(event)).map(({ seq }) => seq);

  test('election after a kill → the kill, the stand and the votes of this term', () => {
    const story = ledByS3();
    const before = story.events.length;
    kill(story, 'S3', 1);
    expect(lastOf(story).causes).toEqual(seqsOf(story, 'SignalOrdered'));
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S4'], followers: ['S2', 'S4', 'S5'] });
    const expected = seqsOf(story, 'ServerExited', 'ElectionStarted', 'VoteCounted').filter((seq) => seq > before);
    expect(lastOf(story).causes).toEqual(expected);
  });

  test('heal → the fault that it ends', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    heal(story, 'F1', ['S3', 'S4']);
    expect(lastOf(story).causes).toEqual(seqsOf(story, 'FaultBegan'));
  });

  test('conclusion from several events → the items of its clauses only', () => {
    const story = ledByS3();
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: others });
    kill(story, 'S4', 1);
    restart(story, { server: 'S4', ofLife: 2, term: 1, lastIndex: 1, logTerm: 1 });
    story.tell('S4', { event: 'LeaderRecognised', term: 1, leaderId: 'S3' });
    expect(lastOf(story).code).toBe('caught-up');
    expect(lastOf(story).causes).toEqual(seqsOf(story, 'StateRestored').slice(-1));
  });

  test('step-down by a progress report that a view does not remember → no other cause', () => {
    const story = ledByS3();
    const progress = { term: 1, peer: 'S1', matchIndex: 0, nextIndex: 1, state: 'probe' } as const;
    story.tell('S3', { event: 'ProgressChanged', ...progress });
    story.tell('S3', { event: 'SteppedDown', term: 1, role: 'leader', reason: 'P4-no-quorum-contact' });
    expect(lastOf(story).causes).toEqual([]);
  });

  test('two servers drop the same entry → each item lists a cause once, oldest first', () => {
    const story = healedAfterCut();
    drop(story, 'S4');
    drop(story, 'S3');
    for (const { causes } of toldIn(story)) expect(causes).toEqual([...new Set(causes)].sort((a, b) => a - b));
  });

  test('a view remembers the newest 48 events, and no patch holds them', () => {
    const story = ledByS3();
    const before = story.view();
    for (let life = 1; life <= 60; life += 1) {
      story.tell('lab', { event: 'SignalOrdered', server: 'S1', ofLife: 1, signal: 'SIGSTOP', pid: life });
    }
    const after = story.view();
    expect(after.remembered).toEqual(story.events.slice(-48));
    expect(diffView(before, after)?.top).not.toHaveProperty('remembered');
  });
});

describe('patches of the story', () => {
  test('patch: one new item → the other items only by number', () => {
    const story = ledByS3();
    const before = story.view();
    kill(story, 'S3', 1);
    const after = foldAll(story.events.slice(-2), before);
    const patch = diffView(before, after) ?? expect.fail('no patch');
    expect(patch.story?.filter((one) => typeof one !== 'number')).toEqual([lastOf(story)]);
    expect(applyPatch(before, JSON.parse(JSON.stringify(patch))).story).toEqual(after.story);
    expect(diffView(before, foldAll([], before))).toBeNull();
  });

  test('patch: belongs to another view → thrown', () => {
    const patch = diffView(ledByS3().view(), { ...ledByS3().view(), story: [] });
    expect(applyPatch(ledByS3().view(), patch ?? expect.fail('no patch')).story).toEqual([]);
    const other = { top: {}, servers: {}, links: {}, entries: {}, story: [77] };
    expect(() => applyPatch(emptyView, other)).toThrow('E-patch-of-another-view');
  });
});
