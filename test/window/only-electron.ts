/**
 * Facts that the stand-in cannot prove. Facts with `prove` are tests that run in the real Electron and are skipped
 * elsewhere. No test covers the others. docs/window-tests.md has the same list, which a test compares.
 */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { WindowDriver } from './driver.ts';
import { programsOf } from './programs-of.ts';
import type { WindowPage } from './window-page.ts';

interface Fact {
  /** Text of the fact, which is also the test's title. */
  readonly title: string;
  prove(driver: WindowDriver, page: WindowPage): Promise<void>;
}

/** Facts that a test proves where the real Electron is available. */
export const ONLY_ELECTRON: readonly Fact[] = [
  {
    title: 'renderer: running → confined by the operating system',
    async prove(driver) {
      const found = await driver.main(async ({ app, BrowserWindow }) => {
        const pids = BrowserWindow.getAllWindows().map((window) => window.webContents.getOSProcessId());
        const metrics = app.getAppMetrics().filter(({ type }) => type === 'Tab');
        return { pids, sandboxed: metrics.map((one) => (one as { readonly sandboxed?: boolean }).sandboxed) };
      }, null);
      expect(found.pids.length).toBeGreaterThan(0);
      // Only Linux lets another process read this; elsewhere rely on Electron's own answer.
      // The value 2 means that system calls are filtered.
      const isConfined =
        process.platform === 'linux'
          ? found.pids.map((pid) => /^Seccomp:\s*2$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')))
          : found.sandboxed;
      expect(new Set(isConfined)).toEqual(new Set([true]));
    },
  },
  {
    title: 'preferences: window open → sandbox and isolation on, Node off',
    async prove(driver) {
      const seen = await driver.main(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
          getLastWebPreferences(): Readonly<Record<string, unknown>>;
        };
        const { sandbox, contextIsolation, nodeIntegration, webSecurity } = contents.getLastWebPreferences();
        return { sandbox, contextIsolation, nodeIntegration, webSecurity };
      }, null);
      expect(seen).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true });
    },
  },
  {
    title: 'scheme: app://lab loaded by Chromium → a secure origin of its own',
    async prove(_driver, page) {
      const seen = await page.evaluate(async () => {
        const elsewhere = await fetch('app://elsewhere/').then(
          () => 'answered',
          () => 'refused',
        );
        return { address: location.href, origin: location.origin, isSecure: isSecureContext, elsewhere };
      }, null);
      expect(seen).toEqual({ address: 'app://lab/', origin: 'app://lab', isSecure: true, elsewhere: 'refused' });
    },
  },
  {
    title: 'window: page painted → the system reports it visible',
    async prove(driver) {
      const isVisible = await driver.main(
        ({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()),
        null,
      );
      expect(isVisible).toEqual([true]);
    },
  },
  {
    title: 'programs: servers started → by Electron itself as Node, inside the archive when packaged',
    async prove(driver) {
      const { helper, electron } = await driver.main(
        () => ({
          helper: (process as { readonly helperExecPath?: string }).helperExecPath ?? process.execPath,
          electron: process.versions.electron,
        }),
        null,
      );
      expect(electron).toMatch(/^\d+\./);
      const servers = programsOf(driver.pid);
      expect(servers.length).toBeGreaterThan(0);
      expect(servers.filter(({ words }) => words.join(' ').startsWith(helper)).length).toBe(servers.length);
    },
  },
];

/** Facts that no test covers. */
export const SEEN_BY_NOBODY: readonly string[] = [
  'native dialogs and menus on the screen: the tests call their functions',
  'the fuses and the archive’s checksum in a published package',
  'signals that arrive inside Chromium while it starts',
  'sleep, log-out and shut-down of a real computer',
];
