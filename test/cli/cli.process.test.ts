/** The built terminal program: the tour with its proof, exports that overwrite nothing, and Ctrl-C that leaves no process. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTimeOf } from '../../src/program/process-info.ts';
import { processesOf, processesOfRunsIn } from '../helpers/processes-of.ts';
import { until } from '../helpers/until.ts';
import { top } from '../scripts/scripts.ts';

const program = join(top, 'out', 'main', 'cli.js');
const host = join(top, 'out', 'main', 'web-host.js');
let folder: string;

beforeEach(({ skip }) => {
  if (!existsSync(program)) skip('out/main/cli.js is not built; npm test builds it first');
  if (process.platform !== 'linux') skip('processes are looked for in /proc');
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-cli-'));
});
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a built program as a shell does, in the test's folder and with a data folder there. */
function startProgram(
  file: string,
  ...args: readonly string[]
): {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
} {
  const env = { ...process.env, RAFT_LAB_DATA_DIR: join(folder, 'data'), LC_ALL: 'en_US.UTF-8' };
  const child = spawn(process.execPath, [file, ...args], { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

const start = (...args: readonly string[]): ReturnType<typeof startProgram> => startProgram(program, ...args);

const run = (...args: readonly string[]): Promise<Ended> => start(...args).ended;

/** `raft-lab view FILE --no-open`, as the launcher carries it out. */
const viewing = (file: string): ReturnType<typeof start> => startProgram(host, '--view', '--', file);

/** Views an exported file until its address is printed. No server runs, and the copy is removed at the end. */
async function viewed(file: string): Promise<void> {
  const before = readFileSync(file);
  const { child, ended, stdout, stderr } = viewing(file);
  await until('the address', () => stdout().includes('?token=') && 'yes', { tellMore: stderr });
  const opened = join(folder, 'data', 'opened');
  expect([readdirSync(opened).length, processesOfRunsIn(join(folder, 'data'))]).toEqual([1, []]);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
  expect([readdirSync(opened), readFileSync(file).equals(before)]).toEqual([[], true]);
}

test('uncaught error: servers run → exit code 3 with a sentence, no process left', async () => {
  const crash = `process.on('SIGUSR2', () => { throw new Error('a bug') })`;
  const play = ['scenario', 'run', 'Tour', '--json'];
  const { child, ended, stderr } = startProgram(`--import=data:text/javascript,${crash}`, program, ...play);
  const data = join(folder, 'data');
  await until('servers', () => (processesOfRunsIn(data).length > 5 ? 'yes' : null), { tellMore: stderr });
  child.kill('SIGUSR2');
  const { code, stderr: said } = await ended;
  expect([code, said]).toEqual([3, expect.stringContaining('It could not be done: a bug')]);
  await until('no process', () => (processesOfRunsIn(data).length === 0 ? 'yes' : null));
});

test('tour: played → valid, no process left; its recording → listed, judged again, exported', async () => {
  const { code, stdout, stderr } = await run('scenario', 'run', 'Tour', '--json');
  expect(code, stderr).toBe(0);
  const [report] = JSON.parse(stdout);
  expect(report).toMatchObject({ verdict: 'valid', history: 'valid', liveness: 'valid', counts: { crashes: 1 } });
  expect(report.seconds).toBeLessThan(60);
  expect(stderr).toContain('what was acknowledged is on every disk');
  expect(processesOf(report.runId)).toEqual([]);
  const judged = await run('check', report.runId);
  expect(judged.stdout).toMatch(/valid +liveness {2}\d+ times a leader in time/);

  const listed = JSON.parse((await run('runs', '--json')).stdout);
  expect(listed).toMatchObject([{ runId: report.runId, ok: true, live: false }]);
  const jsonl = await run('export');
  expect(jsonl.code, jsonl.stderr).toBe(0);
  const file = join(folder, `raft-lab-${report.runId}.jsonl`);
  expect(jsonl.stdout.trim()).toBe(file);
  const events = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(events.some((line) => JSON.parse(line).event === 'ServerFrozen')).toBe(true);

  await viewed(file);
  expect(await run('check', file)).toEqual(judged);

  writeFileSync(file, 'mine');
  expect(await viewing(file).ended).toMatchObject({ code: 1, stderr: expect.stringContaining('is not a recording') });
  const refused = await run('export', report.runId);
  expect([refused.code, readFileSync(file, 'utf8')]).toEqual([1, 'mine']);
  expect(refused.stderr).toContain('--force');
  expect((await run('export', '--force')).code).toBe(0);
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toEqual(events);

  const csv = await run('export', '--format', 'csv', '--out', '-');
  const rows = csv.stdout.trimEnd().split('\r\n');
  expect([csv.code, rows.length]).toEqual([0, events.length + 1]);
  expect(await run('export', file, '--format', 'csv', '--out', '-')).toEqual(csv);
});

test('tour: Ctrl-C → ends in order with exit code 130, no process left', async () => {
  const { child, ended, stderr } = start('scenario', 'run', 'Tour');
  await until('the first command', () => stderr().includes('submit: set x 5') && 'yes', { tellMore: stderr });
  child.kill('SIGINT');
  const { code } = await ended;
  expect(code).toBe(130);
  expect(processesOfRunsIn(join(folder, 'data'))).toEqual([]);
});

test('commands: impossible → a sentence with the remedy, and the exit code', async () => {
  const wrong = await run('export', '--format', 'xml');
  expect([wrong.code, wrong.stdout]).toEqual([2, '']);
  expect(wrong.stderr).toContain('xml is none of the values of --format: jsonl, csv');
  const empty = await run('export');
  expect([empty.code, empty.stderr.includes('raft-lab scenario run Tour')]).toEqual([1, true]);
  mkdirSync(join(folder, 'data', 'runs', '2026-01-01T00-00-00-abcd'), { recursive: true });
  const unreadable = await run('export');
  expect([unreadable.code, unreadable.stderr]).toEqual([1, expect.stringContaining('holds no run that has ended')]);
  const unknown = await run('export', '2020-01-01T00-00-00-0000');
  expect([unknown.code, unknown.stderr]).toEqual([
    1,
    expect.stringContaining('There is no run 2020-01-01T00-00-00-0000'),
  ]);
  const file = join(folder, 'a file');
  writeFileSync(file, '');
  const bad = await run('runs', '--data', file);
  expect([bad.code, bad.stderr]).toEqual([3, expect.stringContaining('It could not be done')]);
});

test('doctor: --json → one document with a remedy for each missing thing', async () => {
  const { code, stdout } = await run('doctor', '--json');
  const findings = JSON.parse(stdout) as { check: string; state: string; remedy: string }[];
  expect(code).toBe(0);
  const stateOf = (check: string) => findings.find((one) => one.check === check)?.state;
  const states = ['node', 'programs', 'ports', 'folder', 'freeze'].map((check) => [check, stateOf(check)]);
  expect(states).toEqual(states.map(([check]) => [check, 'good']));
  for (const { state, remedy } of findings) expect(remedy === '').toBe(state === 'good');
});

test('doctor: folder in use, a run dated next year, few files → each with its remedy', async () => {
  const data = join(folder, 'data');
  mkdirSync(join(data, 'runs', `${new Date().getFullYear() + 2}-01-01T00-00-00-abcd`), { recursive: true });
  const holder = { pid: process.pid, startTime: startTimeOf(process.pid), token: 'x', takenAt: '2026-11-30T08:00:00Z' };
  writeFileSync(join(data, 'lock'), JSON.stringify(holder));
  const shell = spawnSync('sh', ['-c', `ulimit -n 200 && "${process.execPath}" "${program}" doctor --json`], {
    env: { ...process.env, RAFT_LAB_DATA_DIR: data, LC_ALL: 'en_US.UTF-8' },
    encoding: 'utf8',
  });
  const findings = JSON.parse(shell.stdout) as { check: string; state: string; found: string; remedy: string }[];
  const of = (check: string) => findings.find((one) => one.check === check);
  expect(of('files')).toMatchObject({ state: 'bad', found: '200', remedy: expect.stringContaining('ulimit -n 4096') });
  expect(of('lock')).toMatchObject({ state: 'missing', found: expect.stringContaining(`process ${process.pid}`) });
  expect(of('clock')).toMatchObject({ state: 'missing', remedy: expect.stringContaining('the clock was set back') });
  expect(shell.status).toBe(1);
});

test('scenario: file → listed, played to a verdict, judged again by check; bad file → no start', async () => {
  const list = await run('scenario', 'list');
  expect([list.code, list.stdout]).toEqual([0, expect.stringContaining('TestReElection')]);
  const own = join(folder, 'own.yaml');
  const head = 'name: Own\ntitle: { en: My own, zh: 我的 }\ncluster: { servers: 3, mode: production }\nsteps:\n';
  writeFileSync(own, `${head}  - submit: set x 5\n  - checkOneLeader: L\n  - kill: L\n  - submit: get x\n`);
  const played = await run('scenario', 'run', own, '--seed', '7', '--json');
  expect(played.code, played.stderr).toBe(0);
  expect(played.stderr).toContain('… kill: L');
  const [outcome] = JSON.parse(played.stdout);
  expect(outcome).toMatchObject({ name: 'Own', seed: 7, verdict: 'valid', history: 'valid', counts: { crashes: 1 } });
  expect(processesOf(outcome.runId)).toEqual([]);

  const judged = await run('check', outcome.runId, '--json');
  expect(judged.code, judged.stdout).toBe(0);
  expect(JSON.parse(judged.stdout)).toMatchObject({
    outcome: 'valid',
    history: { verdict: 'valid', operations: 2 },
    scenario: { name: 'Own', verdict: 'valid', reason: null },
  });

  writeFileSync(
    own,
    `${head}  - one: { value: 1, servers: 3 }\n  - expect: { that: applied(1) == 0, says: { en: it was committed, zh: 已提交 } }\n`,
  );
  const violated = await run('scenario', 'run', own);
  expect([violated.code, violated.stdout]).toEqual([1, expect.stringContaining('it was committed (line 6)')]);
  expect(violated.stderr).toMatch(/seed (\d+); repeat with: .* scenario run \S+own\.yaml --seed \1\n/);
  writeFileSync(own, `${head}  - slep: 5\n`);
  const noRuns = await run('scenario', 'run', 'Tour', '--runs', '0');
  expect([noRuns.code, noRuns.stderr]).toEqual([
    2,
    expect.stringContaining('--runs takes a whole number from 1 to 10000, not 0.'),
  ]);
  const refused = await run('scenario', 'run', own);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('line 5, column 5: there is no step slep'),
  ]);
  expect((await run('scenario', 'run', 'nothing')).code).toBe(2);
  expect((await run('scenario', 'run')).code).toBe(2);
  expect((await run('scenario', 'play', own)).code).toBe(2);
});

test('check: a recording without its end → incomplete, code 4; damaged → code 4 with the line', async () => {
  const played = await run('scenario', 'run', 'TestInitialElection', '--json');
  const [{ runId }] = JSON.parse(played.stdout);
  const events = join(folder, 'data', 'runs', runId, 'events.jsonl');
  const lines = readFileSync(events, 'utf8').trimEnd().split('\n');
  expect(lines.at(-1)).toContain('"event":"RunEnded"');
  writeFileSync(events, `${lines.slice(0, -1).join('\n')}\n`);
  const incomplete = await run('check', runId);
  expect([incomplete.code, incomplete.stdout]).toEqual([4, expect.stringContaining('ends here without RunEnded')]);
  writeFileSync(events, `${lines.slice(0, 5).join('\n')}\nnothing\n${lines.slice(6).join('\n')}\n`);
  const damaged = await run('check', runId);
  expect([damaged.code, damaged.stdout]).toEqual([
    4,
    expect.stringMatching(/damaged +the run, judged up to event 5.*line 6, byte \d+: /s),
  ]);
  const table = await run('export', runId, '--format', 'csv', '--out', '-');
  expect([table.code, table.stdout.match(/\r\n\d+,/g)?.length]).toEqual([0, 5]);
  expect(table.stderr).toMatch(/The recording is damaged: line 6, byte \d+: .*\nThe table ends before that line\./);
});

test('check: published histories in their formats → judged; invalid → error with its line', async () => {
  const file = join(folder, 'history.edn');
  const row = (process: number, type: string, f: string, value: string): string =>
    `{:process ${process}, :type :${type}, :f :${f}, :value ${value}}\n`;
  writeFileSync(
    file,
    row(0, 'invoke', 'write', '3') +
      row(0, 'ok', 'write', '3') +
      row(1, 'invoke', 'read', 'nil') +
      row(1, 'ok', 'read', '3'),
  );
  expect((await run('check', file, '--format', 'jepsen-edn')).code).toBe(0);
  writeFileSync(
    file,
    row(0, 'invoke', 'write', '3') +
      row(0, 'ok', 'write', '3') +
      row(1, 'invoke', 'read', 'nil') +
      row(1, 'ok', 'read', '4'),
  );
  const violated = await run('check', file, '--format', 'jepsen-edn');
  expect([violated.code, violated.stdout]).toEqual([1, expect.stringContaining('read → 4')]);
  const unread = await run('check', file, '--format', 'jepsen-log');
  expect([unread.code, unread.stderr]).toEqual([4, expect.stringContaining('line 1')]);
  expect((await run('check', file)).code).toBe(2);
  expect((await run('check', 'nowhere')).code).toBe(1);
});
