/**
 * Runs the real `scripts/start.mjs` as a process in a small project of its own. The built host only prints, Electron's
 * installer and binary are stand-ins, and the browser opener records its argument.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FetchModule, type SandboxProbeModule, script, top } from './scripts.ts';

const { hashSources } = await script<{ hashSources(root: string): string }>('build.mjs');
const { fetchElectron, findElectron } = await script<FetchModule>('electron-binary.mjs');

const { sandboxProblem } = await script<SandboxProbeModule>('sandbox-probe.mjs');

/** User id of `nobody`. The window is refused to root, so tests of the window run as this user. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let root: string;
let children: ChildProcess[];

function write(path: string, content: string, mode = 0o644): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
}

const HOST = `
  console.log('Raft Lab: http://127.0.0.1:5000/?token=printed');
  export const started = Promise.resolve({ oneTimeAddress: () => 'http://127.0.0.1:5000/?token=once' });
  if (process.argv[2] !== '--port') throw new Error('no port in ' + process.argv);
`;

/** Text of an installer that writes `dist` as the real one does, after running the code in `first`. */
const installer = (first: string): string => `
  const { mkdirSync, writeFileSync, appendFileSync, chmodSync } = require('node:fs');
  const { join } = require('node:path');
  (async () => {
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    ${first}
    const dist = join(__dirname, 'dist');
    mkdirSync(dist, { recursive: true });
    writeFileSync(join(dist, 'version'), 'v45.4.1');
    writeFileSync(join(dist, 'electron'), '#!/bin/sh\\necho "window $@" > "$RAFT_LAB_TEST_LOG"\\nexit 5\\n');
    chmodSync(join(dist, 'electron'), 0o755);
    writeFileSync(join(__dirname, 'path.txt'), 'electron');
  })().catch((problem) => { console.error(problem.stack); process.exit(1); });
`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'raft-lab-start-'));
  children = [];
  cpSync(join(top, 'scripts'), join(root, 'scripts'), { recursive: true });
  cpSync(join(top, 'resources', 'words'), join(root, 'resources', 'words'), { recursive: true });
  write('package.json', '{"type":"module"}');
  write('package-lock.json', '{"packages":{}}');
  write('node_modules/.package-lock.json', '{"packages":{}}');
  write('node_modules/electron/package.json', '{"name":"electron","version":"45.4.1"}');
  for (const name of ['main/index.js', 'main/cli.js', 'preload/index.cjs', 'renderer/index.html'])
    write(`out/${name}`, '');
  write('out/main/web-host.js', HOST);
  write('bin/xdg-open', '#!/bin/sh\necho "$@" > "$RAFT_LAB_TEST_LOG"\n', 0o755);
  write('out/built-files', 'main/index.js\nmain/web-host.js');
  write('out/built-from', hashSources(root));
  for (const folder of ['', 'node_modules/electron']) chmodSync(join(root, folder), 0o777);
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Arguments that the fake window or the fake opener received. */
  readonly log: string;
}

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  asNobody = false,
  onSaid: (stderr: string) => void = () => undefined,
  cwd = process.cwd(),
): Promise<Ended> {
  const log = join(root, 'log');
  const who = asNobody && isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), ...args], {
    env: { PATH: `${join(root, 'bin')}:${process.env.PATH}`, LANG: 'en', RAFT_LAB_TEST_LOG: log, HOME: root, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd,
    ...who,
  });
  children.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
    onSaid(stderr);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout, stderr, log: existsSync(log) ? readFileSync(log, 'utf8').trim() : '' }),
    );
  });
}

const printed = 'Raft Lab: http://127.0.0.1:5000/?token=printed\n';
const onDisplay = { DISPLAY: ':99' };

describe('start.mjs', () => {
  test('start: no display → reason, one line with the address, a one-time address opened', async () => {
    const ended = await run([], {});
    expect(ended.stdout).toBe(printed);
    expect(ended.stderr).toBe('There is no display here, so the dashboard opens in the browser.\n');
    expect(ended.log).toBe('http://127.0.0.1:5000/?token=once');
  });

  test('start --no-open → prints only the address, opens nothing', async () => {
    const ended = await run(['--no-open'], onDisplay);
    expect([ended.code, ended.stdout, ended.stderr, ended.log]).toEqual([0, printed, '', '']);
  });

  // Without a usable sandbox the window never opens; sandbox-probe.test.ts covers such machines.
  const hasSandbox = sandboxProblem({ platform: process.platform, binary: '/none/electron' }) === null;

  test.runIf(hasSandbox)('window: opened → Electron gets the project, its exit code is ours', async () => {
    write('node_modules/electron/install.js', installer(''));
    const ended = await run([], onDisplay, true);
    expect([ended.code, ended.log]).toEqual([5, `window ${root}`]);
    expect(ended.stderr).toContain('Fetching Electron 45.4.1');
    const again = await run([], onDisplay, true);
    expect([again.code, again.stderr]).toEqual([5, '']);
  });

  test.runIf(hasSandbox)(
    'installer: fails → its reason, then the browser; the mirror’s address reaches it',
    async () => {
      write(
        'node_modules/electron/install.js',
        installer(`throw new Error('Response code 404 for ' + process.env.ELECTRON_MIRROR);`),
      );
      const ended = await run([], { ...onDisplay, ELECTRON_MIRROR: 'https://mirror.example/' }, true);
      expect(ended.stderr).toContain(
        'Electron could not be fetched (Error: Response code 404 for https://mirror.example/), so the dashboard',
      );
      expect([ended.stdout, ended.log]).toEqual([printed, 'http://127.0.0.1:5000/?token=once']);
    },
  );

  test.runIf(hasSandbox)('window: ends by SIGTRAP → a sentence, then the browser', async () => {
    write('node_modules/electron/install.js', installer(''));
    write('node_modules/electron/path.txt', 'electron');
    write('node_modules/electron/dist/version', 'v45.4.1');
    write('node_modules/electron/dist/electron', '#!/bin/sh\nkill -TRAP $$\n', 0o755);
    const ended = await run([], onDisplay, true);
    expect(ended.stderr).toMatch(/^The window could not be opened \(Chromium stopped itself .* sandbox\), so the/);
    expect([ended.stdout, ended.log]).toEqual([printed, 'http://127.0.0.1:5000/?token=once']);
  });

  test.runIf(isRoot)('start: root with a display → why there is no window, then the browser', async () => {
    const ended = await run([], onDisplay);
    expect(ended.stderr).toMatch(/^As root, .*sandbox/);
    expect(ended.log).toBe('http://127.0.0.1:5000/?token=once');
  });

  test('scenario file: relative to the person’s folder → its path for the host; missing → 2', async () => {
    write('elsewhere/own.yaml', 'name: Own');
    write('out/main/web-host.js', `${HOST}\nconsole.log(process.argv.slice(4).join(' '));`);
    write('out/built-from', hashSources(root));
    const elsewhere = join(root, 'elsewhere');
    const start = (name: string, env: Readonly<Record<string, string>>, cwd: string) =>
      run(['--no-open', name], env, false, () => undefined, cwd);
    const given = `${printed}-- ${join(elsewhere, 'own.yaml')}\n`;
    // Started directly, through npm from the project's folder, and directly with a variable that an outer npm set.
    expect((await start('own.yaml', {}, elsewhere)).stdout).toBe(given);
    expect((await start('own.yaml', { INIT_CWD: elsewhere }, root)).stdout).toBe(given);
    expect((await start('own.yaml', { INIT_CWD: '/' }, elsewhere)).stdout).toBe(given);
    const gone = await start('own.yaml', {}, root);
    expect([gone.code, gone.stdout, gone.stderr]).toEqual([2, '', 'There is no file own.yaml.\n']);
  });

  test.runIf(hasSandbox)('scenario file: window → gets its path after the project', async () => {
    write('node_modules/electron/install.js', installer(''));
    write('own.yaml', 'name: Own');
    const ended = await run(['own.yaml'], onDisplay, true, () => undefined, root);
    expect([ended.code, ended.log]).toEqual([5, `window ${root} ${join(root, 'own.yaml')}`]);
  });

  test('start: unknown option → usage and exit code 2', async () => {
    const ended = await run(['--wnidow'], {});
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toMatch(/^Unknown option --wnidow\.\nUsage: npm start/);
  });
});

describe('fetching Electron', () => {
  const job = (signals?: NodeJS.EventEmitter) => {
    const seen: number[] = [];
    const running = fetchElectron({
      root,
      env: { PATH: process.env.PATH },
      stallMs: 1500,
      sampleMs: 50,
      onBytes: (bytes) => seen.push(bytes),
      ...(signals === undefined ? {} : { signals }),
    });
    return { running, seen };
  };

  test('fetch: slow download that makes progress → not cancelled, its bytes are shown', async () => {
    // 25 × 100 ms are more than the limit of 1500 ms without a byte.
    write(
      'node_modules/electron/install.js',
      installer(`for (let i = 0; i < 25; i += 1) {
        appendFileSync(join(process.env.TMPDIR, 'electron.zip'), 'x'.repeat(1000));
        await pause(100);
      }`),
    );
    const { running, seen } = job();
    expect(await running).toEqual({ outcome: 'fetched' });
    expect(findElectron(root, {})).toBe(join(root, 'node_modules', 'electron', 'dist', 'electron'));
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test('fetch: no byte within the limit → cancelled, installer and its temp folder are gone', async () => {
    const noted = join(root, 'node_modules', 'electron', 'noted');
    write(
      'node_modules/electron/install.js',
      `require('node:fs').writeFileSync(${JSON.stringify(noted)}, process.pid + '\\n' + process.env.TMPDIR);
       setInterval(() => console.error('words are no bytes'), 20);`,
    );
    expect(await job().running).toEqual({ outcome: 'stalled', seconds: 2 });
    const [pid, temp] = readFileSync(noted, 'utf8').split('\n');
    expect(temp).toContain('raft-lab-electron-');
    expect(existsSync(temp ?? '')).toBe(false);
    expect(() => process.kill(Number(pid), 0)).toThrow(/ESRCH/);
  });

  test('fetch: Ctrl-C, two signals from one key press → cancelled at once', async () => {
    write('node_modules/electron/install.js', `setInterval(() => undefined, 1000);`);
    const signals = new EventEmitter();
    const { running } = job(signals);
    signals.emit('SIGINT');
    signals.emit('SIGINT');
    expect(await running).toEqual({ outcome: 'cancelled' });
    expect(signals.eventNames()).toEqual([]);
  });

  test('fetch: installer exits with 0 but writes no binary → failed', async () => {
    write('node_modules/electron/install.js', '');
    expect(await job().running).toEqual({ outcome: 'failed', reason: 'install-electron left no binary' });
  });

  test('binary of another version: searched → not found', async () => {
    write('node_modules/electron/install.js', installer(''));
    await job().running;
    write('node_modules/electron/dist/version', 'v44.0.0');
    expect(findElectron(root, {})).toBeNull();
  });
});

describe('installing packages', () => {
  /** A fake npm that records its arguments and behaves as the test configures it. */
  const npm = (body: string): Readonly<Record<string, string>> => {
    write('npm/package.json', '{}');
    write(
      'npm/npm-cli.js',
      `const log = ${JSON.stringify(join(root, 'npm-log'))};
      require('node:fs').appendFileSync(log, process.argv.slice(2, 4).join(' ') + '\\n');
      ${body}`,
    );
    write('package-lock.json', '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
    write('out/built-from', hashSources(root));
    return { npm_execpath: join(root, 'npm', 'npm-cli.js') };
  };
  const finish = `require('node:fs').mkdirSync('node_modules/a', { recursive: true });
    require('node:fs').writeFileSync('node_modules/.package-lock.json', require('node:fs').readFileSync('package-lock.json'));`;
  const told = (): string => readFileSync(join(root, 'npm-log'), 'utf8');

  test('fresh clone: started twice → npm ci runs once', async () => {
    const env = npm(finish);
    const first = await run(['--no-open'], env);
    expect([first.stdout, first.stderr]).toEqual([printed, 'Installing the packages (once)…\n']);
    expect((await run(['--no-open'], env)).stderr).toBe('');
    expect(told()).toBe('ci --include=dev\n');
  });

  test('fresh clone: two starts at once → one installs, the other waits for it', async () => {
    // The first npm continues after the other start has reported that it waits.
    const isWaiting = join(root, 'is-waiting');
    const env = npm(`const { existsSync } = require('node:fs');
      const look = setInterval(() => {
        if (!existsSync(${JSON.stringify(isWaiting)})) return;
        clearInterval(look);
        ${finish}
      }, 20);`);
    const watch = setInterval(() => {
      if (waiting().length > 0) writeFileSync(isWaiting, '');
    }, 20);
    const said: string[] = ['', ''];
    const waiting = (): readonly string[] => said.filter((text) => text.includes('waiting for it'));
    const both = [0, 1].map((at) => run(['--no-open'], env, false, (text) => (said[at] = text)));
    const ended = await Promise.all(both);
    clearInterval(watch);
    expect(ended.map(({ code, stdout }) => [code, stdout])).toEqual([
      [0, printed],
      [0, printed],
    ]);
    expect(told()).toBe('ci --include=dev\n');
    expect(ended.filter(({ stderr }) => /^Another npm start \(process \d+\) is setting/.test(stderr))).toHaveLength(1);
    expect(existsSync(join(root, 'out', 'setup-lock'))).toBe(false);
  });

  test('start killed during set-up → the next start does not wait', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    write('out/setup-lock', String(dead));
    expect((await run(['--no-open'], npm(finish))).stdout).toBe(printed);
  });

  test('project folder: name with ? → a sentence, exit code 1', async () => {
    const strange = join(root, 'what?');
    cpSync(join(root, 'scripts'), join(strange, 'scripts'), { recursive: true });
    const { status, stderr } = spawnSync(process.execPath, [join(strange, 'scripts', 'start.mjs')], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining(`cannot be built in ${strange}: move it`)]);
  });

  test('npm ci: finds the lock incomplete → npm install by the same lock', async () => {
    const refuse = `if (process.argv[2] === 'ci') { console.error('npm error code EUSAGE'); process.exit(1); }`;
    const ended = await run(['--no-open'], npm(`${refuse} ${finish}`));
    expect([ended.code, ended.stdout]).toEqual([0, printed]);
    expect(told()).toBe('ci --include=dev\ninstall --no-save\n');
  });

  test('npm: fails for another reason → not run again, its reason is shown', async () => {
    const ended = await run(['--no-open'], npm(`console.error('npm error code ENOTFOUND'); process.exit(3);`));
    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toContain('ENOTFOUND');
    expect(ended.stderr).toContain('npm ended with 3');
    expect(told()).toBe('ci --include=dev\n');
  });
});
