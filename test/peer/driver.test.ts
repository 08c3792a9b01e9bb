/**
 * The driver's order of effects: one write for all queued inputs, messages that depend on it only after it, and
 * `persisted` immediately after it.
 */
import { describe, expect, test } from 'vitest';
import { chainOf, defaultConfig, GENESIS_CHAIN, restore } from '../../src/core/raft/index.ts';
import type { Message } from '../../src/core/raft/messages.ts';
import type { Persist } from '../../src/core/raft/ready.ts';
import type { CallOutcome } from '../../src/peer/calls.ts';
import { Driver } from '../../src/peer/driver.ts';
import type { RaftStorage, SealedSegment } from '../../src/peer/storage/index.ts';
import { memoryStorage } from './support/memory-storage.ts';

interface Setup {
  readonly servers?: readonly string[];
  readonly storage?: Partial<RaftStorage>;
}

/** Creates a driver whose every effect is recorded in one list, in order. */
async function driven({ servers = ['S1'], storage: changes = {} }: Setup = {}) {
  const did: string[] = [];
  const failures: unknown[] = [];
  const writes: Persist[] = [];
  const memory = memoryStorage({ state: null, sealedLast: 0 });
  const storage: RaftStorage = {
    ...memory,
    write: async (persist) => {
      writes.push(persist);
      await memory.write(persist);
      did.push(`write ${persist.entries.length}`);
    },
    ...changes,
  };
  await storage.load();
  const config = defaultConfig({ id: 'S1', voters: servers, electionTicks: 2, heartbeatTicks: 1 });
  const driver = new Driver({
    config,
    restored: restore(config, null, 3),
    storage,
    send: (messages) => did.push(...messages.map(({ type, to }) => `send ${type} to ${to}`)),
    reporter: {
      report: ({ event }) => did.push(event),
      flush: (isWriteNext) => did.push(isWriteNext === true ? 'announce write' : 'flush'),
    },
    onFailure: (error) => failures.push(error),
  });
  did.length = 0;
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return { driver, did, failures, writes, turn };
}

async function leading(setup: Setup = {}) {
  const parts = await driven(setup);
  while (parts.driver.state.role.name !== 'leader') {
    parts.driver.tick();
    await parts.turn();
  }
  parts.did.length = 0;
  parts.writes.length = 0;
  return parts;
}

/** Starts a leader of three servers that was elected by S2's vote. */
async function elected() {
  const parts = await driven({ servers: ['S1', 'S2', 'S3'] });
  const { driver, turn } = parts;
  for (let ticks = 0; ticks < 5; ticks += 1) driver.tick();
  await turn();
  const term = driver.state.currentTerm;
  driver.receive({ type: 'RequestVoteReply', from: 'S2', to: 'S1', term, preVote: false, voteGranted: true }, 'S2.1.1');
  await turn();
  expect(driver.state.role.name).toBe('leader');
  return { ...parts, term };
}

const command = {
  type: 'command',
  session: null,
  sequence: null,
  command: { op: 'set', key: 'x', value: '1' },
} as const;

/** Returns S2's reply that it holds every entry up to `matchIndex`. */
function accepted(from: string, matchIndex: number, term: number): Message {
  return { type: 'AppendEntriesReply', from, to: 'S1', term, success: true, matchIndex };
}

/** Returns the first heartbeat of a leader of a higher term. */
function deposing(term: number): Message {
  const from = { type: 'AppendEntries', from: 'S2', to: 'S1', term } as const;
  return { ...from, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 };
}

function caller(outcomes: CallOutcome[]) {
  return { accepted: () => false, done: (outcome: CallOutcome) => outcomes.push(outcome) };
}

test('E8 driver: single server → elects itself; answers once its own disk has the entry', async () => {
  const { driver, did, turn } = await leading();
  const outcomes: CallOutcome[] = [];
  driver.propose(command, {
    accepted: () => false,
    done: (outcome) => {
      did.push('answer');
      outcomes.push(outcome);
    },
  });
  await turn();
  const result = { ok: true, value: '1', previous: null };
  expect(outcomes).toMatchObject([{ type: 'applied', index: 1, answer: { type: 'result', result } }]);
  expect(did.slice(did.indexOf('EntriesProposed')).filter((what) => !/^(send|flush)/.test(what))).toEqual([
    ...[
      'EntriesProposed',
      'announce write',
      'write 1',
      'EntriesAppended',
      'CommitAdvanced',
      'EntriesApplied',
      'answer',
    ],
  ]);
  // The server may be killed as soon as its client has the answer, so the events behind the answer are sent first.
  expect(did.slice(did.lastIndexOf('EntriesApplied'))).toEqual(['EntriesApplied', 'flush', 'answer', 'flush']);
});

test('driver: a hundred queued commands → one write', async () => {
  const { driver, writes, turn } = await leading();
  const outcomes: CallOutcome[] = [];
  for (let number = 0; number < 100; number += 1) driver.propose(command, caller(outcomes));
  await turn();
  expect([writes.length, writes[0]?.entries.length, outcomes.length]).toEqual([1, 100, 100]);
});

describe('during a write', () => {
  /** A disk whose write resolves when the test calls `finish`. */
  function slow() {
    let answer = (): void => undefined;
    const write = (): Promise<void> =>
      new Promise((resolve) => {
        answer = resolve;
      });
    return { storage: { write }, finish: () => answer() };
  }
  const vote: Message = {
    ...{ type: 'RequestVote', from: 'S2', to: 'S1', term: 5 },
    ...{ preVote: false, lastLogIndex: 0, lastLogTerm: 0 },
  };

  test('E1 driver: write outstanding → vote and event not sent; new input waits for the next turn', async () => {
    const disk = slow();
    const { driver, did, turn } = await driven({ servers: ['S1', 'S2', 'S3'], storage: disk.storage });
    driver.receive(vote, 'S2.1.1');
    await turn();
    driver.receive({ ...vote, from: 'S3', term: 6 }, 'S3.1.1');
    await turn();
    await turn();
    expect(did).toEqual(['MessagesReceived', 'announce write']);
    disk.finish();
    await turn();
    const first = ['VoteGranted', 'flush', 'send RequestVoteReply to S2', 'flush'];
    expect(did.filter((what) => first.includes(what)).slice(0, 4)).toEqual(first);
    expect(driver.state.currentTerm).toBe(6);
  });

  test('driver: write fails → no vote, no event, no further step', async () => {
    const refused = new Error('disk full');
    const storage = { write: () => Promise.reject(refused) };
    const { driver, did, failures, turn } = await driven({ servers: ['S1', 'S2', 'S3'], storage });
    driver.receive(vote, 'S2.1.1');
    await turn();
    driver.tick();
    await turn();
    expect(failures).toEqual([refused]);
    expect(did).toEqual(['MessagesReceived', 'announce write']);
  });
});

test('driver: message with its events → the events are sent before the message', async () => {
  const { driver, did, turn } = await driven({ servers: ['S1', 'S2', 'S3'] });
  for (let ticks = 0; ticks < 5; ticks += 1) driver.tick();
  await turn();
  const sent = did.findIndex((what) => what.startsWith('send'));
  expect(did.slice(0, sent)).toContain('ElectionStarted');
  expect(did[sent - 1]).toBe('flush');
  expect(did.slice(0, sent)).toContain('write 0');
});

test('R5 driver: leader deposed → waiting calls are answered unknown', async () => {
  const { driver, turn, term } = await elected();
  const outcomes: CallOutcome[] = [];
  driver.propose(command, caller(outcomes));
  await turn();
  expect(driver.waiting).toBe(1);
  driver.receive(deposing(term + 1), 'S2.1.2');
  await turn();
  expect(outcomes).toMatchObject([{ type: 'unknown' }]);
  expect(driver.waiting).toBe(0);
});

test('driver: 2,000 entries committed together → applied in slices, heartbeats answered between', async () => {
  const servers = ['S1', 'S2', 'S3'];
  const { driver, did, turn } = await driven({ servers });
  let chain = GENESIS_CHAIN;
  const entries = Array.from({ length: 2_000 }, (_, at) => ({ ...command, index: at + 1, term: 1 }));
  for (const entry of entries) chain = chainOf(chain, entry);
  const append = { type: 'AppendEntries', from: 'S2', to: 'S1', term: 1, prevLogIndex: 0, prevLogTerm: 0 } as const;
  driver.receive({ ...append, entries, leaderCommit: 2_000 }, 'S2.1.1');
  await turn();
  expect(driver.state.commitIndex).toBe(2_000);
  expect(driver.machine.lastApplied).toBeLessThan(2_000);
  // A heartbeat that arrives now is answered before the other entries are applied.
  driver.receive({ ...append, prevLogIndex: 2_000, prevLogTerm: 1, entries: [], leaderCommit: 2_000 }, 'S2.1.2');
  while (driver.machine.lastApplied < 2_000) await turn();
  const order = did.filter((what) => what === 'EntriesApplied' || what.startsWith('send'));
  const applied = (from: number, to?: number) => order.slice(from, to).filter((what) => what === 'EntriesApplied');
  const answers = order.flatMap((what, at) => (what.startsWith('send AppendEntriesReply') ? [at] : []));
  expect(answers).toHaveLength(2);
  expect(applied(0)).toHaveLength(Math.ceil(2_000 / 512));
  expect(applied(0, answers[1]).length).toBeLessThan(applied(0).length);
  expect(driver.state.lastChain).toBe(chain);
});

test('R5 driver: leader deposed while applying → committed calls answered, then the rest unknown', async () => {
  const { driver, turn, term } = await elected();
  const outcomes: CallOutcome[] = [];
  for (let number = 0; number < 1_500; number += 1) driver.propose(command, caller(outcomes));
  await turn();
  driver.receive(accepted('S2', 1_400, term), 'S2.1.2');
  driver.receive(deposing(term + 1), 'S2.1.3');
  while (outcomes.length < 1_500) await turn();
  expect(outcomes.slice(0, 1_400).every(({ type }) => type === 'applied')).toBe(true);
  expect(outcomes.slice(1_400).every(({ type }) => type === 'unknown')).toBe(true);
});

test('driver: once a second or after many entries → seals; nothing to seal → a checkpoint', async () => {
  const did: string[] = [];
  const sealed: SealedSegment = { file: 'log/1.json', first: 1, last: 1 };
  const storage = {
    seal: async (commitIndex: number) => {
      did.push(`seal ${commitIndex}`);
      return commitIndex > 2_000 ? [sealed] : [];
    },
    checkpoint: async () => {
      did.push('checkpoint');
    },
  };
  const { driver, turn } = await leading({ storage });
  driver.propose(command, caller([]));
  await turn();
  expect(did).toEqual([]);
  driver.maintain();
  await turn();
  expect(did).toEqual(['seal 1', 'checkpoint']);
  for (let number = 0; number < 2_100; number += 1) driver.propose(command, caller([]));
  await turn();
  expect(did.slice(2)).toEqual(['seal 2101']);
});

test('driver: stopped → steps no further input', async () => {
  const { driver, did, turn } = await leading();
  await driver.stop();
  did.length = 0;
  driver.tick();
  driver.propose(command, caller([]));
  await turn();
  expect(did).toEqual([]);
});
