/**
 * Thirty SIGKILLs of leaders under 64 clients, each with its own session and connection. Then a reader that shares no
 * code with the server program reads the files. Every acknowledged write is in all logs and was applied exactly once.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import type { ServerSpec } from '../../src/core/wire/index.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { type LiveLab, startLab } from '../helpers/live-lab.ts';
import { readServerFiles, replay } from '../helpers/read-files.ts';
import { until } from '../helpers/until.ts';

const KILLS = 30;
const CLIENTS = 64;

let bundle: Bundle;
let dataFolder: string;
let live: LiveLab;

beforeAll(async () => {
  bundle = await bundlePrograms(LAB_PROGRAMS);
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-kill-leaders-'));
  // Stores the server's spec, which tells a client how to connect, and then loads the real program.
  const peer = join(dataFolder, 'peer.mjs');
  writeFileSync(
    peer,
    `import { writeFileSync } from 'node:fs';
     writeFileSync(${JSON.stringify(join(dataFolder, 'orders.json'))}, process.env.RAFT_LAB_SERVER, { mode: 0o600 });
     await import(${JSON.stringify(bundle.file('peer'))});`,
  );
  const programs = { ...bundle, file: (name: string) => (name === 'peer' ? peer : bundle.file(name)) };
  live = await startLab({ dataFolder, programs, choice: { servers: 3, pace: 'real', durability: 'fsync' } });
});

afterAll(async () => {
  await live?.close();
  await bundle?.remove();
  if (dataFolder) rmSync(dataFolder, { recursive: true, force: true });
});

/** Outcomes of the words that one client appended to its own key. */
interface Writer {
  readonly key: string;
  readonly client: Client;
  readonly done: string[];
  readonly unknown: string[];
}

function openWriters(): readonly Writer[] {
  const orders = JSON.parse(readFileSync(join(dataFolder, 'orders.json'), 'utf8')) as ServerSpec;
  const { runId, secret, networkUrl, servers, originNs } = orders;
  const patience = { attemptTimeoutMs: () => 700, deadlineMs: () => 5_000, onEvent: () => undefined };
  return Array.from({ length: CLIENTS }, (_, at) => {
    const id = `C${100 + at}`;
    const client = createClient({ id, life: 1, runId, secret, networkUrl, servers, originNs, ...patience });
    return { key: id, client, done: [], unknown: [] };
  });
}

test(`${KILLS} SIGKILLs of leaders, ${CLIENTS} clients → no acknowledged word lost or doubled`, {
  timeout: 600_000,
}, async () => {
  await live.until('a first leader', (view) => view.leader !== null);
  const writers = openWriters();
  let isOver = false;
  const acknowledged = (): number => writers.reduce((sum, { done }) => sum + done.length, 0);
  const writing = writers.map(async ({ key, client, done, unknown }) => {
    for (let number = 1; !isOver; number += 1) {
      const word = `${key}.${number}`;
      const { outcome } = await client.submit({ op: 'append', key, value: ` ${word}` });
      if (outcome === 'refused') throw new Error(`${word} was refused`);
      (outcome === 'done' ? done : unknown).push(word);
    }
  });
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = acknowledged();
    await until('writes under this leader', () => acknowledged() > before + CLIENTS);
    const { leader } = await live.until('a leader', (view) => view.leader !== null);
    const server = leader?.server ?? '';
    await live.ask('kill', { servers: [server], signal: 'SIGKILL' });
    await live.until(`${server} dead`, (view) => view.servers[server]?.status === 'down');
    const after = acknowledged();
    await until('writes without it', () => acknowledged() > after + CLIENTS);
    await live.ask('restart', { servers: [server] });
    await live.until(`${server} up`, (view) => view.servers[server]?.status === 'up');
  }
  isOver = true;
  await Promise.all(writing);
  await Promise.all(writers.map(({ client }) => client.close()));
  const last = await live.ask('submit', { command: { op: 'set', key: 'last', value: 'word' } });
  if (last.outcome !== 'done') throw new Error(`the last command is ${last.outcome}`);
  await live.until('equal logs everywhere', (view) =>
    live.servers.every((id) => view.servers[id]?.lastApplied === last.index),
  );
  await live.close();

  const logs = live.servers.map((id) => readServerFiles(live.folderOf(id)).log);
  for (const log of logs) expect(log.map(({ chain }) => chain)).toEqual(logs[0]?.map(({ chain }) => chain));
  const store = replay(logs[0] ?? []);
  for (const { key, done, unknown } of writers) {
    const written = (store.get(key) ?? '').split(' ').filter((word) => word !== '');
    expect(new Set(written).size, `a word stands twice in ${key}`).toBe(written.length);
    expect(written.filter((word) => !unknown.includes(word))).toEqual(done);
  }
  const unknown = writers.reduce((sum, writer) => sum + writer.unknown.length, 0);
  console.log(`${acknowledged()} acknowledged, ${unknown} unknown, ${KILLS} leaders killed`);
});
