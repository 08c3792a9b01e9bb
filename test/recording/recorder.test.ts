/** The recorder: order in the file and for listeners, late and missing events, limits and the end of a run. */
import { readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { TraceEvent } from '../../src/core/trace/events.ts';
import { TRACE_VERSION } from '../../src/core/trace/index.ts';
import { judgeRunFolder } from '../../src/recording/judge-folder.ts';
import { judgeRun } from '../../src/recording/live-judge.ts';
import { runPaths } from '../../src/recording/run-folder.ts';
import type { Recorder } from '../../src/recording/types.ts';
import { foldAll, settings } from '../core/trace/story.ts';
import { beginRecording, body, filler, place } from './helpers.ts';

async function linesOf(folder: string): Promise<TraceEvent[]> {
  const text = await readFile(runPaths(folder).events, 'utf8');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as TraceEvent);
}

describe('order', () => {
  test('events out of order → file by arrival; listeners by time after the hold-back', async () => {
    const { recorder, clock, folder, told } = await beginRecording();
    clock.pass(10);
    recorder.record('S2', filler(9_000, 1));
    recorder.record('S1', filler(8_000, 1));
    recorder.record('S1', filler(8_500, 2));
    clock.pass(15);
    expect(told).toEqual([]);
    clock.pass(20);
    expect(place(told)).toEqual(['8000 S1 1', '8500 S1 2', '9000 S2 1']);
    expect(told.map((event) => event.seq)).toEqual([2, 3, 1]);
    await recorder.close('closed');
    const lines = await linesOf(folder);
    expect(lines.map((event) => event.seq)).toEqual([1, 2, 3, 4]);
    expect(place(lines.slice(0, 3))).toEqual(['9000 S2 1', '8000 S1 1', '8500 S1 2']);
    expect(lines.every((event) => event.late === undefined)).toBe(true);
  });

  test('flush: event still held back → resolves only after its delivery', async () => {
    const { recorder, clock, folder, told } = await beginRecording();
    clock.pass(10);
    recorder.record('S1', filler(9_000, 1));
    let isFlushed = false;
    const flushed = recorder.flush().then(() => {
      isFlushed = true;
    });
    clock.pass(10);
    await expect.poll(async () => (await linesOf(folder)).length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 0));
    // The event is in the file but still held back.
    expect([isFlushed, told.length]).toEqual([false, 0]);
    clock.pass(30);
    await flushed;
    expect(place(told)).toEqual(['9000 S1 1']);
    await recorder.close('closed');
  });

  test('flush: last event causes a violation → the violation is in the view', async () => {
    const { recorder, clock } = await beginRecording();
    recorder.listen((released) => {
      if (!released.some(({ event }) => event === 'ElectionTimerReset')) return;
      recorder.note({ event: 'PropertyViolated', property: 'vote-once', rule: 'E2', params: {}, proof: [] });
    });
    clock.pass(10);
    recorder.record('S1', filler(9_000, 1));
    const flushed = recorder.flush();
    const ticking = setInterval(() => clock.pass(10), 1);
    await flushed;
    clearInterval(ticking);
    expect(recorder.view().violations.map(({ property }) => property)).toEqual(['vote-once']);
    await recorder.close('closed');
  });

  test('event recorded after later ones were delivered → late in the file and for listeners', async () => {
    const { recorder, clock, folder, told } = await beginRecording();
    clock.pass(100);
    recorder.record('S1', filler(90_000, 1));
    clock.pass(40);
    recorder.record('S2', filler(30_000, 1));
    recorder.record('S3', filler(135_000, 1));
    clock.pass(40);
    expect(place(told)).toEqual(['90000 S1 1', '30000 S2 1', '135000 S3 1']);
    expect(told.map((event) => event.late)).toEqual([undefined, true, undefined]);
    await recorder.close('closed');
    expect((await linesOf(folder)).map((event) => event.late)).toEqual([undefined, true, undefined, undefined]);
  });

  test('live view: events delivered → equals their fold', async () => {
    const { recorder, clock, told } = await beginRecording();
    recorder.note({ event: 'ServerSpawned', server: 'S1', ofLife: 1, pid: 7 });
    clock.pass(50);
    expect(recorder.view()).toEqual(foldAll(told));
    expect(recorder.view().servers.S1?.pid).toBe(7);
    await recorder.close('closed');
  });

  test('note: events of the lab → get present time, nseq and life', async () => {
    const { recorder, clock, told } = await beginRecording();
    clock.pass(5);
    recorder.note({ event: 'NetworkSpawned', pid: 3 });
    recorder.note({ event: 'LabFailed', message: 'x' });
    clock.pass(50);
    expect(told.map(({ source, timeUs, nseq, life }) => [source, timeUs, nseq, life])).toEqual([
      ['lab', 5_000, 1, 1],
      ['lab', 5_000, 2, 1],
    ]);
    expect(recorder.nowUs()).toBe(55_000);
    await recorder.close('closed');
  });

  test('thousands of events at once → delivered in slices, complete and in order', async () => {
    const { recorder, clock, told } = await beginRecording();
    const sizes: number[] = [];
    recorder.listen((released) => sizes.push(released.length));
    for (let i = 1; i <= 4_500; i += 1) recorder.record('S1', filler(4_600 - i, i));
    clock.pass(40);
    expect(told.length).toBeLessThan(4_500);
    await recorder.close('closed');
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
    expect(told.map((event) => event.timeUs)).toEqual([...told.map((event) => event.timeUs)].sort((a, b) => a - b));
    expect(told).toHaveLength(4_501);
  });
});

describe('backlog', () => {
  /** Records messages of two links in turn, with a server's event after every tenth. */
  function burst(recorder: Recorder, messages: number): void {
    for (let n = 1; n <= messages; n += 1) {
      const about = { id: `m${n}`, link: n % 2 === 0 ? 'S1>S2' : 'S2>S1', kind: 'request', rpc: 'AppendEntries' };
      recorder.record('network', body(n, n, { event: 'MessageSent', ...about, term: 1, dueUs: 0, bytes: 90 }));
      if (n % 10 === 0) recorder.record('S1', filler(n, n / 10));
    }
  }

  test('live view: too many bytes wait → messages only counted, other events delivered', async () => {
    const { recorder, clock, told } = await beginRecording({ maxWaitingBytes: 50_000 });
    let leftOut = 0;
    recorder.listen((_released, _view, count) => (leftOut += count));
    clock.pass(10);
    burst(recorder, 2_000);
    clock.pass(40);
    await recorder.settle();
    expect(leftOut).toBe(2_000);
    expect(told.filter(({ event }) => event === 'ElectionTimerReset')).toHaveLength(200);
    expect(recorder.view().links['S1>S2']?.sent).toBe(1_000);
    expect(recorder.view().counts).toMatchObject({ messages: 2_000, events: 2_200 });
    expect((await recorder.events({ names: ['MessageSent'] })).leftOut).toBe(1_800);
    await recorder.close('closed');
  });

  test('live view: few bytes wait → every event is delivered', async () => {
    const { recorder, clock } = await beginRecording();
    const counts = new Set<number>();
    recorder.listen((_released, _view, count) => counts.add(count));
    clock.pass(10);
    burst(recorder, 2_000);
    clock.pass(40);
    await recorder.settle();
    expect([...counts]).toEqual([0]);
    await recorder.close('closed');
  });

  test('live view: events wait → lag is the age of the oldest without the hold-back', async () => {
    const { recorder, clock } = await beginRecording();
    for (let n = 1; n <= 3_000; n += 1) recorder.record('S1', filler(n, n));
    expect(recorder.lag().pictureUs).toBe(0);
    clock.pass(2_020);
    expect(recorder.lag().pictureUs).toBeGreaterThan(1_990_000);
    await recorder.settle();
    expect(recorder.lag().pictureUs).toBe(0);
    await recorder.close('closed');
  });

  test('feed: more events than memory keeps → all are passed on in the order of the file', async () => {
    const { recorder, clock } = await beginRecording({ indexSize: { blockEvents: 10, keptBlocks: 2 } });
    const heard: number[] = [];
    burst(recorder, 300);
    const feed = recorder.feed((event) => heard.push(event.seq));
    clock.pass(1_000);
    expect(feed.lag()).toMatchObject({ events: 330 });
    await feed.caughtUp();
    expect(heard).toEqual(Array.from({ length: 330 }, (_, at) => at + 1));
    expect(recorder.lag()).toMatchObject({ judgesUs: 0, judgesEvents: 0 });
    recorder.record('S1', filler(1_000_000, 31));
    expect(recorder.lag().judgesEvents).toBe(1);
    feed.hurry(0);
    expect(await feed.finish(10_000)).toBe(true);
    expect(heard.at(-1)).toBe(331);
    await recorder.close('closed');
  });

  test('feed: lines removed from the file before they were read → the recording fails', async () => {
    const failures: string[] = [];
    const { recorder, folder } = await beginRecording({
      indexSize: { blockEvents: 10, keptBlocks: 2 },
      onFailure: ({ message }) => failures.push(message),
    });
    burst(recorder, 100);
    await recorder.written();
    await truncate(runPaths(folder).events, 0);
    const heard: number[] = [];
    const feed = recorder.feed(({ seq }) => heard.push(seq));
    expect(await feed.finish(2_000)).toBe(false);
    expect(failures).toEqual(['events.jsonl was changed on the disk while it was recorded']);
    expect(heard).toEqual([]);
    await recorder.close('lab-failure');
  });

  test('judges: time limit passed → verdicts.json is partial; judging the recording covers all', async () => {
    const { recorder, clock, folder } = await beginRecording();
    const judging = judgeRun({ recorder, settings, folder, before: null });
    recorder.note({ event: 'RunStarted', traceVersion: TRACE_VERSION, settings, startedAt: '', raftLab: '' });
    clock.pass(100);
    burst(recorder, 1_000);
    expect(await judging.finish(0)).toMatchObject({ heard: 'behind' });
    await recorder.close('closed');
    await judging.keep('closed');
    const kept = JSON.parse(await readFile(join(folder, 'verdicts.json'), 'utf8'));
    expect(kept).toMatchObject({ events: 1, lastSeq: 1, heardAll: false });
    expect(await judgeRunFolder(folder)).toMatchObject({ events: 1_102, lastSeq: 1_102 });
  });
});

describe('gaps', () => {
  test('missing event numbers → one EventsMissing for each gap and life', async () => {
    const { recorder, clock, told } = await beginRecording();
    recorder.record('S1', filler(1, 1));
    recorder.record('S1', filler(2, 4));
    recorder.record('S1', filler(3, 5));
    recorder.record('S1', { ...filler(4, 2), life: 2 });
    clock.pass(50);
    const missing = told.filter((event) => event.event === 'EventsMissing');
    expect(missing.map((event) => 'of' in event && [event.of, event.count])).toEqual([
      ['S1', 2],
      ['S1', 1],
    ]);
    await recorder.close('closed');
  });
});

describe('events of a program', () => {
  test('event with its own seq, source or late → these fields are ignored', async () => {
    const { recorder, clock, told } = await beginRecording();
    recorder.record('S1', body(1, 1, { event: 'SegmentSealed', seq: 99, source: 'S9', late: true, file: 'f' }));
    clock.pass(60);
    expect(told[0]).toEqual({ seq: 1, timeUs: 1, source: 'S1', nseq: 1, life: 1, event: 'SegmentSealed', file: 'f' });
    await recorder.close('closed');
  });

  test('event with the run’s secret → replaced in the file and for listeners', async () => {
    const secret = 'f00dfacef00dface';
    const { recorder, clock, folder, told } = await beginRecording({ secret });
    recorder.note({ event: 'LabFailed', message: `handshake with ${secret} failed` });
    clock.pass(50);
    await recorder.close('closed');
    expect(await readFile(runPaths(folder).events, 'utf8')).not.toContain(secret);
    expect(told[0]).toMatchObject({ message: 'handshake with [secret] failed' });
  });

  test('event with invalid fields → the run ends as a lab failure; others are recorded', async () => {
    const onFailure = vi.fn();
    const { recorder, clock, told } = await beginRecording({ onFailure });
    recorder.record('S1', body(1, 1, { event: 'EntriesProposed', term: 1 }));
    recorder.record('S1', body(2, 2, { event: 'CommitAdvanced', term: 1, from: 0, to: 3, reason: 'quorum' }));
    clock.pass(60);
    expect(onFailure).toHaveBeenCalledTimes(1);
    expect(String(onFailure.mock.calls[0]?.[0])).toContain('event 1 (EntriesProposed of S1)');
    expect(recorder.view().commitIndex).toBe(3);
    expect(told).toHaveLength(2);
    await expect(recorder.settle()).rejects.toThrow('the recording failed');
    expect(await recorder.close('lab-failure')).toBe(false);
  });
});

describe('the end', () => {
  test('close: events held back → delivered; RunEnded is last; later events are ignored', async () => {
    const { recorder, folder, told } = await beginRecording();
    recorder.record('S1', filler(5, 1));
    const closed = recorder.close('closed');
    recorder.record('S1', filler(6, 2));
    await closed;
    await recorder.close('closed');
    expect(told.map((event) => event.event)).toEqual(['RunEnded', 'ElectionTimerReset']);
    expect((await linesOf(folder)).map((event) => event.event)).toEqual(['ElectionTimerReset', 'RunEnded']);
    expect((await stat(runPaths(folder).events)).mode & 0o777).toBe(0o600);
  });

  test('flush: 2,000 events recorded → all are in the file', async () => {
    const { recorder, folder } = await beginRecording();
    for (let i = 1; i <= 2_000; i += 1) recorder.record('S1', filler(i, i));
    await recorder.flush();
    expect(await linesOf(folder)).toHaveLength(2_000);
    await recorder.close('closed');
  });

  test('settle: events held back → delivered in order, with what listeners record', async () => {
    const { recorder, folder, told } = await beginRecording();
    recorder.listen((released) => {
      for (const { event } of released)
        if (event === 'ElectionTimerReset') recorder.note({ event: 'LabFailed', message: 'heard' });
    });
    recorder.record('S1', filler(6, 1));
    recorder.record('S2', filler(5, 1));
    await recorder.settle();
    expect(told.map(({ source, event }) => [source, event])).toEqual([
      ['S2', 'ElectionTimerReset'],
      ['S1', 'ElectionTimerReset'],
      ['lab', 'LabFailed'],
      ['lab', 'LabFailed'],
    ]);
    expect(await linesOf(folder)).toHaveLength(4);
    expect(await recorder.close('closed')).toBe(true);
    expect(told.at(-1)?.event).toBe('RunEnded');
  });

  test('limits: run too big or disk nearly full → onCap is called once', async () => {
    for (const [limits, cap] of [
      [{ maxBytes: 100, minFreeBytes: 0, freeBytes: async () => 1 }, 'run-too-big'],
      [{ maxBytes: 1e9, minFreeBytes: 10, freeBytes: async () => 9 }, 'disk-nearly-full'],
    ] as const) {
      const onCap = vi.fn();
      const { recorder, clock } = await beginRecording({ limits, onCap });
      for (const i of [1, 2, 3]) recorder.record('S1', filler(i, i));
      clock.pass(2_100);
      await vi.waitFor(() => expect(onCap).toHaveBeenCalledWith(cap));
      clock.pass(60_000);
      await recorder.close('disk-cap');
      expect(onCap).toHaveBeenCalledTimes(1);
    }
  });

  test('limits: enough space → onCap is not called; the check repeats', async () => {
    const onCap = vi.fn();
    const freeBytes = vi.fn(async () => 100);
    const { recorder, clock } = await beginRecording({ limits: { maxBytes: 1e9, minFreeBytes: 10, freeBytes }, onCap });
    clock.pass(2_100);
    await vi.waitFor(() => expect(freeBytes).toHaveBeenCalledTimes(1));
    await new Promise((resolve) => setImmediate(resolve));
    clock.pass(2_100);
    await vi.waitFor(() => expect(freeBytes).toHaveBeenCalledTimes(2));
    expect(onCap).not.toHaveBeenCalled();
    await recorder.close('closed');
  });
});
