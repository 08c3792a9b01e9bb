/**
 * The built window as a person uses it. A cluster elects a leader in view, accepts a command, loses and regains its
 * leader, and is exported. The page is reloaded, crashes and hangs. The program is started twice, ended by a signal and
 * killed. All tests run behind the stand-in for Electron, and again in the real Electron where it is available.
 * docs/window-tests.md lists what each of them proves.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHANNELS } from '../../src/core/lab-api/index.ts';
import { START_FAILED } from '../../src/main/crash.ts';
import { unpackedChromium } from '../helpers/chromium.ts';
import { until } from '../helpers/until.ts';
import { skipWindow, windowProgram } from '../helpers/window-program.ts';
import { type SandboxProbeModule, script, top } from '../scripts/scripts.ts';
import { answerDialogs, saveAs, shownBoxes } from '../window/dialogs.ts';
import { type StandInStart, startElectron, startStandIn, type WindowDriver } from '../window/driver.ts';
import { clickMenu } from '../window/menu.ts';
import { playMenus } from '../window/menus-and-files.ts';
import { ONLY_ELECTRON } from '../window/only-electron.ts';
import { isStopped, networkOf, noneLeft, runsOf, serverOf } from '../window/programs-of.ts';
import { agree, pageOf, type WindowPage } from '../window/window-page.ts';

const { findElectron } = await script<{ findElectron(root: string, env: object): string | null }>(
  'electron-binary.mjs',
);
const { hasDisplay } = await script<{ hasDisplay(platform: string, env: object): boolean }>('launch-plan.mjs');
const { sandboxProblem } = await script<SandboxProbeModule>('sandbox-probe.mjs');

// The tests set ELECTRON_OVERRIDE_DIST_PATH so that a stray import of electron starts no download.
const { ELECTRON_OVERRIDE_DIST_PATH: _, ELECTRON_RUN_AS_NODE: __, ...env } = process.env;
const program = windowProgram(env, findElectron(top, env), top);
const isBuilt = existsSync(join(top, 'out', 'main', 'index.js'));

function whyNoElectron(): string | null {
  if (program === null) return 'no Electron binary in node_modules/electron/dist (npm start fetches it)';
  if (!hasDisplay(process.platform, env)) return 'no display';
  // Chromium's child processes crash as root with their sandbox on, and the app never turns the sandbox off.
  if (process.platform === 'linux' && process.getuid?.() === 0) return 'root on Linux cannot use the sandbox';
  const problem = sandboxProblem({ platform: process.platform, binary: program.file });
  if (problem !== null) return `the sandbox cannot work on this Linux (${problem})`;
  return isBuilt ? null : 'out/main is not built (npm test builds it)';
}

function whyNoStandIn(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the Chromium of the tests is a program for Linux';
  return isBuilt ? null : 'out/main is not built (npm test builds it)';
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'raft-lab-window-'));
  folders.push(folder);
  return folder;
}

/** Starts the built program with its own folders. */
type Launch = (args?: readonly string[]) => Promise<WindowDriver>;

async function launchStandIn(more: Partial<StandInStart> = {}): Promise<WindowDriver> {
  const home = newFolder();
  return startStandIn({ app: top, home, dataFolder: join(home, 'data'), chromium: await unpackedChromium(), ...more });
}

async function launchElectron(args: readonly string[] = []): Promise<WindowDriver> {
  if (program === null) throw new Error('no program');
  return startElectron({ program, args, dataFolder: newFolder() });
}

const standInReason = whyNoStandIn();
describe('behind the stand-in', () => {
  if (standInReason === null) {
    playWindow((args = []) => launchStandIn({ args }), { facts: [], isSilent: true });
    playSystems();
  } else test('the window', ({ skip }) => skip(standInReason));
});

const electronReason = whyNoElectron();
describe('in the real Electron', () => {
  if (electronReason === null) playWindow(launchElectron, { facts: ONLY_ELECTRON, isSilent: false });
  else {
    // Skip each test by its name, so the report lists everything that was not proved on this machine.
    for (const title of ['the window', ...ONLY_ELECTRON.map((fact) => fact.title)]) {
      test(title, ({ skip }) => skipWindow(skip, electronReason, env));
    }
  }
});

/** @param way.isSilent  true when Chromium itself prints nothing */
function playWindow(launch: Launch, way: { readonly facts: typeof ONLY_ELECTRON; readonly isSilent: boolean }): void {
  const { facts, isSilent } = way;
  describe('one window', () => {
    let driver: WindowDriver;
    let page: WindowPage;
    let runs: readonly string[];

    beforeAll(async () => {
      driver = await launch();
      page = await pageOf(driver);
      await answerDialogs(driver);
    });
    afterAll(() => driver?.kill());

    test('cluster: window opened → elects in view', async () => {
      await page.leader();
      await page.textFits('sentence', /5 of 5 up/);
      runs = runsOf(driver.pid);
      expect(runs).toHaveLength(1);
    });

    test('page: loaded → no Node, one frozen bridge of plain functions', async () => {
      const seen = await page.evaluate(() => {
        const { raftLab } = globalThis as unknown as { raftLab: Readonly<Record<string, unknown>> };
        return {
          node: [
            typeof (globalThis as { process?: unknown }).process,
            typeof (globalThis as { require?: unknown }).require,
          ],
          bridge: Object.entries(raftLab).map(([name, value]) => (name === 'kind' ? `kind ${value}` : typeof value)),
          isFrozen: Object.isFrozen(raftLab),
        };
      }, null);
      expect(seen.node).toEqual(['undefined', 'undefined']);
      expect(new Set(seen.bridge)).toEqual(new Set(['kind window', 'function']));
      expect(seen.isFrozen).toBe(true);
      const address = await driver.main(
        ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
        null,
      );
      expect(address).toBe('app://lab/');
    });

    for (const fact of facts) test(fact.title, () => fact.prove(driver, page));

    test('command: set x 5 → done', async () => {
      expect(await page.send('set x 5', /done @\d+/)).toContain('x = 5');
    });

    test('leader: kill -9 and restart → another leads, five are up again', async () => {
      const leader = await page.leader();
      const pid = serverOf(driver.pid, leader);
      await page.select(leader);
      await page.press('k');
      const sentence = await page.textFits('sentence', new RegExp(`S(?!${leader.slice(1)})\\d leads.*4 of 5 up`));
      expect(sentence).not.toContain(`${leader} leads`);
      expect(serverOf(driver.pid, leader)).toBe(0);
      await page.press('r');
      await page.textFits('sentence', /S\d leads.*5 of 5 up/);
      expect(serverOf(driver.pid, leader)).not.toBe(pid);
    });

    test('export: from menu and button → the whole run as JSON lines', async () => {
      const folder = newFolder();
      for (const way of ['menu', 'button'] as const) {
        const path = join(folder, `${way}.jsonl`);
        await saveAs(driver, path);
        if (way === 'menu') await clickMenu(driver, 'export');
        else await page.click('export');
        await until(`the export by ${way}`, () => existsSync(path));
        const events = readFileSync(path, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as { readonly event: string });
        const names = new Set(events.map(({ event }) => event));
        expect([...names]).toEqual(expect.arrayContaining(['LeaderElected', 'ServerExited', 'CommandDone']));
      }
      expect(readdirSync(folder).sort()).toEqual(['button.jsonl', 'menu.jsonl']);
      await shownBoxes(driver);
    });

    test('export: folder is missing → the page says where it could not write', async () => {
      const path = join(newFolder(), 'missing', 'run.jsonl');
      await saveAs(driver, path);
      await clickMenu(driver, 'export');
      const isSaid = () => page.evaluate((name) => document.body.textContent.includes(name), path);
      await until('the reason', isSaid);
    });

    test('theme: chosen on the page → frame and dialogs follow', async () => {
      for (const theme of ['dark', 'light'] as const) {
        await page.evaluate((wanted) => {
          (globalThis as unknown as { raftLab: { setTheme(theme: string): void } }).raftLab.setTheme(wanted);
        }, theme);
        await until(theme, () => driver.main(({ nativeTheme }, wanted) => nativeTheme.themeSource === wanted, theme));
      }
    });

    test('page: tries to leave → stays', async () => {
      await page.evaluate(() => {
        location.href = 'https://raft.example/';
      }, null);
      // The request fails if the page has left the address.
      await page.send('get x', /done|x = 5/);
      const address = await driver.main(
        ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
        null,
      );
      expect(address).toBe('app://lab/');
    });

    test('reload: eleven times → same run, no extra listener, no policy violation', async () => {
      const listeners = () =>
        driver.main(({ BrowserWindow }) => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents;
          return ['destroyed', 'render-process-gone'].map((event) => contents?.listenerCount(event as 'destroyed'));
        }, null);
      await page.command('Page.enable');
      await page.command('Page.addScriptToEvaluateOnNewDocument', {
        source: `globalThis.violations = 0; addEventListener('securitypolicyviolation', () => { globalThis.violations += 1; });`,
      });
      const before = await listeners();
      for (let time = 0; time < 11; time += 1) {
        await page.evaluate(() => {
          document.title = 'before';
        }, null);
        await driver.main(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload(), null);
        const isNew = () => page.evaluate(() => document.title !== 'before', null).catch(() => false);
        await until('a new document', isNew);
        await page.textFits('sentence', /S\d leads.*5 of 5 up/);
      }
      expect(await listeners()).toEqual(before);
      expect(runsOf(driver.pid)).toEqual(runs);
      const violations = () => page.evaluate(() => (globalThis as unknown as { violations: number }).violations, null);
      expect(await violations()).toBe(0);
      // Prove that violations are counted: the policy forbids this inline script.
      await page.evaluate(() => {
        const planted = document.createElement('script');
        planted.textContent = 'globalThis.planted = true;';
        document.body.append(planted);
      }, null);
      await until('the violation to be counted', async () => (await violations()) === 1);
      expect(await page.evaluate(() => 'planted' in globalThis, null)).toBe(false);
    });

    test('page: crashes → one dialog, the reloaded page shows the same cluster', async () => {
      await driver.main(
        ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
        null,
      );
      const boxes = await until('a box', async () => orNull(await shownBoxes(driver)));
      await page.textFits('sentence', /S\d leads.*5 of 5 up/);
      expect([...boxes, ...(await shownBoxes(driver))]).toHaveLength(1);
      expect(runsOf(driver.pid)).toEqual(runs);
    });

    test('page: hangs and is reloaded → one dialog, the same cluster', async () => {
      const hung = page.command('Runtime.evaluate', { expression: 'for (;;) {}' });
      const reason = hung.catch((problem: Error) => problem.message);
      await driver.main(({ BrowserWindow }) => void BrowserWindow.getAllWindows()[0]?.emit('unresponsive'), null);
      // The hanging renderer is ended before the page is loaded again.
      expect(await reason).toMatch(/crash|detached|closed/i);
      await page.textFits('sentence', /S\d leads.*5 of 5 up/);
      expect(await shownBoxes(driver)).toHaveLength(1);
      expect(runsOf(driver.pid)).toEqual(runs);
      expect(await page.send('get x', /done|x = 5/)).toContain('x = 5');
    });

    test('second start: same data folder → exits with 0, the first window is shown', async () => {
      await driver.main(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide(), null);
      expect((await driver.again([])).code).toBe(0);
      await until('the window to be shown', () =>
        driver.main(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible(), null),
      );
      expect(runsOf(driver.pid)).toEqual(runs);
    });

    test('second start: names a scenario → played in the first window', async () => {
      expect((await driver.again([join(top, 'resources', 'scenarios', 'Tour.yaml')])).code).toBe(0);
      await until('a run of its own', async () => {
        await agree(page);
        return runsOf(driver.pid).some((run) => !runs.includes(run));
      });
      runs = runsOf(driver.pid);
      await page.leader();
    });

    test('quit: requested by the app → exit code 0, no program left', async () => {
      await driver.main(({ app }) => app.quit(), null);
      expect((await driver.ended).code).toBe(0);
      await noneLeft(runs);
    });

    if (isSilent) {
      test('quit: finished → no error and no warning of Node or the page was printed', () => {
        expect(driver.printed()).toBe('');
      });
    }
  });

  playMenus(launch, newFolder);

  // Windows has no signals and no frozen processes.
  describe.skipIf(process.platform === 'win32')('one server frozen', () => {
    test.each([
      ['SIGTERM', { code: 0, signal: null }],
      ['SIGINT', { code: 0, signal: null }],
      ['SIGKILL', { code: null, signal: 'SIGKILL' }],
    ] as const)('%s: sent to the main process → no program left', async (signal, end) => {
      const driver = await launch();
      try {
        const page = await pageOf(driver);
        const leader = await page.leader();
        const runs = runsOf(driver.pid);
        const pid = serverOf(driver.pid, leader);
        await page.select(leader);
        await page.press('f');
        await until('the server to be stopped', () => isStopped(pid));
        process.kill(driver.pid, signal);
        expect(await driver.ended).toEqual(end);
        await noneLeft(runs);
      } finally {
        await driver.kill();
      }
    });

    test('second SIGINT: network frozen while the lab ends → killed at once, exit code 1', async () => {
      const driver = await launch();
      try {
        const page = await pageOf(driver);
        await page.leader();
        const runs = runsOf(driver.pid);
        process.kill(networkOf(driver.pid), 'SIGSTOP');
        // Repeat the signal, because signals within half a second count as one key press.
        const again = setInterval(() => process.kill(driver.pid, 'SIGINT'), 100);
        const end = await driver.ended.finally(() => clearInterval(again));
        expect(end).toEqual({ code: 1, signal: null });
        await noneLeft(runs);
      } finally {
        await driver.kill();
      }
    });
  });
}

/** Tests behaviour of some systems that a real Electron cannot be made to show. */
function playSystems(): void {
  test('Wayland: ready-to-show never comes → shown, elects in view', async () => {
    const driver = await launchStandIn({ readyToShow: 'never' });
    try {
      const page = await pageOf(driver);
      await page.leader();
      const isVisible = () => driver.main(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible(), null);
      await until('the window to be shown', isVisible);
    } finally {
      await driver.kill();
    }
  });

  describe('cluster survives', () => {
    const home = newFolder();
    let driver: WindowDriver;
    let page: WindowPage;
    let runs: readonly string[];

    beforeAll(async () => {
      driver = await launchStandIn({ home, dataFolder: 'data here' });
      page = await pageOf(driver);
      await page.leader();
      runs = runsOf(driver.pid);
    });
    afterAll(() => driver?.kill());

    test('data folder: relative → resolved from where the program was started', () => {
      expect(existsSync(join(home, 'data here'))).toBe(true);
    });

    test('listener: throws at each push → the page still acknowledges each push', async () => {
      await page.evaluate(() => {
        const { raftLab } = globalThis as unknown as { raftLab: { listen(onPush: () => void): void } };
        raftLab.listen(() => {
          throw new Error('a listener of the test');
        });
      }, null);
      await until('the listener to throw', () => driver.printed().includes('a listener of the test'));
      const taken = driver.main(
        ({ ipcMain }, channel) =>
          new Promise<true>((resolve) => {
            let left = 10;
            ipcMain.on(channel, () => {
              left -= 1;
              if (left === 0) resolve(true);
            });
          }),
        CHANNELS.taken,
      );
      await taken;
    });

    test('sleep: suspend and resume → a mark in the recording', async () => {
      await driver.main(({ powerMonitor }) => {
        powerMonitor.emit('suspend');
        powerMonitor.emit('resume');
      }, null);
      const path = join(home, 'slept.jsonl');
      await answerDialogs(driver);
      await saveAs(driver, path);
      await page.click('export');
      await until('the export', () => existsSync(path));
      expect(readFileSync(path, 'utf8')).toContain('"ComputerResumed"');
    });

    test('promise: rejected in main → reported, the cluster keeps running', async () => {
      await driver.main(() => void Promise.reject(new Error('nobody waits for this')), null);
      await until('the report', () => driver.printed().includes('nobody waits for this'));
      expect(await page.send('set y 6', /done @\d+/)).toContain('y = 6');
      expect(runsOf(driver.pid)).toEqual(runs);
      await driver.main(({ app }) => app.quit(), null);
      expect((await driver.ended).code).toBe(0);
    });
  });

  test('data folder: cannot be used → a box with the reason, a note, exit code 70', async () => {
    const home = newFolder();
    const dataFolder = join(home, 'data');
    mkdirSync(dataFolder);
    // A file takes the place of the recordings' folder.
    writeFileSync(join(dataFolder, 'runs'), '');
    const driver = await launchStandIn({ home, dataFolder });
    expect(await driver.ended, driver.printed()).toEqual({ code: START_FAILED, signal: null });
    expect(driver.printed()).toContain('ENOTDIR');
    expect(readdirSync(join(dataFolder, 'logs')).sort()).toEqual([
      expect.stringMatching(/^crash-.*\.json$/),
      'raft-lab.log',
    ]);
  });
}

function orNull<Item>(list: readonly Item[]): readonly Item[] | null {
  return list.length === 0 ? null : list;
}
