/**
 * Cold starts with a long log: three servers with 100,000 entries are killed and started again, ten times. Each leader
 * must apply all entries before it answers, and must keep its leadership meanwhile. Elections are counted in the trace;
 * times are only printed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/core/trace/events.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { type LiveLab, startLab } from '../helpers/live-lab.ts';

const ENTRIES = 100_000;
const STARTS = 10;
const WRITERS = 64;

let bundle: Bundle;
let dataFolder: string;
let live: LiveLab;

beforeAll(async () => {
  bundle = await bundlePrograms(LAB_PROGRAMS);
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-cold-start-'));
  const choice = { servers: 3, pace: 'real', durability: 'fsync' } as const;
  live = await startLab({ dataFolder, programs: bundle, choice });
});

afterAll(async () => {
  await live?.close();
  await bundle?.remove();
  if (dataFolder) rmSync(dataFolder, { recursive: true, force: true });
});

/** Writes until the log has `entries` entries. */
async function fill(entries: number): Promise<void> {
  const value = 'x'.repeat(100);
  const write = async (writer: number): Promise<void> => {
    for (let number = 0; live.view().commitIndex < entries; number += 1) {
      const key = `key ${(writer * 1_009 + number) % 10_000}`;
      await live.ask('submit', { command: { op: 'set', key, value } });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
}

/** Repeats a write until one is answered: a client may give up before the long log is applied. */
async function firstWrite(): Promise<void> {
  for (;;) {
    const { outcome } = await live.ask('submit', { command: { op: 'set', key: 'first', value: 'word' } });
    if (outcome === 'done') return;
  }
}

/** Kills all three servers, starts them again and writes once. Resolves when all have applied every entry. */
async function coldStart(): Promise<{ readonly elections: number; readonly firstWriteMs: number }> {
  const { servers } = live;
  await live.ask('kill', { servers, signal: 'SIGKILL' });
  await live.until('all are gone', (view) => servers.every((id) => view.servers[id]?.status === 'down'));
  const fromUs = live.view().timeUs;
  await live.ask('restart', { servers });
  await firstWrite();
  await live.until('all have applied all', (view) =>
    servers.every(
      (id) => (view.servers[id]?.lastApplied ?? 0) > 0 && view.servers[id]?.lastApplied === view.commitIndex,
    ),
  );
  const of = async (name: TraceEvent['event']) =>
    (await live.ask('events', { fromUs, names: [name], limit: 1_000 })).events;
  const spawnedUs = (await of('ServerSpawned'))[0]?.timeUs ?? Number.NaN;
  const doneUs = (await of('CommandDone'))[0]?.timeUs ?? Number.NaN;
  return { elections: (await of('LeaderElected')).length, firstWriteMs: Math.round((doneUs - spawnedUs) / 1_000) };
}

test(`cold start: ${STARTS} times with ${ENTRIES} entries → at most two elections in each`, {
  timeout: 600_000,
}, async () => {
  await live.until('a first leader', (view) => view.leader !== null);
  await fill(ENTRIES);
  const starts = [];
  for (let start = 0; start < STARTS; start += 1) starts.push(await coldStart());
  const times = starts.map(({ firstWriteMs }) => firstWriteMs).sort((a, b) => a - b);
  console.log(`elections: ${starts.map(({ elections }) => elections).join(' ')}`);
  console.log(`from spawn to the first write, ms: ${times.join(' ')}`);
  for (const { elections, firstWriteMs } of starts) {
    expect(Number.isFinite(firstWriteMs)).toBe(true);
    expect(elections).toBeGreaterThan(0);
    expect(elections).toBeLessThanOrEqual(2);
  }
});
