/**
 * The list of leftover processes on Windows. A stand-in returns PowerShell's output, which must be judged as on other
 * systems.
 */
import { expect, test } from 'vitest';
import { script } from './scripts.ts';

interface Process {
  readonly pid: number;
  readonly words: readonly string[];
}
interface System {
  readonly platform: string;
  run(file: string, args: readonly string[]): string;
}
const { leftAfter, ourProcesses } = await script<{
  leftAfter(before: readonly Process[], withinMs: number, system: System): Promise<readonly Process[]>;
  ourProcesses(system: System): readonly Process[];
}>('leftovers.mjs');

const NODE = String.raw`"C:\Program Files\nodejs\node.exe"`;
const LINE = String.raw`${NODE} "C:\Raft Lab\out\main\NAME.mjs" --run r1 --server S1`;
const peer = (name: string) => LINE.replace('NAME', name);

/** Returns one item of `Win32_Process`, as `ConvertTo-Json` writes it. */
const one = (pid: number, parent: number, started: number, line: string | null, name = 'node.exe') => ({
  ...{ pid, parent, started, name, line },
});

function windows(rows: readonly object[]): System & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    platform: 'win32',
    run(file, args) {
      asked.push([file, ...args].join(' '));
      return JSON.stringify(rows);
    },
  };
}

test('our processes on Windows: one of our programs → listed, whatever quotes and folders', () => {
  const system = windows([
    one(4, 0, 0, null, 'System'),
    one(100, 4, 1, peer('peer')),
    one(101, 4, 1, String.raw`node C:\x\out\main\network.js --run r1`),
    one(102, 4, 1, String.raw`notepad.exe "C:\x\out\main\index.js"`, 'notepad.exe'),
    one(103, 4, 1, String.raw`node "C:\odd \"name\"\\out\main\peer.mjs" --run "a b"`),
  ]);
  const found = ourProcesses(system);
  expect(found.map(({ pid }) => pid)).toEqual([100, 101, 103]);
  expect(found[0]?.words[1]).toBe(String.raw`C:\Raft Lab\out\main\peer.mjs`);
  expect(found[2]?.words.slice(1)).toEqual([String.raw`C:\odd "name"\\out\main\peer.mjs`, '--run', 'a b']);
  expect(system.asked).toEqual([expect.stringMatching(/^powershell\.exe .*Get-CimInstance Win32_Process/s)]);
});

test('left on Windows: orphans → reported; children of a living lab → not', async () => {
  const system = windows([
    one(10, 4, 1, String.raw`C:\Windows\explorer.exe`, 'explorer.exe'),
    one(20, 10, 2, String.raw`"C:\Raft Lab\Raft Lab.exe"`, 'Raft Lab.exe'),
    one(21, 20, 3, peer('peer')),
    one(30, 999, 3, peer('network')),
    one(40, 41, 5, peer('reaper')),
    // Process 41 started after 40, so 40 only reused the pid of the ended parent.
    one(41, 10, 9, NODE),
    one(50, 10, 3, peer('peer')),
  ]);
  const left = await leftAfter([], 0, system);
  expect(left.map(({ pid }) => pid)).toEqual([30, 40, 50]);
});

test('processes on Windows: PowerShell fails → throws, never counts as no process left', () => {
  const run = () => {
    throw new Error('powershell.exe is missing');
  };
  expect(() => ourProcesses({ platform: 'win32', run })).toThrow('missing');
});
