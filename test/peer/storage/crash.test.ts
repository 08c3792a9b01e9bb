/**
 * Crashes at every file-system call, on a disk that loses unsynced data. Afterwards the disk must hold the old state,
 * or the new term and vote with the old log, or everything (rules E1, L2, L11). No acknowledged write may be lost.
 */
import { describe, expect, test, vi } from 'vitest';
import type { Persist } from '../../../src/core/raft/ready.ts';
import type { RestoredState } from '../../../src/core/raft/state.ts';
import { lowdbStorage, type RaftStorage, StorageDamaged } from '../../../src/peer/storage/index.ts';
import { type Random, randomFrom } from '../../helpers/random.ts';
import { Crash, type FakeDisk, fakeDisk } from '../support/fake-disk.ts';
import { applied, entriesAfter, NOTHING, randomPersist } from '../support/workload.ts';

// A test may take many seconds while the machine runs others.
vi.setConfig({ testTimeout: 60_000 });

const SEAL_ENTRIES = 6;
type Durability = 'fsync' | 'os-cache';

/** The driver's writes and their results, which determine what a disk may hold after a crash. */
interface Owed {
  /** State after the last write that resolved, or after the last load. */
  acknowledged: RestoredState;
  inFlight: Persist | null;
  hasBeenReady: boolean;
  commitIndex: number;
}

const owesNothing = (): Owed => ({ acknowledged: NOTHING, inFlight: null, hasBeenReady: false, commitIndex: 0 });

function start(disk: FakeDisk, durability: Durability, owed: Owed): RaftStorage {
  const isDurable = durability === 'fsync';
  return lowdbStorage({
    ...{ runId: 'run-1', server: 'S1', disk, isDurable },
    ...{ mustExist: owed.hasBeenReady, sealEntries: SEAL_ENTRIES },
  });
}

function allowed({ acknowledged, inFlight }: Owed): readonly RestoredState[] {
  if (inFlight === null) return [acknowledged];
  const halfway = applied(acknowledged, { hardState: inFlight.hardState, truncateFrom: null, entries: [] });
  return [acknowledged, halfway, applied(acknowledged, inFlight)];
}

/** Loads, checks the result against the promises, and then expects exactly the loaded state. */
async function load(storage: RaftStorage, owed: Owed, what: string): Promise<void> {
  const { state } = await storage.load();
  expect(allowed(owed), what).toContainEqual(state);
  owed.acknowledged = state;
  owed.inFlight = null;
  owed.hasBeenReady = true;
}

async function write(storage: RaftStorage, owed: Owed, persist: Persist): Promise<void> {
  owed.inFlight = persist;
  await storage.write(persist);
  owed.acknowledged = applied(owed.acknowledged, persist);
  owed.inFlight = null;
}

/** Runs a life with every kind of call: elections, appends, truncation, sealing, a checkpoint. */
async function scriptedLife(storage: RaftStorage, owed: Owed, what: string): Promise<void> {
  await load(storage, owed, what);
  const term = owed.acknowledged.currentTerm + 1;
  const log = () => owed.acknowledged.entries;
  const append = (count: number, bytes = 300): Persist => {
    return { hardState: null, truncateFrom: null, entries: entriesAfter(log(), { count, term, bytes }) };
  };
  await write(storage, owed, { hardState: { currentTerm: term, votedFor: 'S1' }, truncateFrom: null, entries: [] });
  await write(storage, owed, append(3));
  await write(storage, owed, append(5));
  owed.commitIndex = Math.max(owed.commitIndex, log().length - 1);
  await storage.seal(owed.commitIndex);
  await write(storage, owed, append(2));
  await storage.checkpoint();
  const truncateFrom = log().length;
  const replaced = entriesAfter(log().slice(0, -1), { count: 2, term: term + 1, bytes: 10 });
  await write(storage, owed, { hardState: { currentTerm: term + 1, votedFor: null }, truncateFrom, entries: replaced });
  await storage.close();
}

/** Runs until the disk's crash point. @returns true when the code finished without a crash */
async function survives(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof Crash) return false;
    throw error;
  }
}

const powerCuts = (random: Random) => ({
  'nothing unsynced kept': () => false,
  'everything kept': () => true,
  'half kept': () => random.chance(0.5),
  'little kept': () => random.chance(0.15),
  'most kept': () => random.chance(0.85),
});

/** Runs some complete lives on one disk, so that a crash also meets a start from existing files. */
async function prepared(lives: number, durability: Durability): Promise<{ disk: FakeDisk; owed: Owed }> {
  let disk = fakeDisk();
  const owed = owesNothing();
  for (let life = 0; life < lives; life += 1) {
    await scriptedLife(start(disk, durability, owed), owed, `life ${life}`);
    disk = disk.afterKill();
  }
  return { disk, owed };
}

describe.each([0, 1, 2])('after %i whole lives', (lives) => {
  test.each(['fsync', 'os-cache'] as const)(
    'storage, %s: killed at every call, within any part of a write → promises hold',
    async (durability) => {
      let call = 1;
      for (let isThrough = false; !isThrough; call += 1) {
        for (const share of [0, 0.02, 0.5, 0.98]) {
          const { disk, owed } = await prepared(lives, durability);
          disk.crashAt(call, share);
          const what = `kill at call ${call}, ${share} of the write kept`;
          isThrough = await survives(() => scriptedLife(start(disk, durability, owed), owed, what));
          const next = start(disk.afterKill(), durability, owed);
          await load(next, owed, what);
          await scriptedRest(next, owed);
        }
      }
      expect(call).toBeGreaterThan(30);
    },
  );

  test('storage, fsync: power cut at every call, any unsynced part kept → promises hold', async () => {
    const random = randomFrom(lives + 1);
    let call = 1;
    for (let isThrough = false; !isThrough; call += 1) {
      for (const [name, keeps] of Object.entries(powerCuts(random))) {
        const { disk, owed } = await prepared(lives, 'fsync');
        disk.crashAt(call, random.below(101) / 101);
        const what = `power cut at call ${call}, ${name}`;
        isThrough = await survives(() => scriptedLife(start(disk, 'fsync', owed), owed, what));
        const next = start(disk.afterPowerCut(keeps), 'fsync', owed);
        await load(next, owed, what);
        await scriptedRest(next, owed);
      }
    }
  });

  test('storage, fsync: power cut right after a start → keeps everything the start restored', async () => {
    const random = randomFrom(lives + 7);
    let call = 1;
    for (let isThrough = false; !isThrough; call += 1) {
      for (const [name, keeps] of Object.entries(powerCuts(random))) {
        const { disk, owed } = await prepared(lives, 'fsync');
        disk.crashAt(call, random.below(101) / 101);
        const what = `kill at call ${call}, start, power cut, ${name}`;
        isThrough = await survives(() => scriptedLife(start(disk, 'fsync', owed), owed, what));
        const restarted = disk.afterKill();
        await load(start(restarted, 'fsync', owed), owed, what);
        await load(start(restarted.afterPowerCut(keeps), 'fsync', owed), owed, what);
      }
    }
  });
});

/** Continues on the recovered state with one more write. */
async function scriptedRest(storage: RaftStorage, owed: Owed): Promise<void> {
  const term = owed.acknowledged.currentTerm + 1;
  const entries = entriesAfter(owed.acknowledged.entries, { count: 1, term });
  await write(storage, owed, { hardState: { currentTerm: term, votedFor: 'S3' }, truncateFrom: null, entries });
  await storage.close();
}

describe('random lives', () => {
  const only = process.env.RAFT_LAB_SEED === undefined ? null : Number(process.env.RAFT_LAB_SEED);
  const seeds = only === null ? Array.from({ length: 60 }, (_, index) => index + 1) : [only];

  test.each(['fsync', 'os-cache'] as const)(
    'storage, %s: one random crash after another → no acknowledged write is lost',
    async (durability) => {
      for (const seed of seeds) {
        const again = `RAFT_LAB_SEED=${seed} npx vitest run --config test/vitest.config.ts test/peer/storage/crash.test.ts`;
        await randomLives(seed, durability, again);
      }
    },
  );

  test('storage, os-cache: power cut after a clean stop → recovered or reported, never ignored', async () => {
    for (const seed of seeds) {
      const random = randomFrom(seed);
      const { disk, owed } = await prepared(1, 'os-cache');
      const next = start(
        disk.afterPowerCut(() => random.chance(0.5)),
        'os-cache',
        owed,
      );
      try {
        await load(next, owed, `seed ${seed}`);
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(StorageDamaged);
      }
    }
  });
});

async function randomLives(seed: number, durability: Durability, again: string): Promise<void> {
  const random = randomFrom(seed);
  let disk = fakeDisk();
  const owed = owesNothing();
  for (let life = 0; life < 8; life += 1) {
    disk.crashAt(1 + random.below(120), random.below(101) / 101);
    await survives(() => randomLife({ storage: start(disk, durability, owed), owed, random, what: again }));
    const isPowerCut = durability === 'fsync' && random.chance(0.5);
    disk = isPowerCut ? disk.afterPowerCut(() => random.chance(0.5)) : disk.afterKill();
  }
  await load(start(disk, durability, owed), owed, again);
}

interface RandomLife {
  readonly storage: RaftStorage;
  readonly owed: Owed;
  readonly random: Random;
  readonly what: string;
}

async function randomLife({ storage, owed, random, what }: RandomLife): Promise<void> {
  await load(storage, owed, what);
  for (let turn = 0; turn < 40; turn += 1) {
    await write(storage, owed, randomPersist(owed.acknowledged, random, owed.commitIndex));
    const { length } = owed.acknowledged.entries;
    owed.commitIndex += random.below(length - owed.commitIndex + 1);
    if (random.chance(0.2)) await storage.seal(owed.commitIndex);
    if (random.chance(0.1)) await storage.checkpoint();
  }
  await storage.close();
}
