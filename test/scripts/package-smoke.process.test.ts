/**
 * The smoke test of a package, tried on small programs: one behaves as a lab should, the others fail in one way each.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { script } from './scripts.ts';

interface Limits {
  readonly args: readonly string[];
  readonly stayMs?: number;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly leftMs?: number;
}

const { smokeTest } = await script<{ smokeTest(program: string, how: Limits): Promise<string | null> }>(
  'package-smoke.mjs',
);
const { ourProcesses } = await script<{
  ourProcesses(): readonly { readonly pid: number; readonly words: readonly string[] }[];
}>('leftovers.mjs');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-smoke-test-'));
  writeFileSync(join(folder, 'peer.mjs'), 'setInterval(() => undefined, 1000);');
});

afterAll(() => {
  for (const { pid, words } of ourProcesses()) {
    if (words.some((word) => word.startsWith(folder))) process.kill(pid, 'SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Arguments for a program that starts one server and runs `onTerm` on SIGTERM. */
const program = (run: string, onTerm: string): readonly string[] => [
  '-e',
  `const child = require('node:child_process').spawn(process.execPath,
     [${JSON.stringify(join(folder, 'peer.mjs'))}, '--run', '${run}', '--server', 'S1'], { stdio: 'ignore' });
   process.on('SIGTERM', () => { ${onTerm} });
   setInterval(() => undefined, 1000);`,
];

const smoke = (args: readonly string[], limits: Omit<Limits, 'args'> = {}) =>
  smokeTest(process.execPath, { args, stayMs: 300, ...limits });

describe.skipIf(process.platform === 'win32')('smoke test', () => {
  test('smoke test: server runs and ends with its program → no problem reported', async () => {
    const end = "child.on('exit', () => process.exit(0)); child.kill('SIGKILL');";
    expect(await smoke(program('smoke-1', end))).toBeNull();
  });

  test('smoke test: server outlives its program → reported', async () => {
    expect(await smoke(program('smoke-2', 'process.exit(0);'), { leftMs: 300 })).toBe('it left 1 processes');
  });

  test('smoke test: program ignores SIGTERM → reported', async () => {
    expect(await smoke(program('smoke-3', ''), { endMs: 300 })).toBe('it did not end on SIGTERM');
  });

  test('smoke test: program ends with another exit code → reported', async () => {
    const end = "child.kill('SIGKILL'); process.exit(3);";
    expect(await smoke(program('smoke-4', end))).toBe('it ended with 3 on SIGTERM');
  });

  test('smoke test: program ends before a server runs, or starts none → reported', async () => {
    expect(await smoke(['-e', 'process.exit(70)'])).toBe('it ended with 70 before a server ran');
    expect(await smoke(['-e', 'setInterval(() => 0, 1000)'], { startMs: 300 })).toBe('no server was started');
  });
});
