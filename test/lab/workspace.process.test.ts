/** Runs begin, end, continue and are opened as recordings. Every expected failure is an answer with its code. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ProgramFiles } from '../../src/cluster/processes/program-files.ts';
import { EVENT_NAMES } from '../../src/core/catalogue/index.ts';
import type { LabPush } from '../../src/core/lab-api/index.ts';
import { createLab, scenarioIn } from '../../src/lab/index.ts';
import type { Lab } from '../../src/lab/types.ts';
import { thisPlace } from '../../src/program/place.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { startLab } from '../helpers/live-lab.ts';
import { processesOf } from '../helpers/processes-of.ts';

let bundle: Bundle;
let programs: ProgramFiles;
let dataFolder: string;
const labs: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  bundle = await bundlePrograms(LAB_PROGRAMS);
  programs = { peer: bundle.file('peer'), network: bundle.file('network'), reaper: bundle.file('reaper') };
});
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-workspace-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const lab of labs.splice(0)) await lab.close();
  expect(processesOf(bundle.folder)).toEqual([]);
  rmSync(dataFolder, { recursive: true, force: true });
});
afterAll(async () => await bundle.remove());

async function openLab(): Promise<Lab> {
  const lab = await createLab({ dataFolder, programs });
  labs.push(lab);
  return lab;
}

async function startedRun(continueRun?: string): ReturnType<typeof startLab> {
  const choice = { servers: 3, pace: 'real' } as const;
  const live = await startLab({ dataFolder, programs: bundle, choice, ...(continueRun ? { continueRun } : {}) });
  labs.push(live);
  await live.until('a leader', (view) => view.leader !== null);
  return live;
}

/** Returns the error's code and parameters. */
async function refusal(lab: Lab, name: Parameters<Lab['ask']>[0], ask: unknown): Promise<unknown> {
  const result = await lab.ask(name, ask);
  return result.ok ? result : { [result.error.code]: result.error.params };
}

describe('a run', () => {
  test('run: continued from the servers’ files → next lives, later times, the same store', async () => {
    const first = await startedRun();
    await first.ask('submit', { command: { op: 'set', key: 'x', value: '5' } });
    await first.ask('cutOff', { servers: ['S1'] });
    const before = first.view();
    await first.close();

    const again = await startedRun(first.runId);
    expect(again.runId).toBe(first.runId);
    const answer = await again.ask('submit', { command: { op: 'append', key: 'x', value: '6' } });
    expect(answer).toMatchObject({ outcome: 'done', result: { value: '56', previous: '5' } });
    const view = await again.until('everybody caught up', ({ servers }) =>
      Object.values(servers).every((server) => answer.outcome === 'done' && server.lastApplied >= answer.index),
    );
    for (const server of Object.values(view.servers)) expect(server).toMatchObject({ status: 'up', life: 2 });
    expect(view.servers.S2?.restored?.lastIndex).toBeGreaterThan(0);
    expect(view.faults).toEqual([]);
    expect(view.timeUs).toBeGreaterThan(before.timeUs);
    expect((await again.ask('cutOff', { servers: ['S2'] })).fault).toBe('F2');
    const told = await again.ask('events', {
      names: EVENT_NAMES.filter((name) => /^Run(Started|Ended)|^LabR/.test(name)),
    });
    expect(told.events.map(({ event }) => event)).toEqual(['RunStarted', 'RunEnded', 'LabRestarted']);
  });

  test('run: its lab was killed in the middle of a line → continues', async () => {
    const first = await startedRun();
    await first.ask('submit', { command: { op: 'set', key: 'x', value: '5' } });
    await first.close();
    const events = join(dataFolder, 'runs', first.runId, 'events.jsonl');
    truncateSync(events, readFileSync(events).length - 20);
    const again = await startedRun(first.runId);
    // A leader commits entries of earlier terms only together with one of its own (rule L1).
    const answer = await again.ask('submit', { command: { op: 'append', key: 'x', value: '6' } });
    expect(answer).toMatchObject({ outcome: 'done', result: { value: '56' } });
    const numbers = (await again.ask('events', { limit: 1_000 })).events.map(({ seq }) => seq);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('run: one server’s file is damaged → the others continue, and the damage is reported', async () => {
    const first = await startedRun();
    await first.ask('submit', { command: { op: 'set', key: 'x', value: '5' } });
    await first.close();
    const state = join(first.folderOf('S1'), 'state.json');
    const bytes = readFileSync(state);
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    writeFileSync(state, bytes);
    const again = await startedRun(first.runId);
    const view = await again.until('S1 failed', (now) => now.servers.S1?.status === 'failed');
    expect(view.servers.S1?.exit).toMatchObject({ code: 74, ordered: false });
    expect(view.servers.S1?.exit?.message).toContain('state.json is damaged at byte 10');
    expect(view.servers.S1?.disk).toMatchObject({ ok: false });
  });

  test('run: exported → the lines recorded up to then, without its secret; the export is noted', async () => {
    const live = await startedRun();
    const secret = secretOf(live.runId);
    const exported = await live.lab.exportRun();
    if (!exported.ok) throw new Error(exported.error.message);
    expect(exported.value.fileName).toBe(`raft-lab-${live.runId}.jsonl`);
    const content = await text(exported.value.stream);
    const lines = content
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ seq: 1, event: 'RunStarted' });
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, at) => at + 1));
    expect(content).not.toContain(secret);
    await expect.poll(async () => (await live.ask('events', { names: ['RunExported'] })).events.length).toBe(1);
  });

  test('run: opened as a recording → answers about any moment and takes no commands', async () => {
    const live = await startedRun();
    const done = await live.ask('submit', { command: { op: 'set', key: 'x', value: '5' } });
    const index = done.outcome === 'done' ? done.index : Number.POSITIVE_INFINITY;
    await live.until('applied on all', (view) => Object.values(view.servers).every((one) => one.lastApplied >= index));
    await live.ask('kill', { servers: ['S1'], signal: 'SIGKILL' });
    await live.until('S1 down', (view) => view.servers.S1?.disk !== null);
    await live.close();

    const lab = await openLab();
    const pushes: LabPush[] = [];
    lab.listen((push) => pushes.push(push));
    const mode = await lab.ask('openRun', { runId: live.runId });
    expect(mode).toMatchObject({ ok: true, value: { mode: 'past', runId: live.runId } });
    expect(pushes.map((push) => push.type === 'mode' && push.mode.mode)).toEqual(['idle', 'past']);
    const end = pushes[1]?.type === 'mode' ? pushes[1].view : null;
    expect(end?.servers.S1?.exit).toMatchObject({ signal: 'SIGKILL' });
    expect(end?.ended?.reason).toBe('closed');
    const start = await lab.ask('viewAt', { timeUs: 0 });
    expect(start.ok && Object.values(start.value.servers).every(({ role }) => role === null)).toBe(true);
    const commit = Object.values(end?.entries ?? {}).find(({ entry }) => entry.type === 'command')?.entry;
    expect(await lab.ask('indexLife', { index: commit?.index })).toMatchObject({
      ok: true,
      value: { entries: [{ fate: 'committed', by: { client: 'C1', answers: [{ kind: 'done' }] } }] },
    });
    expect(await lab.ask('disk', { server: 'S1' })).toMatchObject({ ok: true, value: { problems: [] } });
    expect(await refusal(lab, 'disk', { server: 'S9' })).toEqual({ 'unknown-server': { server: 'S9' } });
    expect(await refusal(lab, 'process', { server: 'S9' })).toEqual({ 'unknown-server': { server: 'S9' } });
    // At the end no server is up. At the kill the other servers were up and had applied the acknowledged commands.
    const killedUs = end?.servers.S1?.exit?.atUs ?? 0;
    expect(await lab.ask('stores', { limit: 9 })).toEqual({ ok: true, value: { S1: null, S2: null, S3: null } });
    const stores = await lab.ask('stores', { limit: 9, timeUs: killedUs });
    const held = { lastApplied: index, total: 1, items: [{ key: 'x', value: '5' }], next: null };
    expect(stores).toEqual({ ok: true, value: { S1: null, S2: held, S3: held } });
    expect(await lab.ask('process', { server: 'S1', timeUs: killedUs })).toMatchObject({
      ok: true,
      value: { pid: null, life: 1, exit: { signal: 'SIGKILL', ordered: true } },
    });
    expect(await refusal(lab, 'kill', { servers: ['S1'], signal: 'SIGKILL' })).toEqual({ 'past-run': {} });
    expect(await refusal(lab, 'submit', { command: { op: 'get', key: 'x' } })).toEqual({ 'past-run': {} });
    const exported = await lab.exportRun();
    expect(exported.ok && (await text(exported.value.stream)).includes('"event":"RunEnded"')).toBe(true);
    expect(await lab.ask('closeRun', {})).toEqual({ ok: true, value: { mode: 'idle' } });
  });
});

describe('expected failures', () => {
  test('requests: nothing is open → no-run and other codes', async () => {
    const lab = await openLab();
    expect(await refusal(lab, 'kill', { servers: ['S1'], signal: 'SIGKILL' })).toEqual({ 'no-run': {} });
    expect(await refusal(lab, 'events', {})).toEqual({ 'no-run': {} });
    expect(await refusal(lab, 'continueRun', { runId: null })).toEqual({ 'no-runs': {} });
    const runId = '2026-01-01T00-00-00-0000';
    expect(await refusal(lab, 'openRun', { runId })).toEqual({ 'unknown-run': { runId } });
    expect(await refusal(lab, 'kill', { servers: ['/etc'] })).toMatchObject({ 'bad-request': {} });
    expect(await refusal(lab, 'shutdown' as 'kill', {})).toMatchObject({ 'bad-request': {} });
    expect(await lab.exportRun()).toMatchObject({ ok: false, error: { code: 'no-run' } });
    expect(await lab.ask('ready', { autoStart: false })).toEqual({ ok: true, value: { mode: 'idle' } });
  });

  test('requests: impossible in the live run → each with its code', async () => {
    const { lab } = await startedRun();
    // The live run does not count as the last run.
    expect(await refusal(lab, 'continueRun', { runId: null })).toEqual({ 'no-runs': {} });
    expect(await refusal(lab, 'restart', { servers: ['S1'] })).toEqual({ 'already-up': { server: 'S1' } });
    expect(await refusal(lab, 'kill', { servers: ['S4'], signal: 'SIGTERM' })).toEqual({
      'unknown-server': { server: 'S4' },
    });
    expect(await refusal(lab, 'cutOff', { servers: ['S1', 'S2', 'S3'] })).toEqual({ 'nothing-to-cut': {} });
    expect(await refusal(lab, 'heal', { fault: 'F1' })).toEqual({ 'unknown-fault': { fault: 'F1' } });
  });

  test('second lab: on the same folder → refused with the holder, leaves its processes alone', async () => {
    const live = await startedRun();
    const second = await openLab();
    const since = expect.stringMatching(/^\d{4}-/);
    const holder = { runId: live.runId, pid: process.pid, since };
    expect(await refusal(second, 'createRun', {})).toEqual({ 'run-locked': holder });
    expect(await refusal(second, 'continueRun', { runId: null })).toEqual({ 'run-locked': holder });
    expect((await second.ask('listRuns', {})).ok).toBe(true);
    expect(Object.values(live.view().servers).map(({ status }) => status)).toEqual(['up', 'up', 'up']);
  });

  test('continue: the run was left open in another container → asks first, then takes it over', async () => {
    const first = await startedRun();
    await first.ask('submit', { command: { op: 'set', key: 'x', value: '5' } });
    await first.close();
    const lab = await openLab();
    expect(await lab.ask('createRun', { servers: 1, pace: 'real' })).toMatchObject({ ok: true });
    const place = { ...thisPlace(), host: 'box', pidNamespace: 'pid:[1]' };
    const file = join(dataFolder, 'runs', first.runId, 'lock');
    const left = { pid: 7, startTime: '1', token: 'old', takenAt: '2026-11-23T20:23:28.000Z', place };
    const runId = first.runId;
    const beaten = (secondsAgo: number): string => {
      const date = new Date(Math.floor(Date.now() / 1_000 - secondsAgo) * 1_000);
      writeFileSync(file, JSON.stringify(left));
      utimesSync(file, date, date);
      return date.toISOString();
    };
    const who = { runId, host: 'box', pid: 7 };
    const seen = beaten(15);
    const held = { 'run-locked-elsewhere': { ...who, since: left.takenAt, seen } };
    expect(await refusal(lab, 'continueRun', { runId })).toEqual(held);
    // A person's permission does not make a living lab count as dead.
    expect(await refusal(lab, 'continueRun', { runId, takeOver: true })).toEqual(held);
    const last = beaten(40);
    expect(await refusal(lab, 'continueRun', { runId })).toEqual({ 'run-left-elsewhere': { ...who, seen: last } });
    expect(await lab.ask('ready', { autoStart: false })).toMatchObject({ ok: true, value: { mode: 'live' } });
    const taken = await lab.ask('continueRun', { runId, takeOver: true });
    expect(taken).toMatchObject({ ok: true, value: { mode: 'live', runId } });
  });

  test('new run: less free space than the setting demands → refused before anything is closed', async () => {
    const live = await startedRun();
    vi.stubEnv('RAFT_LAB_MIN_FREE_MIB', '999999999');
    const full = { path: dataFolder, free: expect.any(Number), least: 999_999_999 };
    expect(await refusal(live.lab, 'createRun', {})).toEqual({ 'disk-nearly-full': full });
    const mode = { mode: 'live', runId: live.runId };
    expect(await live.ask('ready', { autoStart: false })).toMatchObject(mode);
    vi.stubEnv('RAFT_LAB_MIN_FREE_MIB', '1');
    expect(await live.ask('createRun', { servers: 1, pace: 'real' })).toMatchObject({ mode: 'live' });
  });

  test('new run: another lab holds the folder → refused, the open recording stays open', async () => {
    const first = await startedRun();
    await first.close();
    const second = await openLab();
    expect(await second.ask('openRun', { runId: first.runId })).toMatchObject({ ok: true });
    const live = await startedRun();
    expect(await refusal(second, 'createRun', {})).toMatchObject({ 'run-locked': { runId: live.runId } });
    const mode = { mode: 'past', runId: first.runId };
    expect(await second.ask('ready', { autoStart: false })).toMatchObject({ ok: true, value: mode });
  });

  test('delete: the live run → refused; the open recording → closed and deleted', async () => {
    const live = await startedRun();
    const { runId, lab } = live;
    expect(await refusal(lab, 'deleteRun', { runId })).toEqual({ 'run-open': { runId } });
    await live.ask('closeRun', {});
    await live.ask('openRun', { runId });
    await live.ask('deleteRun', { runId });
    expect(await live.ask('ready', { autoStart: false })).toEqual({ mode: 'idle' });
    expect(await live.ask('listRuns', {})).toEqual([]);
    expect(await refusal(lab, 'deleteRun', { runId })).toEqual({ 'unknown-run': { runId } });
  });

  test('scenario: the lab is closed → refused, no cluster starts', async () => {
    const lab = await openLab();
    await lab.close();
    const scenario = await scenarioIn(join(import.meta.dirname, '../../resources/scenarios/Tour.yaml'));
    const silent = { began: () => undefined, warned: () => undefined, noted: () => undefined };
    expect(await lab.play({ scenario, seed: 1, progress: silent })).toMatchObject({
      ok: false,
      error: { code: 'busy' },
    });
    expect(readdirSync(dataFolder)).toEqual([]);
  });

  test('new run: a program cannot be started → no run is open and no lock is held', async () => {
    const lab = await createLab({ dataFolder, programs: { ...programs, network: join(dataFolder, 'missing.mjs') } });
    labs.push(lab);
    expect(await refusal(lab, 'createRun', { servers: 3 })).toMatchObject({ 'lab-failed': {} });
    expect(await refusal(lab, 'kill', { servers: ['S1'], signal: 'SIGKILL' })).toEqual({ 'no-run': {} });
    const other = await openLab();
    expect(await other.ask('createRun', { servers: 1, pace: 'real' })).toMatchObject({ ok: true });
  });

  test('new run: the folder cannot be written → refused with its path', async () => {
    const lab = await openLab();
    writeFileSync(join(dataFolder, 'runs'), 'a file where a folder should be');
    const path = join(dataFolder, 'runs');
    expect(await refusal(lab, 'createRun', {})).toMatchObject({ 'cannot-write': { path, errno: 'EEXIST' } });
  });
});

test('ready: from two doors at once → one run; a new run → closes the one before', async () => {
  const lab = await openLab();
  const [one, other] = await Promise.all([
    lab.ask('ready', { autoStart: true }),
    lab.ask('ready', { autoStart: true }),
  ]);
  expect(one).toMatchObject({ ok: true, value: { mode: 'live', settings: { pace: 'classroom' } } });
  expect(other).toEqual(one);
  const next = await lab.ask('createRun', { servers: 1, pace: 'real' });
  const old = one.ok && one.value.mode === 'live' ? one.value.runId : '';
  expect(next.ok && next.value.mode === 'live' && next.value.runId !== old).toBe(true);
  expect(processesOf(old)).toEqual([]);
});

/** The run's secret, read from the environment of one of its processes. */
function secretOf(runId: string): string {
  const [own] = processesOf(runId).filter(({ words }) => words.includes('--server'));
  return /"secret":"([^"]+)"/.exec(readFileSync(`/proc/${own?.pid}/environ`, 'utf8'))?.[1] ?? '';
}
