/** Opening and continuing recordings: torn ends are cut off, damage is reported, and numbers and times continue. */
import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/core/trace/events.ts';
import { originAfter } from '../../src/recording/clock.ts';
import { exportRunFolder } from '../../src/recording/export-run.ts';
import { openRun } from '../../src/recording/open-run.ts';
import { createRecorder } from '../../src/recording/recorder.ts';
import { resumeRun } from '../../src/recording/resume.ts';
import { runPaths } from '../../src/recording/run-folder.ts';
import { sealedLine } from '../../src/recording/trace-line.ts';
import { settings } from '../core/trace/story.ts';
import { beginRecording, filler } from './helpers.ts';

/** Records and closes a run: two servers spawned, one of them ready, and one client. */
async function recordedRun() {
  const recording = await beginRecording();
  const { recorder, clock } = recording;
  recorder.note({ event: 'RunStarted', traceVersion: 2, settings, startedAt: '', raftLab: '0' });
  recorder.note({ event: 'ServerSpawned', server: 'S1', ofLife: 1, pid: 5 });
  recorder.note({ event: 'ServerSpawned', server: 'S2', ofLife: 1, pid: 6 });
  recorder.note({ event: 'ServerReady', server: 'S1', ofLife: 1, port: 4 });
  for (let i = 1; i <= 20; i += 1) {
    clock.pass(10);
    recorder.record('S1', filler(recorder.nowUs(), i));
  }
  recorder.record('C1', { ...filler(recorder.nowUs(), 1), life: 3 });
  await recorder.close('closed');
  return { ...recording, file: runPaths(recording.folder).events };
}

async function eventsOf(file: string): Promise<TraceEvent[]> {
  return (await readFile(file, 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as TraceEvent);
}

test('continue: copy of a run in another folder → refused; it still opens', async () => {
  const { folder } = await recordedRun();
  const copy = join(dirname(folder), '2026-01-01T00-00-00-abcd');
  await cp(folder, copy, { recursive: true });
  const detail = expect.stringContaining(`it is of run ${basename(folder)}`);
  const params = { runId: basename(copy), file: 'manifest.json', detail };
  expect(await resumeRun(copy)).toMatchObject({ ok: false, error: { code: 'run-damaged', params } });
  expect(await openRun(copy)).toMatchObject({ ok: true });
  expect(await resumeRun(folder)).toMatchObject({ ok: true });
});

describe('torn end', () => {
  test('last line cut at any byte → reported when opened, cut off when continued', async () => {
    const { folder, file } = await recordedRun();
    const whole = await readFile(file);
    const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let kept = 1; kept < whole.length - lastLine; kept += 1) {
      await writeFile(file, whole.subarray(0, lastLine + kept));
      const opened = await openRun(folder);
      expect(opened.ok && (await opened.value.flaw())).toEqual({
        kind: 'torn',
        line: 26,
        offset: lastLine,
        params: { bytes: kept },
      });
      expect(opened.ok && opened.value.size).toBe(25);
    }
    const resumed = await resumeRun(folder);
    expect(resumed.ok && resumed.value.flaw?.offset).toBe(lastLine);
    expect((await readFile(file)).length).toBe(lastLine);
  });

  test('export: last line torn → whole lines only', async () => {
    const { folder, file, recorder } = await recordedRun();
    const whole = await readFile(file, 'utf8');
    await appendFile(file, `{"seq":99,"${'x'.repeat(200_000)}`);
    const exported = await exportRunFolder(folder, recorder.runId, 'jsonl');
    expect(exported.fileName).toBe(`raft-lab-${recorder.runId}.jsonl`);
    expect(await text(exported.stream)).toBe(whole);
    await writeFile(file, 'no newline');
    expect(await text((await exportRunFolder(folder, recorder.runId, 'jsonl')).stream)).toBe('');
  });
});

describe('damage', () => {
  test('export as CSV: damaged line → rows up to it, without checksums', async () => {
    const { folder, file, recorder } = await recordedRun();
    const rows = async () => (await text((await exportRunFolder(folder, recorder.runId, 'csv')).stream)).split('\r\n');
    const all = await rows();
    expect(all).toHaveLength(1 + 26 + 1);
    expect(all.join('')).not.toContain('crc');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"ofLife":1,"pid":6', '"ofLife":1,"pid":7'));
    expect((await rows()).filter((row) => row !== '')).toEqual(all.slice(0, 3));
  });

  test('damaged line → reported; earlier lines open; the run is not continued', async () => {
    const { folder, file, recorder } = await recordedRun();
    const lines = (await readFile(file, 'utf8')).split('\n');
    const offset = `${lines.slice(0, 2).join('\n')}\n`.length;
    await writeFile(file, lines.with(2, '{"seq":3,broken}').join('\n'));
    const opened = await openRun(folder);
    expect(opened.ok && (await opened.value.flaw())).toEqual({ kind: 'checksum-missing', line: 3, offset, params: {} });
    expect(opened.ok && opened.value.size).toBe(2);
    const params = { runId: recorder.runId, line: 3, offset };
    expect(await resumeRun(folder)).toMatchObject({ ok: false, error: { code: 'run-flawed', params } });
  });

  /** Changes the event's name, so that its fields no longer fit. */
  const renamed = (line: string): string => line.replace(/"event":.*/, '"event":"EntriesAppended"}');

  test('version 1: fields do not fit the event’s name → recording ends there, not continued', async () => {
    const { folder, file, recorder } = await recordedRun();
    const manifest = join(folder, 'manifest.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"traceVersion": 2', '"traceVersion": 1'));
    const written = await readFile(file, 'utf8');
    const lines = written
      .replace('"traceVersion":2', '"traceVersion":1')
      .replaceAll(/,"crc":\d+/g, '')
      .split('\n');
    await writeFile(file, lines.with(9, renamed(lines[9] ?? '')).join('\n'));
    const opened = await openRun(folder);
    const offset = Buffer.byteLength(`${lines.slice(0, 9).join('\n')}\n`);
    expect(opened.ok && (await opened.value.flaw())).toMatchObject({ kind: 'misfit', line: 10, offset });
    expect(opened.ok && opened.value.size).toBe(9);
    const params = { runId: recorder.runId, line: 10, offset };
    expect(await resumeRun(folder)).toMatchObject({ ok: false, error: { code: 'run-flawed', params } });
  });

  test('version 2: fields do not fit, checksum valid → opened with a flaw, not continued', async () => {
    const { folder, file, recorder } = await recordedRun();
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, lines.with(9, sealedLine(renamed(lines[9] ?? '')).trimEnd()).join('\n'));
    const opened = await openRun(folder);
    if (!opened.ok) throw new Error(opened.error.message);
    const offset = Buffer.byteLength(`${lines.slice(0, 9).join('\n')}\n`);
    expect(await opened.value.flaw()).toMatchObject({ kind: 'misfit', line: 10, offset });
    const params = { runId: recorder.runId, line: 10, offset };
    expect(await resumeRun(folder)).toMatchObject({ ok: false, error: { code: 'run-flawed', params } });
  });

  test('trace missing or manifest damaged → error that names the file', async () => {
    const { folder, file } = await recordedRun();
    await rm(file);
    expect(await openRun(folder)).toMatchObject({ ok: false, error: { params: { file: 'events.jsonl' } } });
    await writeFile(join(folder, 'manifest.json'), 'nonsense');
    expect(await openRun(folder)).toMatchObject({ ok: false, error: { params: { file: 'manifest.json' } } });
  });
});

describe('continuing', () => {
  test('recording continued → numbers, times, lives and view go on from its end', async () => {
    const { folder, file, recorder: before, clock } = await recordedRun();
    const resumed = await resumeRun(folder);
    if (!resumed.ok) throw new Error(resumed.error.message);
    const { value } = resumed;
    expect(value).toMatchObject({ lastSeq: 26, lastTimeUs: 200_000, everReady: ['S1'], flaw: null });
    expect(value.lives).toEqual({ lab: 1, S1: 1, S2: 1, C1: 3 });
    expect(value.view).toEqual(before.view());
    const originNs = originAfter(value.lastTimeUs, clock);
    const again = await createRecorder({ folder, runId: before.runId, settings, originNs, resume: value, clock });
    expect(again.view()).toEqual(before.view());
    again.note({ event: 'LabRestarted', startedAt: '', raftLab: '0' });
    clock.pass(50);
    expect(again.view().servers.S1).toMatchObject({ status: 'down', role: null });
    expect((await again.events({ names: ['RunStarted', 'LabRestarted'] })).events).toHaveLength(2);
    expect((await again.viewAt(100_000)).servers.S1?.timer?.timeoutTicks).toBe(10);
    await again.close('closed');
    const events = await eventsOf(file);
    expect(events.map((event) => event.seq)).toEqual([...Array(28)].map((_, i) => i + 1));
    const restarted = events.find((event) => event.event === 'LabRestarted');
    expect(restarted).toMatchObject({ source: 'lab', life: 2, nseq: 1 });
    expect(restarted?.timeUs).toBeGreaterThan(200_000);
    const whole = await openRun(folder);
    expect(whole.ok && (await whole.value.viewAt(1e12))).toEqual(again.view());
  });

  test('recording continued within a life → only missing numbers are a gap', async () => {
    const { folder, recorder: before, clock } = await recordedRun();
    const resumed = await resumeRun(folder);
    if (!resumed.ok) throw new Error(resumed.error.message);
    const originNs = originAfter(resumed.value.lastTimeUs, clock);
    const options = { folder, runId: before.runId, settings, originNs, resume: resumed.value, clock };
    const again = await createRecorder(options);
    again.record('S1', filler(again.nowUs(), 21));
    again.record('S1', filler(again.nowUs(), 24));
    clock.pass(50);
    expect((await again.events({ names: ['EventsMissing'] })).events).toMatchObject([{ of: 'S1', count: 2 }]);
    await again.close('closed');
  });
});
