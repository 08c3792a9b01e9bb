/** The order of things: one write for all that queued, nothing that depends on it before it, `persisted` right after it. */
import { describe, expect, test } from 'vitest';
import { defaultConfig, restore } from '../../src/core/raft/index.ts';
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

/** A driver with everything it does written into one list, in order. */
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
    send: ({ type, to }) => did.push(`send ${type} to ${to}`),
    reporter: { report: ({ event }) => did.push(event), flush: () => did.push('flush') },
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

const command = {
  type: 'command',
  session: null,
  sequence: null,
  command: { op: 'set', key: 'x', value: '1' },
} as const;

function caller(outcomes: CallOutcome[]) {
  return { accepted: () => false, done: (outcome: CallOutcome) => outcomes.push(outcome) };
}

test('E8 a single server elects itself, and answers once its own disk has the entry', async () => {
  const { driver, did, turn } = await leading();
  const outcomes: CallOutcome[] = [];
  driver.propose(command, caller(outcomes));
  await turn();
  const result = { ok: true, value: '1', previous: null };
  expect(outcomes).toMatchObject([{ type: 'applied', index: 1, answer: { type: 'result', result } }]);
  const order = ['EntriesProposed', 'write 1', 'EntriesAppended', 'CommitAdvanced', 'EntriesApplied', 'flush'];
  expect(did.filter((what) => order.includes(what))).toEqual(order);
});

test('everything that queued is one write', async () => {
  const { driver, writes, turn } = await leading();
  const outcomes: CallOutcome[] = [];
  for (let number = 0; number < 100; number += 1) driver.propose(command, caller(outcomes));
  await turn();
  expect([writes.length, writes[0]?.entries.length, outcomes.length]).toEqual([1, 100, 100]);
});

describe('while a write takes its time', () => {
  /** A disk that answers when told. */
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

  test('E1 the vote it holds does not leave, nor does the word that it was given; what arrives waits for the next turn', async () => {
    const disk = slow();
    const { driver, did, turn } = await driven({ servers: ['S1', 'S2', 'S3'], storage: disk.storage });
    driver.receive(vote, 'S2.1.1');
    await turn();
    driver.receive({ ...vote, from: 'S3', term: 6 }, 'S3.1.1');
    await turn();
    await turn();
    expect(did).toEqual(['MessagesReceived']);
    disk.finish();
    await turn();
    const first = ['VoteGranted', 'flush', 'send RequestVoteReply to S2', 'flush'];
    expect(did.filter((what) => first.includes(what)).slice(0, 4)).toEqual(first);
    expect(driver.state.currentTerm).toBe(6);
  });

  test('a write that fails ends everything: no vote, no word of it, no further step', async () => {
    const refused = new Error('disk full');
    const storage = { write: () => Promise.reject(refused) };
    const { driver, did, failures, turn } = await driven({ servers: ['S1', 'S2', 'S3'], storage });
    driver.receive(vote, 'S2.1.1');
    await turn();
    driver.tick();
    await turn();
    expect(failures).toEqual([refused]);
    expect(did).toEqual(['MessagesReceived']);
  });
});

test('what was said about a message is handed over before the message is sent', async () => {
  const { driver, did, turn } = await driven({ servers: ['S1', 'S2', 'S3'] });
  for (let ticks = 0; ticks < 5; ticks += 1) driver.tick();
  await turn();
  const sent = did.findIndex((what) => what.startsWith('send'));
  expect(did.slice(0, sent)).toContain('ElectionStarted');
  expect(did[sent - 1]).toBe('flush');
  expect(did.slice(0, sent)).toContain('write 0');
});

test('R5 a leader that is deposed tells its callers that it does not know', async () => {
  const { driver, turn } = await driven({ servers: ['S1', 'S2', 'S3'] });
  for (let ticks = 0; ticks < 5; ticks += 1) driver.tick();
  await turn();
  const term = driver.state.currentTerm;
  driver.receive({ type: 'RequestVoteReply', from: 'S2', to: 'S1', term, preVote: false, voteGranted: true }, 'S2.1.1');
  await turn();
  expect(driver.state.role.name).toBe('leader');
  const outcomes: CallOutcome[] = [];
  driver.propose(command, caller(outcomes));
  await turn();
  expect(driver.waiting).toBe(1);
  const higher = { type: 'AppendEntries', from: 'S2', to: 'S1', term: term + 1 } as const;
  driver.receive({ ...higher, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 }, 'S2.1.2');
  await turn();
  expect(outcomes).toMatchObject([{ type: 'unknown' }]);
  expect(driver.waiting).toBe(0);
});

test('sealing waits for the second, or for many entries; a checkpoint is made when nothing can be sealed', async () => {
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

test('after stop nothing is stepped', async () => {
  const { driver, did, turn } = await leading();
  await driver.stop();
  did.length = 0;
  driver.tick();
  driver.propose(command, caller([]));
  await turn();
  expect(did).toEqual([]);
});
