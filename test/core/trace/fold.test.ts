/** The fold of hand-made traces into a view. */
import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/core/trace/events.ts';
import { fold } from '../../../src/core/trace/fold.ts';
import { unreadOf } from '../../../src/core/trace/predicates.ts';
import { chain, createStory, cutOff, elect, foldAll, heal, kill, replicate, restart, startCluster } from './story.ts';

const others = ['S1', 'S2', 'S4', 'S5'];
const voters = ['S3', 'S1', 'S2'];

function ledByS3() {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters, followers: others });
  return story;
}

describe('servers', () => {
  test('server: spawned → starting; ready → up, with its restored state', () => {
    const story = createStory();
    story.tell('lab', { event: 'ServerSpawned', server: 'S1', ofLife: 1, pid: 7 });
    expect(story.view().servers.S1).toMatchObject({ status: 'starting', pid: 7, life: 1, role: null });
    const runs = [{ term: 2, first: 1, last: 4 }];
    story.tell('S1', { event: 'TornTailCut', file: 'log/tail-1.jsonl', offset: 90, bytes: 12 });
    story.tell('S1', { event: 'StateRestored', term: 3, votedFor: 'S2', lastIndex: 4, chain: chain(4), runs });
    story.tell('lab', { event: 'ServerReady', server: 'S1', ofLife: 1, port: 9 });
    expect(story.view().servers.S1).toMatchObject({
      ...{ status: 'up', role: 'follower', term: 3, votedFor: 'S2', lastIndex: 4, durableIndex: 4, log: runs },
      restored: { term: 3, votedFor: 'S2', lastIndex: 4, tornBytes: 12 },
      stored: [{ first: 1, last: 4, atUs: 3_000 }],
    });
  });

  test('fold: a server, the network and the lab report late ticks → only health changes', () => {
    const story = ledByS3();
    const facts = () => Object.values(story.view().servers).map(({ health: _, ...server }) => server);
    const before = facts();
    for (const source of ['S1', 'network', 'lab']) story.tell(source, { event: 'TicksLate', lateMs: 900, missed: 89 });
    expect(facts()).toEqual(before);
  });

  test('election: votes → candidate counts them; won → leader, nextIndex at its log’s end', () => {
    const story = createStory();
    startCluster(story);
    expect(story.view()).toMatchObject({ leader: null, leaderlessSinceUs: 1_000 });
    elect(story, { leader: 'S3', term: 1, voters, followers: others });
    const won = story.events.find((event) => event.event === 'LeaderElected') as TraceEvent;
    const candidate = foldAll(story.events.slice(0, story.events.indexOf(won))).servers.S3;
    const votes = { S3: true, S1: true, S2: true };
    expect(candidate).toMatchObject({ role: 'candidate', votes, votesNeeded: 3, votedFor: 'S3' });
    const view = story.view();
    expect(view.leader).toEqual({ server: 'S3', term: 1, sinceUs: won.timeUs });
    expect(view.leaderlessSinceUs).toBeNull();
    expect(view.counts.elections).toBe(1);
    expect(view.servers.S3).toMatchObject({ role: 'leader', timer: null, votes: {} });
    expect(view.servers.S3?.progress.S5).toEqual({ matchIndex: 0, nextIndex: 1, state: 'probe' });
    expect(view.servers.S1).toMatchObject({ role: 'follower', leaderId: 'S3', votedFor: 'S3', term: 1 });
    expect(view.servers.S1?.timer).toMatchObject({ timeoutTicks: 20 });
  });

  test('entry: proposed → in the leader’s memory; appended → durable; counted → committed', () => {
    const story = ledByS3();
    const entry = { type: 'noop', index: 1, term: 1 } as const;
    const range = { term: 1, first: 1, last: 1, chain: chain(1) };
    story.tell('S3', { event: 'EntriesProposed', ...range, entries: [entry] });
    expect(story.view().servers.S3).toMatchObject({ lastIndex: 1, durableIndex: 0, chain: chain(1) });
    story.tell('S3', { event: 'EntriesAppended', ...range, runs: [{ term: 1, first: 1, last: 1 }] });
    expect(story.view().servers.S3).toMatchObject({ lastIndex: 1, durableIndex: 1 });
    const commit = story.tell('S3', { event: 'CommitAdvanced', ...range, from: 0, to: 1, reason: 'quorum' });
    story.tell('S3', { event: 'EntriesApplied', first: 1, last: 1, chain: chain(1) });
    const view = story.view();
    expect(view.commitIndex).toBe(1);
    expect(view.servers.S3).toMatchObject({ commitIndex: 1, lastApplied: 1 });
    expect(view.entries['1:1']).toMatchObject({ entry, proposedBy: 'S3', committedUs: commit.timeUs });
  });

  test('fold: append shorter than its proposal → keeps the end of the log', () => {
    const story = ledByS3();
    for (const index of [1, 2, 3]) {
      const entries = [{ type: 'noop', index, term: 1 } as const];
      story.tell('S3', { event: 'EntriesProposed', term: 1, first: index, last: index, chain: chain(index), entries });
    }
    const runs = [{ term: 1, first: 1, last: 1 }];
    story.tell('S3', { event: 'EntriesAppended', term: 1, first: 1, last: 1, chain: chain(1), runs });
    const log = [{ term: 1, first: 1, last: 3 }];
    expect(story.view().servers.S3).toMatchObject({ lastIndex: 3, durableIndex: 1, chain: chain(3), log });
  });

  test('log: truncation → memory and disk shorter; later append → joined to the rest', () => {
    const story = ledByS3();
    for (const index of [1, 2, 3]) replicate(story, { leader: 'S3', term: 1, index, followers: ['S1'], commit: false });
    const why = { reason: 'L2-conflict', conflictTerm: 1, leaderTerm: 2 } as const;
    story.tell('S1', { event: 'EntriesTruncated', term: 2, from: 2, last: 3, ...why });
    const cut = story.view().servers.S1;
    expect(cut).toMatchObject({ lastIndex: 1, durableIndex: 1, chain: '' });
    expect(cut?.stored.map(({ first, last }) => [first, last])).toEqual([[1, 1]]);
    const runs = [{ term: 2, first: 2, last: 5 }];
    story.tell('S1', { event: 'EntriesAppended', term: 2, first: 2, last: 5, chain: chain(5), runs });
    const log = [{ term: 1, first: 1, last: 1 }, ...runs];
    expect(story.view().servers.S1).toMatchObject({ log, lastIndex: 5, durableIndex: 5, chain: chain(5) });
  });
});

describe('sessions', () => {
  test('session: opened by a client → its entry names the client; another entry there does not', () => {
    const story = ledByS3();
    const at = (term: number) => ({ term, first: 1, last: 1, chain: chain(1) });
    for (const [server, term] of [
      ['S1', 1],
      ['S3', 2],
    ] as const) {
      story.tell(server, { event: 'EntriesProposed', ...at(term), entries: [{ type: 'session', index: 1, term }] });
    }
    const runs = [{ term: 2, first: 1, last: 1 }];
    story.tell('S3', { event: 'EntriesAppended', ...at(2), runs });
    story.tell('S3', { event: 'CommitAdvanced', term: 2, from: 0, to: 1, reason: 'quorum', chain: chain(1) });
    story.tell('C1', { event: 'SessionOpened', client: 'C1', session: 1 });
    const { entries } = story.view();
    expect([entries['1:1']?.client, entries['1:2']?.client]).toEqual([undefined, 'C1']);
    story.tell('C2', { event: 'SessionOpened', client: 'C2', session: 9 });
    expect(story.view().entries).toEqual(entries);
  });
});

describe('exits and new lives', () => {
  test('kill: the leader → memory lost, durable log kept, no leader', () => {
    const story = ledByS3();
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S1', 'S2'] });
    const entries = [{ type: 'noop', index: 2, term: 1 } as const];
    story.tell('S3', { event: 'EntriesProposed', term: 1, first: 2, last: 2, chain: chain(2), entries });
    kill(story, 'S3', 1);
    const view = story.view();
    const idle = { role: null, timer: null, progress: {}, votes: {}, leaderId: null, pid: null };
    const disk = { term: 1, votedFor: 'S3', lastIndex: 1, durableIndex: 1, log: [{ term: 1, first: 1, last: 1 }] };
    expect(view.servers.S3).toMatchObject({ status: 'down', ...idle, ...disk });
    expect(view.servers.S3?.exit).toMatchObject({ signal: 'SIGKILL', ordered: true, code: null });
    expect(view.leader).toBeNull();
    expect(view.leaderlessSinceUs).toBe(view.timeUs);
    expect(view.counts.kills).toBe(1);
  });

  test('disk of a dead server: longer than reported → log corrected, terms from the leader', () => {
    const story = ledByS3();
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S1'] });
    replicate(story, { leader: 'S3', term: 1, index: 2, followers: [] });
    kill(story, 'S1', 1);
    const seen = { ok: true, term: 1, votedFor: 'S3', lastIndex: 2, chain: chain(2), tornBytes: 0, message: '' };
    story.tell('lab', { event: 'DiskObserved', server: 'S1', ofLife: 1, ...seen });
    const log = [{ term: 1, first: 1, last: 2 }];
    expect(story.view().servers.S1).toMatchObject({ lastIndex: 2, durableIndex: 2, log, chain: chain(2) });
    expect(story.view().servers.S1?.disk).toEqual({
      ok: true,
      term: 1,
      votedFor: 'S3',
      lastIndex: 2,
      tornBytes: 0,
      message: '',
    });
  });

  test('votes: late refusal by a voter that granted its vote → still granted', () => {
    const story = createStory();
    startCluster(story);
    const counted = { term: 1, voter: 'S2', preVote: false, granteds: 2, needed: 3 } as const;
    story.tell('S1', { event: 'VoteCounted', ...counted, granted: true });
    story.tell('S1', { event: 'VoteCounted', ...counted, granted: false });
    expect(story.view().servers.S1?.votes).toEqual({ S2: true });
  });

  test('frozen server: delivered messages → unread; resumed → 0', () => {
    const story = ledByS3();
    const deliver = (id: string, link: 'S1>S3' | 'S3>S1') =>
      story.tell('network', { event: 'MessageDelivered', id, link, rpc: 'AppendEntries', kind: 'request' });
    deliver('1', 'S1>S3');
    story.tell('lab', { event: 'ServerFrozen', server: 'S3', ofLife: 1, pid: 3 });
    expect(unreadOf(story.view(), 'S3')).toBe(0);
    deliver('2', 'S1>S3');
    deliver('3', 'S3>S1');
    deliver('4', 'S1>S3');
    expect([unreadOf(story.view(), 'S3'), unreadOf(story.view(), 'S1')]).toEqual([2, 0]);
    story.tell('lab', { event: 'ServerResumed', server: 'S3', ofLife: 1, pid: 3 });
    expect(unreadOf(story.view(), 'S3')).toBe(0);
  });

  test('frozen server: keeps its memory, not up; an event of an earlier life → no change', () => {
    const story = ledByS3();
    const before = story.view().servers.S3;
    story.tell('lab', { event: 'ServerFrozen', server: 'S3', ofLife: 1, pid: 3 });
    expect(story.view().servers.S3).toEqual({ ...before, status: 'frozen', frozenUs: story.view().timeUs });
    story.tell('lab', { event: 'ServerResumed', server: 'S3', ofLife: 0, pid: 2 });
    expect(story.view().servers.S3?.status).toBe('frozen');
    story.tell('lab', { event: 'ServerResumed', server: 'S3', ofLife: 1, pid: 3 });
    expect(story.view().servers.S3).toEqual(before);
    story.tell('lab', { event: 'ServerFrozen', server: 'S3', ofLife: 1, pid: 3 });
    kill(story, 'S3', 1);
    expect(story.view().servers.S3?.status).toBe('down');
  });

  test('exit not ordered: error code → failed; code 0 → down', () => {
    const story = ledByS3();
    const how = { signal: null, cause: 'not-ordered', message: 'state.json is damaged' } as const;
    story.tell('lab', { event: 'ServerExited', server: 'S1', ofLife: 1, pid: 1, code: 74, ...how });
    story.tell('lab', { event: 'ServerExited', server: 'S2', ofLife: 1, pid: 2, code: 0, ...how });
    const { S1, S2 } = story.view().servers;
    expect([S1?.status, S1?.exit?.ordered, S1?.exit?.message]).toEqual(['failed', false, 'state.json is damaged']);
    expect(S2?.status).toBe('down');
  });

  test('new life: begins without memory; late event of the old life → ignored', () => {
    const story = ledByS3();
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S1'] });
    kill(story, 'S1', 1);
    restart(story, { server: 'S1', ofLife: 2, term: 1, lastIndex: 1, logTerm: 1 });
    const view = story.view();
    expect(view.servers.S1).toMatchObject({ status: 'up', life: 2, commitIndex: 0, exit: null, disk: null });
    const late = { seq: 999, timeUs: 1, source: 'S1', nseq: 99, life: 1, late: true, event: 'TermAdvanced' } as const;
    const after = fold(view, { ...late, term: 9, from: 1, reason: 'E5-higher-term' });
    expect(after.servers).toBe(view.servers);
    expect(after.timeUs).toBe(view.timeUs);
  });
});

describe('leader and faults', () => {
  test('leader: cut off, another elected → its role stays, the view names the new leader', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3']);
    expect(story.view().leader?.server).toBe('S3');
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S4'], followers: ['S2', 'S4', 'S5'] });
    expect(story.view().servers.S3?.role).toBe('leader');
    expect(story.view().leader).toMatchObject({ server: 'S1', term: 2 });
    kill(story, 'S1', 1);
    expect(story.view().leader).toBeNull();
  });

  test('cut: begins → fault with time and links; ends → no fault, all links pass', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    const view = story.view();
    expect(view.faults).toMatchObject([{ id: 'F1', kind: 'cut', servers: ['S3', 'S4'], sinceUs: view.timeUs }]);
    expect(view.faults[0]?.links).toHaveLength(12);
    const cut = Object.values(view.links).filter((link) => link.policy.mode === 'cut');
    expect(cut.map((link) => link.id)).toHaveLength(12);
    expect(view.links['S3>S4']?.policy.mode).toBe('pass');
    heal(story, 'F1', ['S3', 'S4']);
    expect(story.view().faults).toEqual([]);
    expect(Object.values(story.view().links).every((link) => link.policy.mode === 'pass')).toBe(true);
  });

  test('messages: sent, delivered, dropped → counted on the link and in total', () => {
    const story = ledByS3();
    const message = { id: 'S3.1.1', link: 'S3>S1', kind: 'request', rpc: 'AppendEntries' } as const;
    story.tell('network', { event: 'MessageSent', ...message, term: 1, dueUs: 5, bytes: 90 });
    story.tell('network', { event: 'MessageSent', ...message, term: 1, dueUs: 5, bytes: 90 });
    story.tell('network', { event: 'MessageDelivered', ...message });
    story.tell('network', { event: 'MessageDropped', ...message, reason: 'cut' });
    expect(story.view().links['S3>S1']).toMatchObject({ sent: 2, delivered: 1, dropped: 1 });
    expect(story.view().counts).toMatchObject({ messages: 2, dropped: 1 });
  });

  test('LabRestarted: cluster with a fault before → all servers down, no fault, no leader', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3']);
    story.tell('lab', { event: 'LabRestarted', startedAt: '', raftLab: '0.1.0' });
    const view = story.view();
    expect(Object.values(view.servers).map((server) => server.status)).toEqual(Array(5).fill('down'));
    expect([view.faults, view.leader, view.ended]).toEqual([[], null, null]);
    expect(view.links['S3>S1']?.policy.mode).toBe('pass');
  });

  test('fold: event of a later version → counted, no other change', () => {
    const before = ledByS3().view();
    const event = { seq: 500, timeUs: before.timeUs, source: 'S1', nseq: 50, life: 1, event: 'SnapshotTaken' };
    const after = fold(before, event as unknown as TraceEvent);
    expect(after).toEqual({ ...before, seq: 500, counts: { ...before.counts, events: before.counts.events + 1 } });
  });

  test('fold: 300 entries → newest 192 to 256 kept, and 64 stored stretches', () => {
    const story = ledByS3();
    for (let index = 1; index <= 300; index += 1) replicate(story, { leader: 'S3', term: 1, index, followers: ['S1'] });
    const view = story.view();
    const kept = Object.keys(view.entries);
    expect(kept).toEqual(Array.from(kept, (_, i) => `${300 - kept.length + i + 1}:1`));
    expect(kept.length).toBeLessThanOrEqual(256);
    expect(kept.length).toBeGreaterThanOrEqual(192);
    expect(view.entries['300:1']?.committedUs).not.toBeNull();
    expect(view.servers.S1?.stored).toHaveLength(64);
    expect(view.servers.S1?.log).toEqual([{ term: 1, first: 1, last: 300 }]);
  });
});

describe('timing', () => {
  test('timing changes → settings and hop have it, a pace keeps it, fields that it lacks end', () => {
    const story = createStory();
    startCluster(story);
    const before = story.view().settings;
    story.tell('lab', { event: 'PaceChanged', pace: 'classroom', tickMs: 100, hopDelayMs: 200 });
    story.tell('lab', {
      event: 'TimingChanged',
      electionTicks: 15,
      electionMaxTicks: 18,
      heartbeatTicks: 5,
      hopTicks: 3,
    });
    expect(story.view()).toMatchObject({ hopDelayMs: 300, settings: { electionMaxTicks: 18, hopTicks: 3 } });
    expect(story.view().settings?.seed).toBe(before?.seed);
    story.tell('lab', { event: 'TimingChanged', electionTicks: 20, heartbeatTicks: 5 });
    expect(story.view().settings).toEqual({ ...before, electionTicks: 20, heartbeatTicks: 5 });
    expect(story.view().hopDelayMs).toBe(200);
  });
});
