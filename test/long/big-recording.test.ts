/**
 * A recording of a million events: opened to its end with and without an index, and shown at several moments. Counts
 * are asserted. Times are only printed beside their bounds, because they depend on this machine.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { afterAll, expect, test } from 'vitest';
import { TRACE_VERSION, type TraceEvent } from '../../src/core/trace/index.ts';
import { writeManifest } from '../../src/recording/manifest.ts';
import { openRun } from '../../src/recording/open-run.ts';
import { runPaths } from '../../src/recording/run-folder.ts';
import { sealedLine } from '../../src/recording/trace-line.ts';
import { HEALTHY_SETTINGS, HealthyTrace } from '../helpers/healthy-trace.ts';
import { median } from '../helpers/judge-costs.ts';

const EVENTS = 1_000_000;
const OPENINGS = 5;
const MOMENTS = 10;
const STARTED_AT = '2026-01-01T00:00:00.000Z';
const GOLDEN = 0.618_033_988_749;
const OPEN_MS = 3_000;
const MOMENT_MS = 100;
const WITHOUT_INDEX_US = 8;

const folder = await mkdtemp(join(tmpdir(), 'raft-lab-big-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const told = (value: number, bound: number, unit: string): string =>
  `${value.toFixed(1)} ${unit} (bound ${bound}: ${value <= bound ? 'met' : 'NOT MET'})`;

/** Writes a healthy run of three servers with a kill after every 3,000 events. */
async function writeRecording(): Promise<void> {
  await writeManifest(folder, {
    runId: basename(folder),
    createdAt: STARTED_AT,
    raftLab: '0.0.0',
    settings: HEALTHY_SETTINGS,
  });
  const file = createWriteStream(runPaths(folder).events);
  let seq = 0;
  let labSeq = 0;
  let lastUs = 0;
  const write = (event: TraceEvent): void => {
    seq += 1;
    lastUs = event.timeUs;
    if (event.source === 'lab') labSeq += 1;
    const nseq = event.source === 'lab' ? labSeq : event.nseq;
    file.write(sealedLine(JSON.stringify({ ...event, seq, nseq })));
  };
  const lab = (body: object): void =>
    write({ seq: 0, timeUs: lastUs, source: 'lab', nseq: 0, life: 1, ...body } as TraceEvent);
  lab({
    event: 'RunStarted',
    traceVersion: TRACE_VERSION,
    settings: HEALTHY_SETTINGS,
    startedAt: STARTED_AT,
    raftLab: '0.0.0',
  });
  const trace = new HealthyTrace({ seed: 1, largePerThousand: 0, killEvery: 3_000, usPerEvent: 2_160 }, write);
  for (let upTo = 20_000; upTo <= EVENTS; upTo += 20_000) {
    trace.runTo(Math.min(upTo, EVENTS - 2));
    if (file.writableNeedDrain) await once(file, 'drain');
  }
  lab({ event: 'RunEnded', reason: 'closed' });
  file.end();
  await finished(file);
}

async function clocked<Value>(work: () => Promise<Value>): Promise<{ readonly ms: number; readonly value: Value }> {
  const began = performance.now();
  const value = await work();
  return { ms: performance.now() - began, value };
}

async function openToItsEnd() {
  const opened = await openRun(folder);
  if (!opened.ok) throw new Error(opened.error.message);
  return { run: opened.value, view: await opened.value.viewAt(opened.value.span().toUs) };
}

test('million events: opened without an index, with one, at ten moments → same views', async () => {
  await writeRecording();
  const without = await clocked(openToItsEnd);
  expect(await without.value.run.flaw()).toBeNull();
  expect(without.value.run.size).toBeGreaterThanOrEqual(EVENTS);
  const openings: number[] = [];
  const moments: number[] = [];
  for (let at = 0; at < OPENINGS; at += 1) {
    const { ms, value } = await clocked(openToItsEnd);
    openings.push(ms);
    expect(value.view).toEqual(without.value.view);
    const { fromUs, toUs } = value.run.span();
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      // The golden ratio spreads the moments evenly and never repeats one.
      const timeUs = fromUs + (((at * MOMENTS + moment + 1) * GOLDEN) % 1) * (toUs - fromUs);
      const shown = await clocked(() => value.run.viewAt(timeUs));
      moments.push(shown.ms);
      if (at === 0 && moment < 2) expect(shown.value).toEqual(await without.value.run.viewAt(timeUs));
    }
  }
  const { size } = await stat(runPaths(folder).events);
  console.log(
    [
      `${EVENTS} events, ${(size / 1e6).toFixed(0)} MB`,
      `without an index ${told((without.ms * 1_000) / EVENTS, WITHOUT_INDEX_US, 'µs an event')}`,
      `with it, median of ${OPENINGS}: ${told(median(openings), OPEN_MS, 'ms')}`,
      `a moment, median of ${moments.length}: ${told(median(moments), MOMENT_MS, 'ms')}`,
      `slowest ${told(Math.max(...moments), MOMENT_MS, 'ms')}`,
    ].join('\n'),
  );
}, 600_000);
