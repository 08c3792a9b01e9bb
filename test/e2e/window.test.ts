/**
 * The window in the real Electron: it opens confined, shows five servers, elects in view, and leaves nothing behind.
 * Skipped, with the reason, where there is no binary or no display; the same page is tested in Chromium elsewhere.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { expect, test } from 'vitest';
import { skipWindow, windowProgram } from '../helpers/window-program.ts';
import { type SandboxProbeModule, script, top } from '../scripts/scripts.ts';

const { findElectron } = await script<{ findElectron(root: string, env: object): string | null }>(
  'electron-binary.mjs',
);
const { hasDisplay } = await script<{ hasDisplay(platform: string, env: object): boolean }>('launch-plan.mjs');
const { leftAfter, ourProcesses } = await script<{
  leftAfter(before: readonly object[], withinMs: number): Promise<readonly object[]>;
  ourProcesses(): readonly object[] | null;
}>('leftovers.mjs');

const { sandboxProblem } = await script<SandboxProbeModule>('sandbox-probe.mjs');

// The tests' own setting that keeps a stray import of electron from starting a download.
const { ELECTRON_OVERRIDE_DIST_PATH: _, ELECTRON_RUN_AS_NODE: __, ...env } = process.env;

const program = windowProgram(env, findElectron(top, env), top);

function whyNot(): string | null {
  if (program === null) return 'no Electron binary in node_modules/electron/dist (npm start fetches it)';
  if (!hasDisplay(process.platform, env)) return 'no display';
  // As root Chromium's children die with their sandbox on, and the app never turns it off.
  if (process.platform === 'linux' && process.getuid?.() === 0) return 'root on Linux cannot use the sandbox';
  const problem = sandboxProblem({ platform: process.platform, binary: program.file });
  if (problem !== null) return `the sandbox cannot work on this Linux (${problem})`;
  if (!existsSync(join(top, 'out', 'main', 'index.js'))) return 'out/main is not built (npm test builds it)';
  return null;
}

test('the window elects in view, is confined, and closes cleanly', async ({ skip }) => {
  const reason = whyNot();
  if (reason !== null || program === null) return skipWindow(skip, reason ?? 'no program', env);
  const before = ourProcesses() ?? [];
  const dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-window-'));
  const app = await _electron.launch({
    executablePath: program.file,
    args: [...program.args],
    // Playwright adds `--no-sandbox` otherwise, which `app.enableSandbox()` takes away again: the launch hangs.
    chromiumSandbox: true,
    env: { ...env, RAFT_LAB_DATA_DIR: dataFolder } as Record<string, string>,
  });
  try {
    const page = await app.firstWindow();
    expect(page.url()).toBe('app://lab/');
    const seen = await page.evaluate(() => ({
      node: typeof (globalThis as { process?: unknown }).process,
      bridge: Object.keys((globalThis as unknown as { raftLab: object }).raftLab).sort(),
    }));
    expect(seen).toEqual({
      node: 'undefined',
      bridge: ['ask', 'exportRun', 'kind', 'listen', 'onAction', 'setLanguage', 'setTheme', 'showExported'],
    });
    await page
      .getByText(/leads term|的领袖/)
      .first()
      .waitFor({ timeout: 60_000 });
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): { sandbox: boolean; contextIsolation: boolean; nodeIntegration: boolean };
      };
      const { sandbox, contextIsolation, nodeIntegration } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration };
    });
    expect(process.platform === 'linux' ? await seccompModes(app) : ['2']).toEqual(['2']);
    expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false });
  } finally {
    await app.close();
  }
  const left = await leftAfter(before, 5000);
  expect(left).toEqual([]);
  rmSync(dataFolder, { recursive: true, force: true });
});

/** `Seccomp` of the window's renderer, as the kernel tells it: 2 means that system calls are filtered. */
async function seccompModes(app: ElectronApplication): Promise<readonly string[]> {
  const pids = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.webContents.getOSProcessId()),
  );
  return pids.map((pid) => /^Seccomp:\s*(\d)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'unknown');
}
