/** The built bench measures and checks a row, compares two checkouts, refuses bad options, and leaves no process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXIT } from '../../src/core/wire/index.ts';
import { LOAD_ORDERS, type LoadOrders } from '../../src/load/orders.ts';
import { processesOf } from '../helpers/processes-of.ts';
import { until } from '../helpers/until.ts';
import { top } from '../scripts/scripts.ts';

const program = join(top, 'out', 'main', 'cli.js');
let folder: string;

beforeEach(({ skip }) => {
  if (!existsSync(program)) skip('out/main/cli.js is not built; npm test builds it first');
  if (process.platform !== 'linux') skip('processes are looked for in /proc');
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-bench-test-'));
});
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Starts `raft-lab bench` with its temporary files in a folder of the test. */
function start(...args: readonly string[]) {
  const env = { ...process.env, TMPDIR: folder, LC_ALL: 'en_US.UTF-8' };
  const child = spawn(process.execPath, [program, 'bench', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, ended };
}

const FIGURES = ['writesPerSecond', 'p50Ms', 'p99Ms', 'done', 'events', 'messages', 'linkBytes'] as const;

/** Checks that each figure is present and that answers were compared with the logs. */
function expectFigures(row: Readonly<Record<(typeof FIGURES)[number] | 'checked', number>>): void {
  for (const figure of FIGURES) expect(row[figure], figure).toBeGreaterThan(0);
  expect(row.checked).toBeGreaterThanOrEqual(row.done);
}

test('bench: lab on → valid row with figures and CPU by role; no process or file left', async () => {
  const { code, stdout, stderr } = await start('--clients', '4', '--seconds', '1', '--json').ended;
  expect(code, stderr).toBe(0);
  const [row] = JSON.parse(stdout).rows;
  expect(row).toMatchObject({ servers: 3, clients: 4, durability: 'fsync', void: [] });
  expectFigures(row);
  expect(row.traceBytes).toBeGreaterThan(0);
  if (row.elections === 0) expect(row.cpuUs.leader).toBeGreaterThan(0);
  expect(processesOf(folder)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

/**
 * Makes a checkout from before the bench existed: the built programs without those of the bench. The programs that a
 * lab spawns end with `.js`, as they did then.
 */
function otherCheckout(): string {
  const other = join(folder, 'other checkout');
  mkdirSync(other);
  for (const path of ['out', 'package.json']) cpSync(join(top, path), join(other, path), { recursive: true });
  for (const name of ['cli.js', 'bench-clients.js', 'bench-host.js']) rmSync(join(other, 'out', 'main', name));
  for (const name of ['peer', 'network', 'reaper']) {
    renameSync(join(other, 'out', 'main', `${name}.mjs`), join(other, 'out', 'main', `${name}.js`));
  }
  // Older hosts look for the programs under these names.
  for (const file of scriptsOf(join(other, 'out', 'main'))) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/(["'`](?:peer|network|reaper)\.)mjs(["'`])/g, '$1js$2'));
  }
  return other;
}

/** Returns the built scripts, including chunks. */
function scriptsOf(main: string): readonly string[] {
  const names = readdirSync(main, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.js')).map((name) => join(main, name));
}

test('bench --against: checkout without the bench → pairs in turns, a ratio with its spread', async () => {
  const asked = ['--clients', '4', '--seconds', '1', '--pairs', '2', '--against', otherCheckout()];
  const { code, stdout, stderr } = await start(...asked, '--json').ended;
  expect(code, stderr).toBe(0);
  const [comparison] = JSON.parse(stdout).comparisons;
  expect(comparison.pairs.map(({ first }: { first: string }) => first)).toEqual(['this', 'against']);
  expect(comparison.ratio).toBeGreaterThan(0);
  expect(comparison.spread.low).toBeLessThanOrEqual(comparison.spread.high);
});

/** S2 removes the open end of its log when it ends, like a server whose writes never reached the disk. */
const FORGETFUL_PEER = `import { readdirSync, rmSync } from 'node:fs';
const { server, folder } = JSON.parse(process.env.RAFT_LAB_SERVER);
if (server === 'S2') {
  process.on('exit', () => {
    const tails = readdirSync(folder + '/log').filter((name) => name.startsWith('tail-'));
    for (const name of tails) rmSync(folder + '/log/' + name);
  });
}
await import('./peer-whole.js');
`;

test('bench --lab off: a server forgets entries → its row is void, exit code 1, no ratio', async () => {
  const other = otherCheckout();
  const main = join(other, 'out', 'main');
  renameSync(join(main, 'peer.js'), join(main, 'peer-whole.js'));
  writeFileSync(join(main, 'peer.js'), FORGETFUL_PEER);
  const asked = ['--clients', '4', '--seconds', '1', '--pairs', '1', '--lab', 'off', '--against', other];
  const { code, stdout, stderr } = await start(...asked, '--json').ended;
  expect(code, stderr).toBe(1);
  const [{ pairs, ratio }] = JSON.parse(stdout).comparisons;
  const codesOf = (row: { void: readonly { code: string }[] }): readonly string[] => row.void.map((one) => one.code);
  expectFigures(pairs[0].this);
  expect(pairs[0].this.traceBytes).toBeNull();
  expect([codesOf(pairs[0].this), codesOf(pairs[0].against)]).toEqual([[], ['unreadable', 'unequal', 'not-applied']]);
  expect([pairs[0].ratio, ratio]).toEqual([null, null]);
  expect(stderr).toContain('the logs of S1 and S2 differ at entry');
  expect(processesOf(join(folder, 'raft-lab-bench-'))).toEqual([]);
  expect(readdirSync(folder)).toEqual(['other checkout']);
});

test('bench: bad options → a sentence, exit code 2; folder that is not built → the remedy', async () => {
  for (const [args, sentence] of [
    [['--clients', '0'], '--clients takes a whole number from 1 to 1000, not 0.'],
    [['--durability', 'disk'], 'disk is none of the values of --durability: fsync, os-cache.'],
    [['--pairs', '3'], '--pairs needs --against DIR'],
  ] as const) {
    const { code, stderr } = await start(...args).ended;
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  }
  const { code, stderr } = await start('--against', folder).ended;
  expect([code, stderr]).toEqual([1, expect.stringContaining('run npm run build in')]);
});

test('bench: Ctrl-C in the middle of a row → exit code 130, no process and no file left', async () => {
  const { child, ended } = start('--clients', '4', '--seconds', '60');
  await until('its servers run', () => processesOf(folder).length >= 4);
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  expect(processesOf(folder)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

test('load generator: second SIGTERM while no server answers → ends at once, with its own code', async () => {
  // A network that accepts connections and never answers: no command gets an outcome for ten seconds.
  const silent = createServer().listen(0, '127.0.0.1');
  const dialled = once(silent, 'upgrade');
  await once(silent, 'listening');
  const orders: LoadOrders = {
    runId: 'R1',
    secret: 's',
    networkUrl: `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    originNs: '0',
    servers: ['S1'],
    clients: 1,
    warmUpMs: 0,
    measureMs: 1_000,
    valueBytes: 1,
    keys: 1,
  };
  const env = { ...process.env, [LOAD_ORDERS]: JSON.stringify(orders) };
  const load = spawn(process.execPath, [join(top, 'out', 'main', 'bench-clients.js')], { env, stdio: 'pipe' });
  const ended = once(load, 'exit');
  await dialled;
  const again = setInterval(() => load.kill('SIGTERM'), 100);
  try {
    expect(await ended).toEqual([EXIT.interrupted, null]);
  } finally {
    clearInterval(again);
    silent.close();
    silent.closeAllConnections();
  }
});
