/** CPU time and memory, read from the text that each system writes. */
import { expect, test } from 'vitest';
import { machineUsage, parseCpu, parseMachine, parsePs, parseRss, usageOf } from '../../../src/cli/bench/usage.ts';

test('/proc/<pid>/stat: a name with spaces and brackets → user and system ticks of 10 ms', () => {
  const stat = '77 (node (a) b) S 1 77 77 0 -1 4194304 100 0 0 0 250 50 7 8 20 0 11 0 12345 1000000 300';
  expect(parseCpu(stat)).toBe(3_000_000);
  expect(parseCpu('')).toBeNull();
});

test('/proc/<pid>/status: a process → its memory in bytes; a zombie → null', () => {
  expect(parseRss('Name:\tnode\nVmHWM:\t 50000 kB\nVmRSS:\t   40960 kB\n')).toBe(41_943_040);
  expect(parseRss('Name:\tnode\n')).toBeNull();
});

test('/proc/stat: stolen time → busy; waiting for a disk, interrupts → not busy', () => {
  const stat = 'cpu  100 10 40 800 30 5 6 9 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n';
  expect(parseMachine(stat)).toEqual({ busyUs: 1_590_000, totalUs: 10_000_000 });
  expect(parseMachine('intr 5')).toBeNull();
});

test('ps on macOS: minutes, hours, kibibytes → numbers; other lines → ignored', () => {
  expect(parsePs('   77   0:02.50  40960\n 8 1:02:03.00 100\nps: no such process\n')).toEqual([
    [77, { cpuUs: 2_500_000, rssBytes: 41_943_040 }],
    [8, { cpuUs: 3_723_000_000, rssBytes: 102_400 }],
  ]);
});

test('usage: a process that is gone → null', () => {
  expect(usageOf([2 ** 30]).get(2 ** 30)).toBeNull();
});

test.runIf(process.platform === 'linux')('usage: this process on Linux → memory and time', () => {
  const usage = usageOf([process.pid]).get(process.pid);
  expect(usage?.rssBytes).toBeGreaterThan(1_000_000);
  expect(usage?.cpuUs).toBeGreaterThan(0);
  expect(machineUsage()?.busyUs).toBeGreaterThan(0);
});
