/** Runs the real `scripts/test-long.mjs` as a process in a small project of its own, with small parts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../helpers/until.ts';
import { top } from './scripts.ts';

let root: string;
let children: ChildProcess[];

/** A unit records its name. `slow` waits until the file `go` exists; `bad` fails unless the file `good` exists. */
const UNIT = `
  import { appendFileSync, existsSync } from 'node:fs';
  const [name] = process.argv.slice(2);
  appendFileSync('noted', name + '\\n');
  if (name === 'bad' && !existsSync('good')) { console.log('why it failed'); process.exit(1); }
  const wait = () => { if (name === 'slow' && !existsSync('go')) setTimeout(wait, 20); };
  wait();
`;
const PARTS = `
  const unit = (name) => ({ name, command: ['unit.mjs', name], repeat: 'npm run unit -- ' + name });
  export const PARTS = [
    { name: 'mixed', what: 'one fails', units: () => ['quick', 'bad', 'slow'].map(unit) },
    { name: 'other', what: 'never asked for', units: () => [unit('other')] },
  ];
`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'raft-lab-long-'));
  children = [];
  cpSync(join(top, 'scripts'), join(root, 'scripts'), { recursive: true });
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src', 'a.ts'), '');
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'scripts', 'unit.mjs'), UNIT);
  writeFileSync(join(root, 'scripts', 'long-parts.mjs'), PARTS);
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(root, 'scripts', 'test-long.mjs'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, as in a terminal, so that a test can send Ctrl-C.
    detached: true,
  });
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const ended = new Promise<{ readonly code: number | null; readonly lines: readonly string[] }>((resolve) => {
    child.on('close', (code) => resolve({ code, lines: output.trimEnd().split('\n') }));
  });
  return { child, ended };
}

const noted = (): readonly string[] =>
  existsSync(join(root, 'noted')) ? readFileSync(join(root, 'noted'), 'utf8').trimEnd().split('\n') : [];

test('Ctrl-C: pressed in a unit → next start continues there, prints failures and how to repeat', async () => {
  const first = start('mixed');
  await until('the slow unit', () => noted().includes('slow'));
  process.kill(-Number(first.child.pid), 'SIGINT');
  const stopped = await first.ended;
  expect([stopped.code, stopped.lines.at(-1)]).toEqual([130, '1 passed, 1 failed, 1 skipped']);
  expect(stopped.lines).toContain('why it failed');
  expect((await start('--list').ended).lines.join('\n')).toMatch(
    /mixed +one fails\n.*1 passed, 1 failed, 1 not run yet/,
  );

  writeFileSync(join(root, 'go'), '');
  const second = await start('mixed').ended;
  expect(second.lines).toContain('goes on: 2 of 3 units are finished');
  expect(second.lines).toContain('    ✗ bad; repeat with: npm run unit -- bad');
  expect([second.code, second.lines.at(-1)]).toEqual([1, '2 passed, 1 failed']);
  expect(noted()).toEqual(['quick', 'bad', 'slow', 'slow']);

  // After a change of the sources the finished units do not count.
  for (const name of ['src/a.ts', 'good']) writeFileSync(join(root, name), 'changed');
  const third = await start('mixed').ended;
  expect([third.code, third.lines.at(-1)]).toEqual([0, '3 passed, 0 failed']);
});

test('unknown part → a sentence with the known names, exit code 2', async () => {
  const { code, lines } = await start('judges').ended;
  expect([code, lines]).toEqual([2, ['There is no part judges. There are: mixed, other; all runs each of them.']]);
});
