/**
 * Kinds of tests: unit (no processes, on all cores), process (real servers, three files at a time) and e2e (a real Chromium,
 * two files at a time). Projects of their own are: files that replace modules, and files that need the machine for
 * themselves. docs/testing.md describes what belongs where.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { ALONE, LONG } from './groups.ts';
import { Durations } from './helpers/durations.ts';
import { fileOrder } from './helpers/file-order.ts';
import { mockingFiles } from './helpers/mocking-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
// A stray `import 'electron'` would start a download; this makes it a clear failure instead.
const env = { ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' };
const cores = availableParallelism();
const pureFiles = 'test/core/**/*.test.ts';
const mocks = [...mockingFiles(root)];
/** Starts a browser for itself, and none on systems where ours does not run. */
const windowFiles = 'test/e2e/window.test.ts';
/** The long test that reads the page in a browser. */
const longPage = 'test/long/five-minutes.test.ts';
const aloneEndToEnd = Object.keys(ALONE).filter((file) => file.startsWith('test/e2e/'));
const aloneProcess = Object.keys(ALONE).filter((file) => !aloneEndToEnd.includes(file));

/** Folder into which a run writes its results and durations, for `npm test`. */
const reports = process.env.RAFT_LAB_TEST_REPORTS;
const written = (folder: string): [['json', { outputFile: string }], Durations] => [
  ['json', { outputFile: join(folder, 'report.json') }],
  new Durations(join(folder, 'durations.json')),
];

/** Ends a test that hangs; no test is about time. Vitest's own 5 s are less than a busy machine needs. */
const unit = {
  testTimeout: 60_000,
  // Vitest's own default leaves one core to itself.
  maxWorkers: cores,
};

/** Files share a thread or a process, so each module is loaded once for each of these and not once a file. */
const shared = { isolate: false, setupFiles: ['test/helpers/frames.ts', 'test/helpers/nothing-left.ts'] };
const sharedThread = { pool: 'threads' as const, ...shared };

const processes = {
  testTimeout: 120_000,
  hookTimeout: 60_000,
  globalSetup: ['test/helpers/build-programs.ts'],
  ...shared,
};

const withBrowser = { testTimeout: 180_000, hookTimeout: 120_000, ...shared };
const endToEnd = { ...withBrowser, globalSetup: ['test/e2e/one-browser.ts'] };

/** One file after another, each in a process of its own. With `--sequence.seed` Vitest forgets a project's `groupOrder`. */
const alone = { maxWorkers: 1, isolate: true };

export default defineConfig({
  root,
  test: {
    env,
    reporters: ['default', ...(reports === undefined ? [] : written(reports))],
    sequence: { sequencer: fileOrder((file) => LONG.has(file)) },
    // `npm run coverage`: the branches of the core that its own tests never take.
    coverage: { provider: 'v8', include: ['src/core/raft/**/*.ts'], reporter: ['text'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/**/*.process.test.ts', 'test/e2e/**', 'test/long/**', pureFiles, ...mocks],
          ...unit,
          ...sharedThread,
        },
      },
      { extends: true, test: { name: 'unit-core', include: [pureFiles], exclude: mocks, ...unit, ...sharedThread } },
      { extends: true, test: { name: 'unit-mocks', include: mocks, ...unit, pool: 'threads' } },
      {
        extends: true,
        test: {
          name: 'process',
          include: ['test/**/*.process.test.ts'],
          exclude: ['test/e2e/**', ...aloneProcess],
          ...processes,
          // Half of their time is waiting.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'process-alone',
          include: aloneProcess,
          ...processes,
          ...alone,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: [...aloneEndToEnd, windowFiles],
          ...endToEnd,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'window',
          include: [windowFiles],
          ...withBrowser,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e-alone',
          include: aloneEndToEnd,
          ...endToEnd,
          ...alone,
          sequence: { groupOrder: 2 },
        },
      },
      // Only in `npm run test:long`.
      {
        extends: true,
        test: { name: 'long', include: ['test/long/**/*.test.ts'], exclude: [longPage], ...processes, ...alone },
      },
      { extends: true, test: { name: 'long-page', include: [longPage], ...endToEnd, testTimeout: 600_000 } },
      // Not tests: `npm run screens` takes the pictures of docs/screens.
      {
        extends: true,
        test: {
          name: 'screens',
          include: ['test/e2e/*.shots.ts'],
          hookTimeout: 120_000,
          globalSetup: ['test/e2e/one-browser.ts'],
        },
      },
    ],
  },
});
