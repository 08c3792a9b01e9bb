/**
 * Thirty SIGKILLs under load, at least half of them at leaders, with commands in flight at each. Afterwards a reader
 * that shares no code with the server program reads the files, and they are compared with the clients' answers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerId } from '../../src/core/vocabulary/index.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { type LiveLab, startLab } from '../helpers/live-lab.ts';
import { readServerFiles, replay } from '../helpers/read-files.ts';
import { startWriters, type Writer } from '../helpers/writers.ts';

const KILLS = 30;
const WRITERS = 8;
const ACKNOWLEDGED_BETWEEN_KILLS = 10;
const seed = Number(process.env.RAFT_LAB_TEST_SEED ?? 20_260_101 + (process.pid % 1000));
const repeat = `RAFT_LAB_TEST_SEED=${seed} npm test -- test/cluster/kill-thirty.process.test.ts`;

let bundle: Bundle;
let dataFolder: string;
let live: LiveLab;

beforeAll(async () => {
  bundle = await bundlePrograms(LAB_PROGRAMS);
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-kills-'));
  live = await startLab({
    dataFolder,
    programs: bundle,
    choice: { servers: 5, pace: 'real', durability: 'fsync', seed },
  });
});

afterAll(async () => {
  await live?.close();
  await bundle?.remove();
  if (dataFolder) rmSync(dataFolder, { recursive: true, force: true });
});

test(`30 SIGKILLs under load → nothing lost, nothing doubled; repeat: ${repeat}`, { timeout: 300_000 }, async () => {
  const random = lcg(seed);
  await live.until('a first leader', (view) => view.leader !== null);
  const writers = startWriters(live.lab, WRITERS);
  const victims: { readonly server: ServerId; readonly led: boolean; readonly inFlight: number }[] = [];
  for (let round = 0; round < KILLS; round++) {
    const target = writers.acknowledged() + ACKNOWLEDGED_BETWEEN_KILLS;
    await writers.until(() => writers.acknowledged() >= target && writers.inFlight() > 0);
    victims.push(await killOne({ leaderWanted: round % 3 !== 2, random, writers }));
  }
  expect(victims.filter(({ led }) => led).length).toBeGreaterThanOrEqual(KILLS / 2);
  expect(victims.filter(({ inFlight }) => inFlight > 0)).toHaveLength(KILLS);

  const outcomes = await writers.stop();
  await converge();
  const shown = live.view().servers;
  await live.close();
  const files = Object.fromEntries(live.servers.map((id) => [id, readServerFiles(live.folderOf(id))]));

  const chains = live.servers.map((id) => files[id]?.log.map(({ chain }) => chain));
  for (const chain of chains) expect(chain).toEqual(chains[0]);
  for (const id of live.servers) {
    expect({ id, term: files[id]?.term, vote: files[id]?.votedFor }).toEqual({
      id,
      term: shown[id]?.term,
      vote: shown[id]?.votedFor,
    });
  }
  const store = replay(files.S1?.log ?? []);
  expect(outcomes.done.length).toBeGreaterThan(KILLS * ACKNOWLEDGED_BETWEEN_KILLS);
  for (const writer of writers.keys) {
    const written = (store.get(writer) ?? '').split(' ').filter((word) => word !== '');
    expect(new Set(written).size, `a word stands twice in ${writer}: ${repeat}`).toBe(written.length);
    const done = outcomes.done.filter(({ key }) => key === writer).map(({ word }) => word);
    const possible = new Set(outcomes.unknown.filter(({ key }) => key === writer).map(({ word }) => word));
    // Commands of unknown outcome may be in the store or not. Without them the store holds the acknowledged ones in
    // order.
    expect(written.filter((word) => !possible.has(word))).toEqual(done);
  }
});

interface KillChoice {
  readonly leaderWanted: boolean;
  readonly random: () => number;
  readonly writers: Writer;
}

/** Kills one server, waits until the others acknowledge again, restarts it and waits until it is up. */
async function killOne({ leaderWanted, random, writers }: KillChoice) {
  const leader = await live.until('a leader', (view) => view.leader !== null).then((view) => view.leader?.server);
  const others = live.servers.filter((id) => id !== leader);
  const server = leaderWanted && leader ? leader : (others[Math.floor(random() * others.length)] ?? 'S1');
  const inFlight = writers.inFlight();
  const led = live.view().leader?.server === server;
  await live.ask('kill', { servers: [server], signal: 'SIGKILL' });
  await live.until(`${server} dead`, (view) => view.servers[server]?.exit?.signal === 'SIGKILL');
  const target = writers.acknowledged() + 1;
  await writers.until(() => writers.acknowledged() >= target);
  await live.ask('restart', { servers: [server] });
  await live.until(`${server} up`, (view) => view.servers[server]?.status === 'up');
  return { server, led, inFlight };
}

/**
 * Submits one more command, so that every earlier entry may be committed (rule L1), and waits until all five servers
 * hold and have applied all entries.
 */
async function converge(): Promise<void> {
  const last = await live.ask('submit', { command: { op: 'set', key: 'last', value: 'word' } });
  if (last.outcome !== 'done') throw new Error(`the last command is ${last.outcome}: ${repeat}`);
  await live.until('equal logs everywhere', (view) => {
    const all = live.servers.map((id) => view.servers[id]);
    return all.every((one) => one?.lastApplied === last.index && one.durableIndex === last.index);
  });
}

function lcg(start: number): () => number {
  let word = start >>> 0;
  return () => {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    return word / 2 ** 32;
  };
}
