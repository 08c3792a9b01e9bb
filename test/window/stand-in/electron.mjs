/**
 * The value of `import … from 'electron'` in the built main process: the stand-in over a real Chromium. The process is
 * started with `node --import register.mjs PROGRAM` and RAFT_LAB_STAND_IN. Messages from the process that started it
 * control it.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { openChromium } from './chromium.mjs';
import { answerTests } from './control.mjs';
import { createStandIn } from './create.mjs';

/** @type {{ chromium: string, home: string, languages?: string[], isDark?: boolean,
 *   workArea?: { width: number, height: number }, readyToShow?: 'never' }} */
const given = JSON.parse(process.env.RAFT_LAB_STAND_IN);
const leave = process.exit.bind(process);
// Electron receives the app's folder as argument, not its entry file.
process.argv[1] = resolve(dirname(process.argv[1]), '..', '..');

let chromium = null;
const parts = createStandIn({
  ...given,
  argv: process.argv.slice(2),
  chromium: () => chromium,
  report: (line) => console.error(line),
  async start() {
    const folder = join(given.home, `chromium-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    const scale = parts.app.switches.get('force-device-scale-factor');
    const args = scale === undefined ? [] : [`--force-device-scale-factor=${scale}`];
    chromium = openChromium({ program: given.chromium, folder, args });
    await chromium.browser.send('Browser.getVersion');
  },
  leave(code) {
    if (chromium === null) leave(code);
    void chromium.close().finally(() => leave(code));
  },
});

export const {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
} = parts;

// As in Electron, `process.exit` exits the app, and the first signal requests to quit.
process.exit = (code) => app.exit(Number(code ?? process.exitCode ?? 0));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => app.quit());
answerTests(parts, leave);
