/** The verdict in the list of runs. It comes from the run's verdicts.json, if that file fits the recording. */
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Outcome, RunJudges } from '../../src/core/check/index.ts';
import type { RunVerdict } from '../../src/core/lab-api/api.ts';
import { TRACE_VERSION } from '../../src/core/trace/events.ts';
import { originAfter } from '../../src/recording/clock.ts';
import { judgeRun } from '../../src/recording/live-judge.ts';
import { createRecorder } from '../../src/recording/recorder.ts';
import { type ResumedRun, resumeRun } from '../../src/recording/resume.ts';
import { createRunFolder, listRuns, type RunFolder, runPaths } from '../../src/recording/run-folder.ts';
import { runOutcome } from '../../src/recording/run-outcome.ts';
import { sealedLine } from '../../src/recording/trace-line.ts';
import { type VerdictFile, writeVerdicts } from '../../src/recording/verdict-file.ts';
import { settings } from '../core/trace/story.ts';
import { temporaryFolder } from './helpers.ts';

const FOUND = new RunJudges({ settings, isWhole: true }).finish();

function kept(outcome: VerdictFile['outcome'], lastSeq: number): VerdictFile {
  return { format: 1, isWhole: true, events: lastSeq, lastSeq, outcome, ...FOUND };
}

function line(seq: number, event: string, fields: Readonly<Record<string, unknown>> = {}): string {
  return sealedLine(JSON.stringify({ seq, timeUs: seq, source: 'lab', nseq: seq, life: 1, event, ...fields }));
}

const STARTED = line(1, 'RunStarted', { traceVersion: TRACE_VERSION, settings });
const ENDED = line(2, 'RunEnded', { reason: 'closed' });

async function runWith(trace: string): Promise<RunFolder & { verdict(): Promise<RunVerdict | undefined> }> {
  const dataFolder = await temporaryFolder();
  const run = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0', scenario: 'Tour' });
  await writeFile(runPaths(run.folder).events, trace);
  return { ...run, verdict: async () => (await listRuns(dataFolder))[0]?.verdict };
}

test('list of runs: closed run with verdicts.json → the outcome in that file', async () => {
  const run = await runWith(STARTED + ENDED);
  for (const outcome of ['valid', 'violated', 'unknown', 'lab-failure'] as const) {
    await writeVerdicts(run.folder, kept(outcome, 1));
    expect(await run.verdict()).toBe(outcome);
  }
  expect(run.manifest.scenario).toBe('Tour');
});

test('list of runs: verdicts.json missing, damaged or of later events → not judged', async () => {
  const run = await runWith(STARTED + ENDED);
  expect(await run.verdict()).toBe('not-judged');
  await writeFile(join(run.folder, 'verdicts.json'), '{"format":1,');
  expect(await run.verdict()).toBe('not-judged');
  await writeVerdicts(run.folder, kept('valid', 7));
  expect(await run.verdict()).toBe('not-judged');
});

test('list of runs: run continued after its verdict and not closed → incomplete', async () => {
  const run = await runWith(STARTED + ENDED);
  await writeVerdicts(run.folder, kept('valid', 1));
  await appendFile(runPaths(run.folder).events, line(3, 'LabRestarted'));
  expect(await run.verdict()).toBe('incomplete');
  await appendFile(runPaths(run.folder).events, '{"seq":4,"timeU');
  expect(await run.verdict()).toBe('incomplete');
});

test('list of runs: recording damaged after its verdict → damaged; violated stays', async () => {
  const run = await runWith(STARTED + ENDED.replace('closed', 'clozed'));
  await writeVerdicts(run.folder, kept('valid', 1));
  expect(await run.verdict()).toBe('damaged');
  const [listed] = await listRuns(dirname(dirname(run.folder)));
  expect(listed).toMatchObject({ ok: true, flaw: { kind: 'checksum-differs', line: 2, offset: STARTED.length } });
  await writeVerdicts(run.folder, kept('violated', 1));
  expect(await run.verdict()).toBe('violated');
});

test('list of runs: verdicts.json of an earlier version → the worst verdict in it', async () => {
  const run = await runWith(STARTED + ENDED);
  const { outcome: _, ...earlier } = kept('valid', 1);
  const file = join(run.folder, 'verdicts.json');
  await writeFile(file, JSON.stringify({ ...earlier, liveness: { ...earlier.liveness, outcome: 'violated' } }));
  expect(await run.verdict()).toBe('violated');
});

test('list of runs: manifest missing → damaged', async () => {
  const run = await runWith(STARTED + ENDED);
  await rm(join(run.folder, 'manifest.json'));
  expect(await run.verdict()).toBe('damaged');
});

test('outcome of a run: violation proved → violated, even without an end or after a failure', () => {
  const whole = { hasFailed: false, flawed: null, isProved: true } as const;
  const facts = { ...whole, ofJudges: 'valid', ofScenario: null } as const;
  expect(runOutcome(facts)).toBe('valid');
  expect(runOutcome({ ...facts, ofScenario: 'unknown' })).toBe('unknown');
  expect(runOutcome({ ...facts, flawed: 'incomplete' })).toBe('incomplete');
  expect(runOutcome({ ...facts, hasFailed: true })).toBe('lab-failure');
  expect(runOutcome({ ...facts, ofScenario: 'violated', flawed: 'incomplete' })).toBe('violated');
  expect(runOutcome({ ...facts, ofJudges: 'violated', hasFailed: true })).toBe('violated');
});

describe('continued run', () => {
  async function resumed(run: RunFolder): Promise<ResumedRun> {
    const result = await resumeRun(run.folder);
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  }

  /**
   * Continues the run and closes it without further events.
   *
   * @param isKilled  whether the lab ends before verdicts.json is written
   */
  async function goOn({ folder, runId }: RunFolder, resume: ResumedRun, isKilled = false): Promise<void> {
    const originNs = originAfter(resume.lastTimeUs);
    const recorder = await createRecorder({ folder, runId, settings, resume, originNs });
    const judging = judgeRun({ recorder, settings, folder, before: resume.judged });
    recorder.note({ event: 'LabRestarted', traceVersion: TRACE_VERSION, startedAt: '', raftLab: '' });
    await judging.finish();
    await recorder.close('closed');
    if (!isKilled) await judging.keep('closed');
  }

  test('continued: lab killed before its verdicts → not judged; old verdicts are dropped', async () => {
    const run = await runWith(STARTED + ENDED);
    await writeVerdicts(run.folder, kept('valid', 1));
    await goOn(run, await resumed(run), true);
    expect(await run.verdict()).toBe('not-judged');
  });

  test.each<[Outcome, Partial<VerdictFile>]>([
    ['valid', { liveness: { ...FOUND.liveness, outcome: 'valid' } }],
    ['violated', { liveness: { ...FOUND.liveness, outcome: 'violated' } }],
    ['unknown', { liveness: { ...FOUND.liveness, outcome: 'valid' }, heardAll: false }],
  ])('continued: %s before → same outcome after each continuation', async (expected, file) => {
    const run = await runWith(STARTED + ENDED);
    await writeVerdicts(run.folder, { ...kept(expected, 1), ...file });
    for (let part = 0; part < 2; part += 1) {
      await goOn(run, await resumed(run));
      expect(await run.verdict()).toBe(expected);
    }
  });

  test('continued: earlier lab killed → unknown; with a violation in its trace → violated', async () => {
    const proof = { property: 'vote-once', rule: '', params: {}, proof: [] };
    for (const [trace, expected] of [
      [STARTED, 'unknown'],
      [STARTED + line(2, 'PropertyViolated', proof), 'violated'],
    ] as const) {
      const run = await runWith(trace);
      await goOn(run, await resumed(run));
      expect(await run.verdict()).toBe(expected);
    }
  });
});
