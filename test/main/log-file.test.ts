/** The window's log: bounded in size, number and rate, and free of secrets. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  ENTRIES_A_SECOND,
  ENTRY_LENGTH,
  keepConsole,
  LOG_FILE_BYTES,
  LOG_FILES,
  type Log,
  openLog,
  withoutSecrets,
} from '../../src/main/log-file.ts';
import { createSecrets } from '../../src/web-host/secrets.ts';

let top: string;
let nowMs: number;
let log: Log;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'raft-lab-log-'));
  nowMs = Date.parse('2026-11-30T10:00:00.000Z');
  log = openLog({ folder: join(top, 'logs'), home: '/home/ada', now: () => new Date(nowMs) });
});

afterEach(() => rmSync(top, { recursive: true, force: true }));

const text = (): string => readFileSync(join(log.folder, 'raft-lab.log'), 'utf8');

test('log: an entry → its time, level and text; lines after the first are indented', () => {
  log.write('info', 'started');
  log.write('error', 'Error: a bug\n  at here');
  expect(text()).toBe(
    '2026-11-30T10:00:00.000Z info started\n2026-11-30T10:00:00.000Z error Error: a bug\n      at here\n',
  );
  expect(log.lastLines(2)).toEqual(['2026-11-30T10:00:00.000Z error Error: a bug', '      at here']);
});

test.runIf(process.platform !== 'win32')('log: only its owner may read it', () => {
  log.write('info', 'started');
  const modes = [log.folder, join(log.folder, 'raft-lab.log')].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o700, 0o600]);
});

test('log: full files → rotated, the oldest deleted, total size bounded', () => {
  const entry = 'x'.repeat(ENTRY_LENGTH);
  const entries = Math.ceil((LOG_FILE_BYTES * (LOG_FILES + 2)) / ENTRY_LENGTH);
  for (let nth = 0; nth < entries; nth += 1) {
    nowMs += 1_000;
    log.write('info', `${nth} ${entry}`);
  }
  const files = readdirSync(log.folder).sort();
  expect(files).toEqual(['raft-lab.1.log', 'raft-lab.2.log', 'raft-lab.3.log', 'raft-lab.log']);
  for (const file of files) {
    expect(statSync(join(log.folder, file)).size).toBeLessThan(LOG_FILE_BYTES + 2 * ENTRY_LENGTH);
  }
  expect(log.lastLines(1)[0]).toContain(`info ${entries - 1} `);
});

test('log: last lines right after a rotation → include the previous file', () => {
  log.write('info', 'before');
  writeFileSync(join(log.folder, 'raft-lab.log'), `${'y\n'.repeat(LOG_FILE_BYTES / 2)}before\n`);
  log.write('info', 'after');
  expect(log.lastLines(2)).toEqual(['before', '2026-11-30T10:00:00.000Z info after']);
});

test('log: too many entries in a second → counted; the next second logs the number', () => {
  for (let nth = 0; nth < ENTRIES_A_SECOND + 7; nth += 1) log.write('warn', `again ${nth}`);
  expect(text().trimEnd().split('\n')).toHaveLength(ENTRIES_A_SECOND);
  nowMs += 1_000;
  log.write('info', 'calm');
  expect(log.lastLines(2).map((line) => line.slice(25))).toEqual([
    'warn 7 more entries within one second were left out.',
    'info calm',
  ]);
});

test('log: tokens, secrets and the home folder → left out', () => {
  const { launchToken } = createSecrets(() => 0);
  log.write('error', `GET http://127.0.0.1:1/?token=${launchToken}&x=1 in /home/ada/runs: ${launchToken}`);
  expect(text()).toContain('?token=[left out]&x=1 in ~/runs: [left out]\n');
  expect(text()).not.toContain(launchToken);
});

test.each([
  ['C:\\Users\\Ada L', 'at file:///C:/Users/Ada%20L/raft/out/main/index.js:1', 'at file:///~/raft/out/main/index.js:1'],
  ['C:\\Users\\Ada L', JSON.stringify({ dataFolder: 'C:\\Users\\Ada L\\runs' }), '{"dataFolder":"~\\\\runs"}'],
  ['C:\\Users\\Ada L', 'C:\\Users\\Ada L\\runs and C:/Users/Ada L', '~\\runs and ~'],
  ['/home/李', 'at file:///home/%E6%9D%8E/raft/a.js', 'at file://~/raft/a.js'],
  ['/home/a(b)', "ENOENT: '/home/a(b)'", "ENOENT: '~'"],
  ['/home/ada', '/home/ada/runs, /home/adam, /home/ada-2', '~/runs, /home/adam, /home/ada-2'],
])('log: home folder %s in %s → left out in every spelling', (home, written, shown) => {
  expect(withoutSecrets(written, home)).toBe(shown);
});

test('log: folder cannot be created → nothing is thrown', () => {
  writeFileSync(join(top, 'file'), '');
  const nowhere = openLog({ folder: join(top, 'file', 'logs'), home: '', now: () => new Date(0) });
  nowhere.write('error', 'lost');
  expect(nowhere.lastLines(5)).toEqual([]);
});

test('console: warnings and errors → printed as before, and logged', () => {
  const printed = { warn: vi.fn(), error: vi.fn() };
  const { warn, error } = printed;
  keepConsole(printed, log);
  printed.warn('the disk is %s', 'slow', 7);
  printed.error(new Error('a bug'));
  expect([warn.mock.calls, error.mock.calls.length]).toEqual([[['the disk is %s', 'slow', 7]], 1]);
  expect(text()).toContain('warn the disk is slow 7\n');
  expect(text()).toContain('error Error: a bug\n');
});
