/**
 * The smaller modules of the scripts: which packages count as installed, `out/` as built, processes as ours, runs as
 * passed.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SummaryModule, script, top } from './scripts.ts';

const { isInstalled } = await script<{ isInstalled(root: string): boolean }>('install.mjs');
const { hashSources, isBuilt } = await script<{ hashSources(root: string): string; isBuilt(root: string): boolean }>(
  'build.mjs',
);
const { isOurs, orphansIn } = await script<{
  isOurs(words: readonly string[]): boolean;
  orphansIn<One extends { readonly pid: number }>(all: readonly One[]): readonly One[];
}>('leftovers.mjs');
const { createWords, terminalLanguage } = await script<{
  createWords(root: string, env: object): (key: string, params?: object) => string;
  terminalLanguage(env: object): string;
}>('words.mjs');
const summary = await script<SummaryModule>('test-summary.mjs');

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'raft-lab-scripts-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

describe('installed', () => {
  const lock = {
    '': { name: 'raft-lab' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/for-another-system': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  };
  const done = { 'node_modules/a': lock['node_modules/a'] };

  beforeEach(() => {
    write('package-lock.json', { packages: lock });
    write('node_modules/a/package.json', {});
  });

  test('packages: npm’s own list agrees with the lock → installed', () => {
    write('node_modules/.package-lock.json', { packages: done });
    expect(isInstalled(root)).toBe(true);
  });

  test.each([
    ['npm never finished', null],
    ['a package is missing', {}],
    ['another version', { 'node_modules/a': { version: '0.9.0', integrity: 'sha512-a' } }],
    ['another content', { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } }],
  ])('packages: %s → not installed', (_name, packages) => {
    if (packages !== null) write('node_modules/.package-lock.json', { packages });
    expect(isInstalled(root)).toBe(false);
  });

  test('packages: list damaged, or a package’s folder deleted → not installed', () => {
    write('node_modules/.package-lock.json', '{"packages":');
    expect(isInstalled(root)).toBe(false);
    write('node_modules/.package-lock.json', { packages: done });
    rmSync(join(root, 'node_modules', 'a'), { recursive: true });
    expect(isInstalled(root)).toBe(false);
  });
});

describe('built', () => {
  const products = ['main/index.js', 'main/chunks/lab-1.js', 'preload/index.cjs', 'renderer/index.html'];

  beforeEach(() => {
    write('src/a.ts', 'export {};');
    write('package-lock.json', {});
    for (const name of products) write(`out/${name}`, '');
    write('out/built-files', products.join('\n'));
    write('out/built-from', hashSources(root));
  });

  test('build: no source changed → up to date', () => {
    expect(isBuilt(root)).toBe(true);
    write('README.md', 'not read by the build');
    write('src/a.ts', 'export {};');
    expect(isBuilt(root)).toBe(true);
  });

  test.each([
    ['src/a.ts', 'export { };'],
    ['src/b.ts', ''],
    ['resources/words/start.json', '{}'],
    ['package-lock.json', '{"lockfileVersion":3}'],
  ])('build: %s changed → out of date', (path, content) => {
    write(path, content);
    expect(isBuilt(root)).toBe(false);
  });

  test('build: file moved, product or stamp missing → out of date', () => {
    const before = hashSources(root);
    rmSync(join(root, 'src', 'a.ts'));
    write('src/moved.ts', 'export {};');
    expect(hashSources(root)).not.toBe(before);
    write('out/built-from', hashSources(root));
    expect(isBuilt(root)).toBe(true);
    rmSync(join(root, 'out', 'preload'), { recursive: true });
    expect(isBuilt(root)).toBe(false);
  });

  test('build: chunk of a program or the list of products missing → out of date', () => {
    rmSync(join(root, 'out', 'main', 'chunks', 'lab-1.js'));
    expect(isBuilt(root)).toBe(false);
    write('out/main/chunks/lab-1.js', '');
    expect(isBuilt(root)).toBe(true);
    rmSync(join(root, 'out', 'built-files'));
    expect(isBuilt(root)).toBe(false);
  });
});

test('processes: command lines → only those of the lab’s own programs are ours', () => {
  const ours = [
    ['/usr/bin/node', '--max-old-space-size=1024', '/x/out/main/peer.mjs', '--run', 'r1', '--server', 'S1'],
    ['electron', '/tmp/bundle/network.mjs', '--run', 'r1', '--network'],
    ['node', '/x/out/main/web-host.js', '--port', '0'],
    ['node', 'C:\\x\\out\\main\\reaper.js', '--run', 'r1'],
  ];
  const others = [
    ['node', '/srv/peer.js'],
    ['cargo', 'test', '--run'],
    ['vim', '/x/out/main/index.js'],
    ['node', '/x/node_modules/vitest/vitest.mjs', '--run', 'test/peer'],
  ];
  expect([ours.map(isOurs), others.map(isOurs)]).toEqual([Array(4).fill(true), Array(4).fill(false)]);
});

test('orphans: processes without a living lab above them → found', () => {
  const at = (pid: number, parent: number, ...words: readonly string[]) => ({ pid, parent, startedAt: '0', words });
  const peer = ['node', '/x/out/main/peer.js', '--run', 'r1'];
  const all = [
    at(1, 0, 'node', '/init.js'),
    at(10, 1, 'systemd', '--user'),
    at(20, 10, '/usr/bin/node', '/x/node_modules/vitest/vitest.mjs'),
    at(21, 20, ...peer),
    at(30, 1, ...peer),
    at(31, 10, ...peer),
    at(32, 999, ...peer),
    at(40, 10, 'node', '/x/out/main/web-host.js'),
    at(41, 40, ...peer),
    at(50, 10, '-bash'),
    at(51, 50, 'node', '/x/out/main/web-host.js'),
  ];
  expect(orphansIn(all).map((one) => one.pid)).toEqual([30, 31, 32, 40]);
});

describe('the last line', () => {
  const report = (files: readonly (readonly [string, readonly string[]])[]) => ({
    testResults: files.map(([status, tests]) => ({ status, assertionResults: tests.map((one) => ({ status: one })) })),
  });

  test('summary: tests and files that could not be loaded → counted', () => {
    const counted = summary.countReport(
      report([
        ['passed', ['passed', 'passed', 'skipped', 'pending', 'todo']],
        ['failed', ['passed', 'failed']],
        ['failed', []],
      ]),
      1,
    );
    expect(counted).toEqual({ passed: 3, failed: 2, skipped: 3 });
  });

  test('summary: run failed without a failed test, or without a report → one failure', () => {
    expect(summary.countReport(report([['passed', ['passed']]]), 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
    expect(summary.countReport(null, 137)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(summary.countReport(null, 0)).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });

  test('summary: skipped tests → shown only if there are some; no test passed → no success', () => {
    const sum = summary.addUp([
      { passed: 4, failed: 0, skipped: 0 },
      { passed: 3, failed: 0, skipped: 1 },
    ]);
    expect(summary.lastLine(sum)).toBe('7 passed, 0 failed, 1 skipped');
    expect(summary.lastLine({ passed: 7, failed: 2, skipped: 0 })).toBe('7 passed, 2 failed');
    const codes = [sum, { passed: 7, failed: 1, skipped: 0 }, { passed: 0, failed: 0, skipped: 3 }];
    expect(codes.map(summary.exitCodeOf)).toEqual([0, 1, 1]);
  });

  test('slowest files: more than ten → the ten slowest, the slowest first', () => {
    const files = Array.from({ length: 12 }, (_, at) => ({ file: `test/${at}.test.ts`, seconds: at }));
    const lines = summary.slowestFiles(files);
    expect([lines.length, lines[1], lines.at(-1)]).toEqual([
      11,
      '   11.0 s  test/11.test.ts',
      '    2.0 s  test/2.test.ts',
    ]);
    expect(summary.slowestFiles([])).toEqual([]);
  });
});

describe('arguments of npm test', () => {
  const all = ['check', 'unit', 'process', 'e2e'];
  test.each([
    { args: [], stages: all, filters: [], seed: null },
    { args: ['e2e', 'unit'], stages: ['unit', 'e2e'], filters: [], seed: null },
    { args: ['raft'], stages: all.slice(1), filters: ['raft'], seed: null },
    { args: ['unit', 'raft', '--seed', '7'], stages: ['unit'], filters: ['raft'], seed: 7 },
  ])('npm test $args → stages $stages, filters $filters, seed $seed', ({ args, ...read }) => {
    expect(summary.readTestArgs(args)).toEqual({ ok: true, ...read });
  });

  test.each([
    { args: ['--watch'], sentence: 'Unknown option --watch.' },
    { args: ['--seed'], sentence: '--seed needs a whole number from 0 to 999999999.' },
    { args: ['--seed', 'x'], sentence: '--seed needs a whole number from 0 to 999999999.' },
  ])('npm test $args → $sentence', ({ args, sentence }) => {
    expect(summary.readTestArgs(args)).toEqual({ ok: false, sentence: expect.stringContaining(sentence) });
  });
});

describe('words', () => {
  test('locale: Chinese → Chinese; another or none → English', () => {
    const locales = [
      { LANG: 'zh_CN.UTF-8' },
      { LANG: 'en_GB.UTF-8', LC_ALL: 'zh_TW' },
      { LANG: 'de_DE' },
      { LANG: 'C' },
    ];
    expect(locales.map(terminalLanguage)).toEqual(['zh-CN', 'zh-CN', 'en', 'en']);
  });

  test('sentences of the scripts: each one → exists in both languages', () => {
    const files = ['launch-plan.mjs', 'start-lab.mjs', 'start.mjs'].map((name) => join(top, 'scripts', name));
    expect(files.every(existsSync)).toBe(true);
    const text = files.map((path) => readFileSync(path, 'utf8')).join('\n');
    const keys = [...text.matchAll(/words\('(\w+)'|(?:because|key): '(\w+)'/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    expect(keys.length).toBeGreaterThan(12);
    for (const LANG of ['en', 'zh']) {
      const words = createWords(top, { LANG });
      for (const key of keys) expect(words(key, new Proxy({}, { get: () => 'x' }))).not.toMatch(/\{\{|undefined/);
      expect(() => words('nobody wrote this')).toThrow(/start\.nobody/);
    }
  });
});
