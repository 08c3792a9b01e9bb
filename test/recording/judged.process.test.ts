/**
 * Real runs are judged while they run. With correct rules every verdict is valid. A server with a wrong rule (a mutant)
 * violates the expected property, and the proof is in the trace, in the view and in verdicts.json.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/core/check/index.ts';
import { createLab, judgeRunFolder } from '../../src/lab/index.ts';
import { readManifest } from '../../src/recording/index.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { type LiveLab, startLab } from '../helpers/live-lab.ts';
import { processesOf } from '../helpers/processes-of.ts';

let bundle: Bundle;
let dataFolder: string;
let live: LiveLab | null = null;

beforeAll(async () => {
  bundle = await bundlePrograms(LAB_PROGRAMS);
});
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-judged-'));
});
afterEach(async () => {
  await live?.close();
  if (live !== null) expect(processesOf(live.runId)).toEqual([]);
  live = null;
  rmSync(dataFolder, { recursive: true, force: true });
});
afterAll(async () => await bundle.remove());

async function begin(mutants: Readonly<Record<string, string>>): Promise<LiveLab> {
  const choice = { servers: 3, pace: 'real', preset: 'paper', mutants } as const;
  live = await startLab({ dataFolder, programs: bundle, choice });
  await live.until('a leader', ({ leader }) => leader !== null);
  return live;
}

const broken = (lab: LiveLab) => lab.view().violations.map(({ property }) => property);

async function gone(lab: LiveLab, id: string): Promise<void> {
  await lab.ask('kill', { servers: [id], signal: 'SIGKILL' });
  await lab.until(`${id} is gone`, ({ servers }) => servers[id]?.status === 'down' && servers[id].disk !== null);
}

async function back(lab: LiveLab, id: string): Promise<void> {
  await lab.ask('restart', { servers: [id] });
  await lab.until(`${id} is back`, ({ servers }) => servers[id]?.status === 'up');
}

test('correct rules: servers killed and restarted → all valid; verdicts.json matches the run', async () => {
  const lab = await begin({});
  for (let round = 0; round < 3; round += 1) {
    await lab.ask('submit', { command: { op: 'append', key: 'k', value: 'x' } });
    const victim = lab.view().leader?.server ?? 'S1';
    await gone(lab, victim);
    await lab.ask('submit', { command: { op: 'append', key: 'k', value: 'y' } });
    await back(lab, victim);
  }
  await lab.close();
  expect(broken(lab)).toEqual([]);
  const kept = JSON.parse(readFileSync(join(dataFolder, 'runs', lab.runId, 'verdicts.json'), 'utf8'));
  expect(kept).toMatchObject({ format: 1, isWhole: true });
  // The verdicts of the live run equal those of its recording.
  const { verdicts: ofRecording, history, liveness } = await judgeRunFolder(join(dataFolder, 'runs', lab.runId));
  expect({ history: kept.history, liveness: kept.liveness, verdicts: kept.verdicts }).toEqual({
    history,
    liveness,
    verdicts: ofRecording,
  });
  expect(kept).toMatchObject({ history: { verdict: 'valid', operations: 6 }, liveness: { outcome: 'valid' } });
  const verdicts = kept.verdicts as readonly Verdict[];
  expect(verdicts.filter(({ outcome }) => outcome === 'violated')).toEqual([]);
  expect(verdicts.filter(({ examined }) => examined === 0)).toEqual([]);
});

test('continued run: clients read earlier values → history valid from the continuation on', async () => {
  const first = await begin({});
  await first.ask('submit', { command: { op: 'append', key: 'k', value: 'x' } });
  await first.close();
  const programs = { peer: bundle.file('peer'), network: bundle.file('network'), reaper: bundle.file('reaper') };
  const lab = await createLab({ dataFolder, programs });
  const ask = (value: string) => lab.ask('submit', { command: { op: 'append', key: 'k', value } });
  expect(await lab.ask('continueRun', { runId: first.runId })).toMatchObject({ ok: true });
  expect(await ask('y')).toMatchObject({ ok: true, value: { outcome: 'done', result: { value: 'xy' } } });
  expect(await ask('z')).toMatchObject({ ok: true, value: { outcome: 'done', result: { value: 'xyz' } } });
  await lab.close();
  expect(processesOf(first.runId)).toEqual([]);
  const kept = JSON.parse(readFileSync(join(dataFolder, 'runs', first.runId, 'verdicts.json'), 'utf8'));
  expect(kept).toMatchObject({ isWhole: false, history: { verdict: 'valid', operations: 2 } });
});

test('continued run: pace changed before the continuation → liveness judged by the new pace', async () => {
  const choice = { servers: 3, pace: 'real', electionTicks: 5, heartbeatTicks: 1 } as const;
  const first = await startLab({ dataFolder, programs: bundle, choice });
  live = first;
  await first.ask('setPace', { pace: 'slow-motion' });
  await first.until('the other pace', ({ pace }) => pace === 'slow-motion');
  await first.close();
  const again = await startLab({ dataFolder, programs: bundle, choice, continueRun: first.runId });
  live = again;
  // A leader needs at least 1.5 s at the new pace. The first pace would require one within 1 s.
  await again.until('a leader', ({ leader }) => leader !== null, 60_000);
  await again.close();
  const kept = JSON.parse(readFileSync(join(dataFolder, 'runs', first.runId, 'verdicts.json'), 'utf8'));
  expect(kept).toMatchObject({ isWhole: false, liveness: { violation: null } });
});

test('mutant: known id → in the view’s settings and the manifest; unknown id → refused', async () => {
  const lab = await begin({ S2: 'old-term-commit' });
  expect(lab.view().settings?.mutants).toEqual({ S2: 'old-term-commit' });
  const manifest = await readManifest(join(dataFolder, 'runs', lab.runId));
  expect(manifest.ok && manifest.manifest.settings.mutants).toEqual({ S2: 'old-term-commit' });
  await lab.close();
  const programs = { peer: bundle.file('peer'), network: bundle.file('network'), reaper: bundle.file('reaper') };
  const other = await createLab({ dataFolder, programs });
  const refused = await other.ask('createRun', { servers: 3, mutants: { S1: 'no-such' } });
  expect(refused).toMatchObject({ ok: false, error: { code: 'unknown-mutant' } });
  await other.close();
});

test('mutant vote-forgotten-on-disk: killed after its vote → durable-before-reveal violated', async () => {
  const lab = await begin({ S1: 'vote-forgotten-on-disk' });
  await lab.until('its vote', ({ servers }) => servers.S1?.votedFor !== null);
  await gone(lab, 'S1');
  await lab.until('the verdict', ({ violations }) => violations.length > 0);
  expect(broken(lab)).toContain('durable-before-reveal');
  expect(lab.view().violations[0]?.proof.length).toBe(2);
});

test('§5.4.2 mutant: leader counts replicas of an old-term entry → own-term-commit violated', async () => {
  const lab = await begin({ S1: 'old-term-commit' });
  const lead = 'S1';
  // Only a leader can break this rule, so other leaders are killed until S1 leads.
  for (let lives = 0; lab.view().leader?.server !== lead && lives < 40; lives += 1) {
    const leader = lab.view().leader?.server ?? 'S2';
    await gone(lab, leader);
    await lab.until('another leader', (view) => view.leader !== null && view.leader.server !== leader);
    await back(lab, leader);
  }
  expect(lab.view().leader?.server).toBe(lead);
  const other = lab.servers.find((id) => id !== lead) ?? '';
  await lab.ask('submit', { command: { op: 'set', key: 'x', value: '1' } });
  // One follower is killed. The leader is cut off, stores a command that no other server receives, and is killed too.
  await gone(lab, other);
  await lab.ask('cutOff', { servers: [lead] });
  const taken = await lab.ask('startCommand', { server: lead, command: { op: 'set', key: 'old', value: '1' } });
  await lab.until('the entry on its disk', ({ servers }) => (servers[lead]?.durableIndex ?? 0) >= (taken.index ?? 0));
  await gone(lab, lead);
  await lab.ask('heal', {});
  // Only S1 can win the election of the two remaining servers, because its log is longer. As leader of a new term it
  // sends the old entry.
  await back(lab, lead);
  await lab.until('it leads again', ({ leader }) => leader?.server === lead && leader.term > (taken.term ?? 0));
  await lab.until('the verdict', ({ violations }) => violations.length > 0);
  expect(broken(lab)).toEqual(['own-term-commit']);
  const { events } = await lab.ask('events', { names: ['PropertyViolated'] });
  expect(events).toMatchObject([{ property: 'own-term-commit', rule: '§5.4.2, Figure 8', source: 'lab' }]);
});

test('mutant reply-before-persist: write fails after the reply → durable-before-reveal violated', async ({ skip }) => {
  if (spawnSync('prlimit', ['--version']).status !== 0) skip('prlimit is not on this machine');
  const lab = await begin({ S2: 'reply-before-persist' });
  // S2 must be a follower, so that it acknowledges entries.
  while (lab.view().leader?.server === 'S2') {
    await gone(lab, 'S2');
    await lab.until('another leader', ({ leader }) => leader !== null && leader.server !== 'S2');
    await back(lab, 'S2');
  }
  await lab.ask('submit', { command: { op: 'set', key: 'x', value: '1' } });
  await lab.until('it has the entry', ({ servers, commitIndex }) => (servers.S2?.durableIndex ?? 0) >= commitIndex);
  const pid = lab.view().servers.S2?.pid ?? 0;
  // Limit the size of its files to 0, so that the operating system refuses its next write.
  expect(spawnSync('prlimit', ['--pid', String(pid), '--fsize=0']).status).toBe(0);
  await lab.ask('submit', { command: { op: 'set', key: 'x', value: '2' } });
  await lab.until('its end', ({ servers }) => servers.S2?.pid === null && servers.S2.disk !== null);
  await lab.until('the verdict', ({ violations }) => violations.length > 0);
  expect(broken(lab)).toEqual(['durable-before-reveal']);
});

describe('mutants that forget at a restart', () => {
  test.each(['vote-not-restored', 'last-entry-not-restored'])('mutant %s → restores-its-disk violated', async (id) => {
    const lab = await begin({ S1: id, S2: id, S3: id });
    await lab.ask('submit', { command: { op: 'set', key: 'x', value: '1' } });
    // The leader has voted and has the entry, so its restart can forget either.
    const leader = lab.view().leader?.server ?? '';
    await gone(lab, leader);
    expect(lab.view().servers[leader]?.disk).toMatchObject({ votedFor: leader });
    await back(lab, leader);
    await lab.until('the verdict', () => broken(lab).includes('restores-its-disk'));
    const found = lab.view().violations.find(({ property }) => property === 'restores-its-disk');
    expect(found?.proof).toHaveLength(2);
  });
});
