/**
 * The index of a recording. It is written during the recording, checked when it is read, and made once when it is
 * missing. A recording gives the same answers with and without an index, and damage in it is found either way.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, copyFile, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { emptyView } from '../../src/core/trace/empty-view.ts';
import { foldMany } from '../../src/core/trace/fold.ts';
import { TRACE_VERSION, type TraceEvent } from '../../src/core/trace/index.ts';
import { compareEvents } from '../../src/core/trace/order.ts';
import { exportRunFolder } from '../../src/recording/export-run.ts';
import { FoldAsRead } from '../../src/recording/fold-as-read.ts';
import { INDEX_FORMAT } from '../../src/recording/index-line.ts';
import { readIndex } from '../../src/recording/index-reader.ts';
import { openRun } from '../../src/recording/open-run.ts';
import { VIEW_EVERY } from '../../src/recording/past-views.ts';
import { createRecorder } from '../../src/recording/recorder.ts';
import { resumeRun } from '../../src/recording/resume.ts';
import { runPaths } from '../../src/recording/run-folder.ts';
import { createSortedTrace } from '../../src/recording/sorted-trace.ts';
import { sealedLine } from '../../src/recording/trace-line.ts';
import { settings } from '../core/trace/story.ts';
import { beginRecording, body, handClock, type Recording } from './helpers.ts';

const EVENTS = 3 * VIEW_EVERY + 1_234;

/** Delay of every 3,000th event, µs. */
const LATE_US = 200_000;

/**
 * Records a run with many messages and terms and a late event now and then, and closes it.
 *
 * @param lateUs  delay of the late events. Use 0 where a test needs views in the index: on a slow machine a late event
 * may be older than the events that the live fold keeps, and no exact view follows it then
 */
async function record(count: number, lateUs = LATE_US): Promise<Recording & { readonly runId: string }> {
  const recording = await beginRecording();
  const { recorder, clock } = recording;
  recorder.note({ event: 'RunStarted', traceVersion: TRACE_VERSION, settings, startedAt: '', raftLab: '' });
  for (let n = 1; n < count - 1; n += 1) {
    if (n % 100 === 0) clock.pass(10);
    if (n % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    const timeUs = recorder.nowUs() - (n % 3_000 === 0 ? lateUs : 0);
    const about = { id: `m${n}`, link: n % 2 === 0 ? 'S1>S2' : 'S2>S1', kind: 'request', rpc: 'AppendEntries' };
    if (n % 10 !== 0) {
      const nseq = n - Math.floor(n / 10);
      recorder.record('network', body(timeUs, nseq, { event: 'MessageSent', ...about, term: 1, dueUs: 0, bytes: 90 }));
    } else recorder.record('S1', body(timeUs, n / 10, { event: 'TermAdvanced', term: n, from: n - 1, reason: 'E5' }));
  }
  await recorder.settle();
  await recorder.close('closed');
  return { ...recording, runId: recorder.runId };
}

async function opened(folder: string) {
  const result = await openRun(folder);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** Returns the views at eleven moments, a page of events and the facts about the whole recording. */
async function answersOf(folder: string) {
  const run = await opened(folder);
  const { fromUs, toUs } = run.span();
  const views = [];
  for (let part = 0; part <= 10; part += 1) views.push(await run.viewAt(fromUs + ((toUs - fromUs) * part) / 10));
  const page = await run.events({ names: ['TermAdvanced'], limit: 3, newest: true });
  return { views, page, size: run.size, span: run.span(), flaw: await run.flaw() };
}

test('closed run: opened by its index → same answers as reading every event', async () => {
  const { folder, runId } = await record(EVENTS);
  expect(await readIndex(folder, runId)).not.toBeNull();
  const byIndex = await answersOf(folder);
  await rm(runPaths(folder).index);
  expect(byIndex).toEqual(await answersOf(folder));
  expect(byIndex).toMatchObject({ size: EVENTS, flaw: null });
});

test('index missing → made at the first opening; same answers', async () => {
  const { folder, runId } = await record(EVENTS);
  await rm(runPaths(folder).index);
  const before = await answersOf(folder);
  expect((await readIndex(folder, runId))?.views.length).toBeGreaterThanOrEqual(3);
  expect(await answersOf(folder)).toEqual(before);
});

test('opening: no index → progress rises from 1 %; index → no progress', async () => {
  const { folder } = await record(EVENTS);
  await rm(runPaths(folder).index);
  const shares: number[] = [];
  await openRun(folder, undefined, (share) => shares.push(share));
  expect(shares.length).toBeGreaterThan(90);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares[0]).toBeCloseTo(0.01, 2);
  expect(shares.at(-1)).toBeGreaterThan(0.98);
  shares.length = 0;
  await openRun(folder, undefined, (share) => shares.push(share));
  expect(shares).toEqual([]);
});

test('incomplete indexes: old → removed when an index is made; recent → kept', async () => {
  const { folder } = await record(2_000);
  const { index } = runPaths(folder);
  const halves = ['0000000a', '0000000b'].map((name) => `${index}.${name}.tmp`);
  for (const half of halves) await copyFile(index, half);
  await utimes(halves[0] ?? '', new Date(0), new Date(0));
  await rm(index);
  await opened(folder);
  expect([...halves, index].map((file) => existsSync(file))).toEqual([false, true, true]);
});

test('index views: any moment → few events to fold since the view before it', async () => {
  const { folder, runId } = await record(EVENTS, 0);
  const found = await readIndex(folder, runId);
  if (found === null) throw new Error('no index');
  const { index, views } = found;
  const file = runPaths(folder).events;
  const source = { file, index, beforeRead: async () => undefined, isHidden: () => false };
  const trace = createSortedTrace(source);
  for (const [at, view] of views.entries()) {
    let events = 0;
    const pieces = trace.pieces({ from: at === 0 ? null : (views[at - 1]?.key ?? null), to: view.key });
    for await (const piece of pieces) events += piece.length;
    expect(events).toBeLessThanOrEqual(VIEW_EVERY + 1_500 + 500);
  }
});

describe('events folded while they are read', () => {
  /** Returns a run in the order of arrival. `delay` gives by how many events each one arrives late. */
  function arrivals(count: number, delay: (at: number) => number): readonly TraceEvent[] {
    const term = { event: 'TermAdvanced', from: 0, reason: 'E5', life: 1 };
    const events = Array.from({ length: count }, (_, at) => {
      return {
        seq: at + 1,
        timeUs: at * 10,
        source: `S${1 + (at % 5)}`,
        nseq: at + 1,
        term: at,
        ...term,
      } as TraceEvent;
    });
    const places = events.map((event, at) => ({ event, place: at + delay(at) }));
    return places.sort((a, b) => a.place - b.place).map(({ event }) => event);
  }

  test('fold while reading: events slightly late → same views as in the order of time', () => {
    const events = arrivals(2 * VIEW_EVERY + 4_000, (at) => (at % 7 === 0 ? 900 : at % 3));
    const folding = new FoldAsRead();
    for (const event of events) folding.add(event);
    const views = folding.end();
    expect(views.length).toBeGreaterThanOrEqual(2);
    const sorted = events.toSorted(compareEvents);
    for (const { key, view } of views) {
      expect(view).toEqual(foldMany(emptyView, sorted.slice(0, sorted.findIndex(({ seq }) => seq === key.seq) + 1)));
    }
  });

  test('fold while reading: event far too late or with invalid fields → no views', () => {
    for (const spoil of [arrivals(12_000, (at) => (at === 10 ? 9_000 : 0)), withMisfit(arrivals(12_000, () => 0))]) {
      const folding = new FoldAsRead();
      for (const event of spoil) folding.add(event);
      expect(folding.end()).toEqual([]);
    }
  });

  const withMisfit = (events: readonly TraceEvent[]): readonly TraceEvent[] =>
    events.with(50, { ...events[50], event: 'EntriesProposed' } as TraceEvent);
});

describe('index that does not fit', () => {
  const spoilt: readonly (readonly [string, (folder: string) => Promise<void>])[] = [
    [
      'cut off halfway through',
      async (folder) => spoil(runPaths(folder).index, (text) => text.slice(0, text.length / 2)),
    ],
    ['without its last line', async (folder) => spoil(runPaths(folder).index, (text) => withoutLast(text))],
    [
      'with one digit changed',
      async (folder) => spoil(runPaths(folder).index, (text) => text.replace('"size":500', '"size":501')),
    ],
    [
      'of an earlier format',
      async (folder) => spoil(runPaths(folder).index, (text) => ofFormat(INDEX_FORMAT - 1, text)),
    ],
    ['of bytes that are not text', async (folder) => writeFile(runPaths(folder).index, Buffer.alloc(5_000, 0xff))],
    ['without content', async (folder) => writeFile(runPaths(folder).index, '')],
    ['of a shorter recording', async (folder) => copyLine(runPaths(folder).events)],
  ];

  test.each(spoilt)('index %s → ignored; same answers from the recording', async (name, change) => {
    const { folder, runId } = await record(2_000);
    const before = await answersOf(folder);
    await change(folder);
    expect(await readIndex(folder, runId).catch(() => null)).toBeNull();
    const after = await answersOf(folder);
    if (name === 'of a shorter recording') expect(after.flaw).toMatchObject({ kind: 'order' });
    else expect(after).toEqual(before);
  });

  test.skipIf(process.platform === 'win32')('index is a pipe → ignored without blocking, then replaced', async () => {
    const { folder, runId } = await record(2_000);
    const before = await answersOf(folder);
    await rm(runPaths(folder).index);
    execFileSync('mkfifo', [runPaths(folder).index]);
    expect(await answersOf(folder)).toEqual(before);
    expect(await readIndex(folder, runId)).not.toBeNull();
  });

  test.skipIf(process.platform === 'win32')('index is one line without an end → refused early', async () => {
    const { folder, runId } = await record(2_000);
    const { index } = runPaths(folder);
    await truncate(index, 0);
    // The file has a hole, which takes no space on the disk.
    await truncate(index, 2 ** 40);
    expect(await readIndex(folder, runId)).toBeNull();
  });

  test('index of another run → ignored', async () => {
    const [one, other] = [await record(2_000), await record(2_000)];
    await copyFile(runPaths(other.folder).index, runPaths(one.folder).index);
    expect(await readIndex(one.folder, one.runId)).toBeNull();
  });
});

test('recording: one bit flipped → its line is reported and the index ignored', async () => {
  const { folder, runId } = await record(2_000);
  const { events } = runPaths(folder);
  const whole = await readFile(events);
  for (let at = 1_000; at < whole.length; at += Math.floor(whole.length / 7)) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 4;
    await writeFile(events, changed);
    expect(await readIndex(folder, runId)).toBeNull();
    const line = changed.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
    expect(await (await opened(folder)).flaw()).toMatchObject({ line });
  }
});

describe('recording changed while it is open', () => {
  const changes: readonly (readonly [string, (text: string) => string])[] = [
    ['cut short by whole lines', (text) => linesOf(text).slice(0, 700).join('')],
    ['cut short in a line', (text) => text.slice(0, text.length / 2)],
    [
      'two lines change places',
      (text) =>
        linesOf(text)
          .toSpliced(901, 2, ...linesOf(text).slice(901, 903).reverse())
          .join(''),
    ],
  ];

  test.each(changes)('open recording: %s → queries fail with recording-changed', async (_name, change) => {
    const { folder } = await record(2_000);
    const run = await opened(folder);
    await spoil(runPaths(folder).events, change);
    const { toUs } = run.span();
    const changed = { error: { code: 'recording-changed' } };
    await expect(run.events({ names: ['TermAdvanced'], limit: 1_000 })).rejects.toMatchObject(changed);
    await expect(run.viewAt(toUs / 2)).rejects.toMatchObject(changed);
  });

  test('open recording: removed → queries and exports fail with recording-changed', async () => {
    const { folder } = await record(2_000);
    const run = await opened(folder);
    await rm(runPaths(folder).events);
    const changed = { error: { code: 'recording-changed' } };
    await expect(run.events({ limit: 10 })).rejects.toMatchObject(changed);
    await expect(exportRunFolder(folder, 'run', 'jsonl')).rejects.toMatchObject(changed);
  });
});

test('recording without its last line → flaw no-end; the index does not fit', async () => {
  const { folder, runId } = await record(2_000);
  const { events, index } = runPaths(folder);
  await spoil(events, withoutLast);
  expect(await (await opened(folder)).flaw()).toMatchObject({ kind: 'no-end' });
  expect(existsSync(index)).toBe(true);
  expect(await readIndex(folder, runId)).toBeNull();
});

test('index view changed on the disk → folded from the events instead', async () => {
  const { folder } = await record(EVENTS, 0);
  const before = await answersOf(folder);
  await spoil(runPaths(folder).index, (text) => text.replaceAll('"commitIndex":0', '"commitIndex":7'));
  expect(await answersOf(folder)).toEqual(before);
});

test('continued run: closed again → one index covers both parts', async () => {
  const { folder, runId } = await record(2_000);
  const resumed = await resumeRun(folder);
  if (!resumed.ok) throw new Error(resumed.error.message);
  const clock = handClock();
  const originNs = clock.nowNs() - BigInt(resumed.value.lastTimeUs + 1) * 1_000n;
  const recorder = await createRecorder({ folder, runId, settings, originNs, clock, resume: resumed.value });
  recorder.note({ event: 'LabRestarted', traceVersion: TRACE_VERSION, startedAt: '', raftLab: '' });
  expect(await readIndex(folder, runId)).toBeNull();
  await recorder.close('closed');
  expect((await readIndex(folder, runId))?.index.size()).toBe(2_002);
  const byIndex = await answersOf(folder);
  await rm(runPaths(folder).index);
  expect(byIndex).toEqual(await answersOf(folder));
});

async function spoil(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(file, changed);
}

/** Returns the index with another format in its first line and a matching checksum. */
function ofFormat(format: number, text: string): string {
  const [first = '', ...others] = linesOf(text);
  const { runId } = JSON.parse(first) as { readonly runId: string };
  return sealedLine(JSON.stringify({ index: format, runId })) + others.join('');
}

/** Splits a text into lines, which keep their line ends. */
function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/);
}

function withoutLast(text: string): string {
  return text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);
}

/** Appends the first line a second time. Every line then has its checksum, but the order is wrong. */
async function copyLine(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await appendFile(file, text.slice(0, text.indexOf('\n') + 1));
}
