/** `npm start` with stand-ins for all actions: the decision between window and browser, and each of its branches. */
import { describe, expect, test } from 'vitest';
import { OPENED_ENDINGS as LAB_ENDINGS } from '../../src/core/lab-api/index.ts';
import { START_FAILED } from '../../src/main/crash.ts';
import { isRunId } from '../../src/recording/run-folder.ts';
import {
  type Acts,
  type LaunchPlanModule,
  type RunWindowModule,
  type StartLabModule,
  type StartOptions,
  script,
} from './scripts.ts';

const { isRunName, planLaunch, readOptions, OPENED_ENDINGS } = await script<LaunchPlanModule>('launch-plan.mjs');
const { startLab } = await script<StartLabModule>('start-lab.mjs');
const { judgeEnd, windowEnvironment } = await script<RunWindowModule>('run-window.mjs');
const { isNodeNewEnough } = await script<{ isNodeNewEnough(found: string): boolean }>('node-version.mjs');

const desktop = { DISPLAY: ':0' };
const usual: StartOptions = { browser: false, noOpen: false, isDetached: false, port: 0, file: null, isView: false };

describe('readOptions', () => {
  test.each([
    [[], {}, usual],
    [['--browser'], {}, { ...usual, browser: true }],
    [['--no-open'], {}, { ...usual, noOpen: true }],
    [['own.yaml'], {}, { ...usual, file: 'own.yaml' }],
    [['run.JSONL'], {}, { ...usual, file: 'run.JSONL' }],
    [['--open', 'run.txt'], {}, { ...usual, file: 'run.txt' }],
    [['--open=a b/run.jsonl', '--port=0'], {}, { ...usual, browser: true, file: 'a b/run.jsonl' }],
    [['--browser', '--view', 'exam'], {}, { ...usual, browser: true, isView: true, file: 'exam' }],
    [['--browser', 'a b/Own.RaftScenario'], {}, { ...usual, browser: true, file: 'a b/Own.RaftScenario' }],
    [[], { RAFT_LAB_NO_OPEN: '1' }, { ...usual, noOpen: true }],
    [[], { RAFT_LAB_NO_OPEN: '0' }, usual],
    [['--port', '5000'], {}, { ...usual, browser: true, port: 5000 }],
    [['--detach'], {}, { ...usual, isDetached: true }],
    [['--no-open', '--port=0'], {}, { ...usual, browser: true, noOpen: true }],
  ])('options: %j with environment %j → read', (args, env, options) => {
    expect(readOptions(args, env)).toEqual({ ok: true, options });
  });

  test.each([
    [['own.yaml', 'other.yaml'], 'badOption', { option: 'other.yaml' }],
    [['own.yaml', '--open', 'run.jsonl'], 'badOption', { option: '--open' }],
    [['--open'], 'openWhat', {}],
    [['--open', '--browser'], 'openWhat', {}],
    [['--view', '--no-open'], 'viewWhat', {}],
    [['run.txt'], 'badOption', { option: 'run.txt' }],
    [['--own.yaml'], 'badOption', { option: '--own.yaml' }],
    [['--window'], 'badOption', { option: '--window' }],
    [['5000'], 'badOption', { option: '5000' }],
    [['--browser=yes'], 'badOption', { option: '--browser=yes' }],
    [['--port'], 'badPort', { port: '' }],
    [['--port', '65536'], 'badPort', { port: '65536' }],
    [['--port', '-1'], 'badPort', { port: '-1' }],
    [['--port', '80a'], 'badPort', { port: '80a' }],
    [['--browser', '--browser'], 'twiceOption', { option: '--browser' }],
    [['--port', '1', '--port=2'], 'twiceOption', { option: '--port' }],
  ])('options: %j → refused', (args, key, params) => {
    expect(readOptions(args, {})).toEqual({ ok: false, key, params });
  });
});

describe('planLaunch', () => {
  const plan = (facts: Partial<Parameters<LaunchPlanModule['planLaunch']>[0]>): unknown =>
    planLaunch({
      ...{ options: usual, platform: 'linux', env: desktop, isRoot: false, hasElectron: true, sandboxProblem: null },
      ...facts,
    });

  test('plan: display and binary → window', () => {
    expect(plan({})).toEqual({ door: 'window' });
    expect(plan({ env: { WAYLAND_DISPLAY: 'wayland-0' } })).toEqual({ door: 'window' });
    expect(plan({ platform: 'darwin', env: {} })).toEqual({ door: 'window' });
    expect(plan({ platform: 'win32', env: {} })).toEqual({ door: 'window' });
  });

  test('plan: display, no binary → fetch', () => {
    expect(plan({ hasElectron: false })).toEqual({ door: 'fetch' });
  });

  test('plan: no display, with or without the binary → browser and the reason', () => {
    const browser = { door: 'browser', open: true, because: 'becauseNoDisplay' };
    expect([plan({ env: {} }), plan({ env: { DISPLAY: '' }, hasElectron: false })]).toEqual([browser, browser]);
  });

  test('plan: browser chosen, or nothing to open → no reason', () => {
    expect(plan({ options: { ...usual, browser: true } })).toEqual({ door: 'browser', open: true, because: null });
    const closed = { door: 'browser', open: false, because: null };
    expect(plan({ options: { ...usual, noOpen: true } })).toEqual(closed);
    expect(plan({ options: { ...usual, noOpen: true }, env: {} })).toEqual(closed);
  });

  test('plan: root on Linux → browser, since the window needs its sandbox off; macOS → window', () => {
    expect(plan({ isRoot: true })).toEqual({ door: 'browser', open: true, because: 'becauseRoot' });
    expect(plan({ isRoot: true, platform: 'darwin' })).toEqual({ door: 'window' });
  });
});

interface Played {
  readonly code: number | null;
  /** Output and actions, in order. */
  readonly log: readonly string[];
}

/** Runs one start. The stand-ins record their calls and return the answers of the test. */
async function play(answers: {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly electron?: string | null;
  readonly fetched?: object;
  readonly acts?: Partial<Acts>;
}): Promise<Played> {
  const log: string[] = [];
  let electron = answers.electron ?? null;
  const acts: Acts = {
    isInstalled: () => true,
    install: async () => Number(log.push('install')) * 0,
    isBuilt: () => true,
    alone: (_onWait, act) => act(),
    build: async () => Boolean(log.push('build')),
    findElectron: () => electron,
    electronVersion: () => '45.4.1',
    electronFolder: () => '/electron/dist',
    sandboxProblem: () => null,
    async fetchElectron(onBytes) {
      log.push('fetch');
      onBytes(12_345_678);
      const fetched = answers.fetched ?? { outcome: 'fetched' };
      if ('outcome' in fetched && fetched.outcome === 'fetched') electron = '/fetched/electron';
      return fetched;
    },
    findPlace: (name) => (name === 'gone.yaml' ? null : `/home/me/${name}`),
    async runWindow(binary, file) {
      log.push(`window ${binary}${file === null ? '' : ` with ${file}`}`);
      return { code: 0 };
    },
    async openHost({ port, file, isView }) {
      log.push(`host ${port}${isView ? ' view' : ''}${file === null ? '' : ` with ${file}`}`);
      return { oneTimeAddress: () => 'http://127.0.0.1:5000/?token=once' };
    },
    async openAddress(address) {
      log.push(`open ${address}`);
      return null;
    },
    ...answers.acts,
  };
  const code = await startLab({
    args: answers.args ?? [],
    env: answers.env ?? desktop,
    platform: 'linux',
    isRoot: false,
    say: (line) => log.push(line),
    showProgress: (line) => log.push(`progress ${line}`),
    words: (key, params) => [key, ...Object.values(params ?? {})].join(' '),
    acts,
  });
  return { code, log };
}

const browserOpened = ['host 0', 'open http://127.0.0.1:5000/?token=once'];

describe('startLab', () => {
  test('start: binary installed → window; its exit code is ours', async () => {
    const acts = { runWindow: async () => ({ code: 7 }) };
    expect(await play({ electron: '/electron', acts })).toEqual({ code: 7, log: [] });
  });

  test('start: no binary → fetched once, with progress, then the window', async () => {
    expect(await play({})).toEqual({
      code: 0,
      log: ['fetching 45.4.1', 'fetch', 'progress fetched 12.3', 'progress null', 'window /fetched/electron'],
    });
  });

  test.each([
    [{ outcome: 'stalled', seconds: 20 }, 'becauseStalled 20'],
    [{ outcome: 'cancelled' }, 'becauseCancelled'],
    [{ outcome: 'failed', reason: 'HTTPError: 404' }, 'becauseFetchFailed HTTPError: 404'],
  ])('start: fetch ends as %j → the reason, then the browser', async (fetched, because) => {
    const { code, log } = await play({ fetched });
    expect(code).toBeNull();
    expect(log.slice(4)).toEqual([because, ...browserOpened]);
  });

  test('start: no display → the reason, then the browser, nothing is fetched', async () => {
    expect(await play({ env: {} })).toEqual({ code: null, log: ['becauseNoDisplay /electron/dist', ...browserOpened] });
  });

  test.each(['becauseAppArmor', 'becauseNoNamespaces'] as const)(
    'start: sandbox not usable (%s) → reason, then the browser; nothing is downloaded',
    async (problem) => {
      const acts = { sandboxProblem: () => problem };
      const said = [`${problem} /electron/dist`, ...browserOpened];
      expect(await play({ acts })).toEqual({ code: null, log: said });
      expect(await play({ acts, electron: '/electron' })).toEqual({ code: null, log: said });
      expect((await play({ acts, args: ['--browser'] })).log).toEqual(browserOpened);
    },
  );

  test('start: --browser → browser, without a reason', async () => {
    expect(await play({ args: ['--browser'], electron: '/electron' })).toEqual({ code: null, log: browserOpened });
  });

  test('start: --no-open or RAFT_LAB_NO_OPEN=1 → only the host', async () => {
    expect((await play({ args: ['--no-open'], electron: '/electron' })).log).toEqual(['host 0']);
    expect((await play({ env: { ...desktop, RAFT_LAB_NO_OPEN: '1' } })).log).toEqual(['host 0']);
    expect((await play({ args: ['--no-open', '--port', '5000'] })).log).toEqual(['host 5000']);
  });
});

describe('file to open', () => {
  test('file to open: window → gets it; window fails → the host gets it', async () => {
    const args = ['own.yaml'];
    expect((await play({ args, electron: '/e' })).log).toEqual(['window /e with /home/me/own.yaml']);
    const acts = { runWindow: async () => ({ failed: { key: 'windowCrashed', params: { how: 'SIGSEGV' } } }) };
    expect((await play({ args, electron: '/e', acts })).log[1]).toBe('host 0 with /home/me/own.yaml');
    expect((await play({ args: ['--no-open', ...args] })).log).toEqual(['host 0 with /home/me/own.yaml']);
  });

  test('recording: --view → the host gets it, no window is fetched', async () => {
    const args = ['--browser', '--view', 'run.jsonl'];
    const [, opened] = browserOpened;
    expect((await play({ args, electron: '/e' })).log).toEqual(['host 0 view with /home/me/run.jsonl', opened]);
    expect(await play({ args: ['--browser', '--view'] })).toEqual({ code: 2, log: ['viewWhat', 'usageView'] });
  });

  test('file to open: missing → a sentence, exit code 2 (--view: 1), no other action', async () => {
    const acts = { isInstalled: () => false };
    expect(await play({ args: ['gone.yaml'], acts })).toEqual({ code: 2, log: ['noFile gone.yaml'] });
    const view = ['--browser', '--view', 'gone.yaml'];
    expect(await play({ args: view, acts })).toEqual({ code: 1, log: ['noRecording gone.yaml'] });
  });

  test.each(['2026-11-23T20-23-28-4f2a', '2026-11-23T20-23-28-4F2A', 'exam', '../runs', ''])(
    'run name %j → accepted exactly when the lab accepts it',
    (name) => {
      expect(isRunName(name)).toBe(isRunId(name));
    },
  );

  test('endings of files that are opened → equal to the lab’s', () => {
    expect(OPENED_ENDINGS).toEqual([...LAB_ENDINGS]);
  });
});

describe('failures', () => {
  test('start: window never came up → the reason, then the browser', async () => {
    const acts = { runWindow: async () => ({ failed: { key: 'windowCrashed', params: { how: 'SIGSEGV' } } }) };
    const said = 'becauseWindowFailed windowCrashed SIGSEGV';
    expect((await play({ electron: '/e', acts })).log).toEqual([said, ...browserOpened]);
  });

  test.each([
    [null, 'SIGTRAP', true, { failed: { key: 'windowNoSandbox', params: {} } }],
    [null, 'SIGABRT', true, { failed: { key: 'windowCrashed', params: { how: 'SIGABRT' } } }],
    [127, null, true, { failed: { key: 'windowIncomplete', params: {} } }],
    [START_FAILED, null, true, { failed: { key: 'windowStartFailed', params: {} } }],
    [START_FAILED, null, false, { failed: { key: 'windowStartFailed', params: {} } }],
    [0xc0000135, null, true, { failed: { key: 'windowCrashed', params: { how: '0xc0000135' } } }],
    [0xc0000135, null, false, { code: 0xc0000135 }],
    [null, 'SIGTRAP', false, { code: 1 }],
    [null, 'SIGTERM', true, { code: 1 }],
    [0, null, true, { code: 0 }],
    [1, null, true, { code: 1 }],
  ])('window’s end: code %s, signal %s, early %s → %j', (code, signal, isEarly, end) => {
    expect(judgeEnd(code, signal, isEarly)).toEqual(end);
  });

  test('data folder: relative → absolute, from the folder in which the lab was started', () => {
    const folderOf = (RAFT_LAB_DATA_DIR: string) =>
      windowEnvironment({ RAFT_LAB_DATA_DIR, ELECTRON_RUN_AS_NODE: '1' }, '/home/ann');
    expect(folderOf('runs-here')).toEqual({ RAFT_LAB_DATA_DIR: '/home/ann/runs-here' });
    expect(folderOf('/runs')).toEqual({ RAFT_LAB_DATA_DIR: '/runs' });
    expect(folderOf('')).toEqual({ RAFT_LAB_DATA_DIR: '' });
  });

  test('start: browser cannot be opened → the person is asked to open the address', async () => {
    const acts = { openAddress: async () => 'xdg-open: ENOENT' };
    expect((await play({ args: ['--browser'], acts })).log.at(-1)).toBe('openYourself xdg-open: ENOENT');
  });

  test('start: unknown option → usage, exit code 2, no other action', async () => {
    const acts = { isInstalled: () => false };
    expect(await play({ args: ['--wnidow'], acts })).toEqual({ code: 2, log: ['badOption --wnidow', 'usage'] });
  });

  test('packages and build: missing → made first; failed → start ends', async () => {
    const missing = { isInstalled: () => false, isBuilt: () => false };
    const { log } = await play({ args: ['--no-open'], acts: missing });
    expect(log).toEqual(['installing', 'install', 'building', 'build', 'host 0']);
    const noPackages = await play({ acts: { ...missing, install: async () => 1 } });
    expect(noPackages).toEqual({ code: 1, log: ['installing', 'installFailed 1'] });
    const noBuild = await play({ acts: { isBuilt: () => false, build: async () => false } });
    expect(noBuild).toEqual({ code: 1, log: ['building', 'buildFailed'] });
  });

  test('Node.js: 20.19 or newer → accepted; older → refused', () => {
    const judged = ['18.20.4', '20.18.9', '20.19.0', '20.20.2', '22.0.0', '26.1.0'].map(isNodeNewEnough);
    expect(judged).toEqual([false, false, true, true, true, true]);
  });
});
