/**
 * The window's program in its order: what must be said before the app is ready, then the lab, the page's protocol,
 * the channels, the menu and the window. Everything of Electron comes in as one argument, so that a test can look
 * at each call; `index.ts` passes the real one.
 */
import { join, resolve } from 'node:path';
import type * as Electron from 'electron';
import type { Language } from '../core/lab-api/index.ts';
import { type Lab, type LabOptions, programFiles } from '../lab/index.ts';
import { APP_SCHEME, answerAppRequest, PAGE_URL } from './app-protocol.ts';
import { type CrashSource, watchMain, watchPage } from './crash.ts';
import { exportRun } from './export-run.ts';
import { guardContents, guardSession, OUTSIDE_LINKS, openOutside } from './guards.ts';
import { registerIpc } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { watchQuit, watchSessionEnd } from './quit.ts';
import { bringToFront, showWhenPainted } from './show-window.ts';
import { windowOptions } from './window.ts';
import { languageOf, wordsIn } from './words.ts';

/** What of Electron the app uses; a test gives stand-ins. */
export type ElectronParts = Pick<
  typeof Electron,
  'app' | 'BrowserWindow' | 'dialog' | 'ipcMain' | 'Menu' | 'nativeTheme' | 'protocol' | 'session' | 'shell'
>;

/** Everything else the app stands on; a test gives stand-ins. */
export interface Surroundings {
  readonly createLab: (options: LabOptions) => Lab | Promise<Lab>;
  /** `out/main`, where this program and those the lab spawns lie. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly process: CrashSource;
}

/** Runs the app; resolves when the window is open, or when another instance was already running. */
export async function runApp(electron: ElectronParts, around: Surroundings): Promise<void> {
  const { app, dialog } = electron;
  // Tests, and people who keep several sets of runs, choose the folder; it also separates their instances.
  if (around.env.RAFT_LAB_DATA_DIR) app.setPath('userData', resolve(around.env.RAFT_LAB_DATA_DIR));
  app.enableSandbox();
  electron.protocol.registerSchemesAsPrivileged([APP_SCHEME]);
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  let lab: Lab | null = null;
  let language: Language = 'en';
  const words = () => wordsIn(language);
  const openExternal = (address: string) => electron.shell.openExternal(address);
  watchMain(around.process, { app, dialog, lab: () => lab, words });
  app.on('web-contents-created', (_event, contents) => guardContents(contents, openExternal));
  await app.whenReady();
  language = languageOf(app.getPreferredSystemLanguages());
  lab = await around.createLab({ dataFolder: app.getPath('userData'), programs: programFiles(around.folder) });
  watchQuit(app, lab);
  guardSession(electron.session.defaultSession);
  const rendererFolder = join(around.folder, '..', 'renderer');
  electron.protocol.handle('app', (request) => answerAppRequest(request, rendererFolder));
  openDesk(electron, around, lab, {
    words,
    setLanguage: (chosen) => {
      language = chosen;
    },
  });
}

interface Speech {
  readonly words: () => ReturnType<typeof wordsIn>;
  readonly setLanguage: (language: Language) => void;
}

/** The window with all that hangs on it. */
function openDesk(electron: ElectronParts, around: Surroundings, lab: Lab, speech: Speech): void {
  const { app, dialog, Menu } = electron;
  const window = new electron.BrowserWindow(
    windowOptions({
      preload: join(around.folder, '..', 'preload', 'index.cjs'),
      dark: electron.nativeTheme.shouldUseDarkColors,
    }),
  );
  const saveRun = () => exportRun(lab, (name) => choosePath(electron, window, speech, name));
  const showMenu = (): void => {
    const actions = {
      exportRun: () => void saveFromMenu(dialog, window, saveRun, speech),
      openDataFolder: () => void openFolder(electron, app.getPath('userData')),
      openRaftSite: () => openOutside(OUTSIDE_LINKS[0] ?? '', (address) => electron.shell.openExternal(address)),
    };
    const isMac = around.platform === 'darwin';
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ words: speech.words(), isMac, actions })));
  };
  registerIpc({
    ipcMain: electron.ipcMain,
    lab,
    page: () => (window.isDestroyed() ? null : window.webContents),
    exportRun: saveRun,
    onLanguage(language) {
      speech.setLanguage(language);
      showMenu();
    },
  });
  showMenu();
  watchPage(window, { dialog, quit: () => app.quit(), words: speech.words });
  watchSessionEnd(window, lab);
  app.on('second-instance', () => bringToFront(window));
  showWhenPainted(window, around.platform);
  window.loadURL(PAGE_URL).catch((problem: unknown) => {
    // Also when the person reloads while it loads, so it is said and no more.
    console.error(`The page was not loaded: ${String(problem)}`);
  });
}

async function choosePath(
  electron: ElectronParts,
  window: Electron.BrowserWindow,
  speech: Speech,
  name: string,
): Promise<string | null> {
  const answer = await electron.dialog.showSaveDialog(window, {
    title: speech.words().exportTitle,
    defaultPath: join(electron.app.getPath('downloads'), name),
    filters: [{ name: 'JSON Lines', extensions: ['jsonl'] }],
  });
  return answer.canceled || answer.filePath === '' ? null : answer.filePath;
}

/** From the menu there is no page to say what went wrong, so the system's box does. */
async function saveFromMenu(
  dialog: ElectronParts['dialog'],
  window: Electron.BrowserWindow,
  saveRun: () => ReturnType<typeof exportRun>,
  speech: Speech,
): Promise<void> {
  const result = await saveRun();
  if (result.ok) return;
  await dialog.showMessageBox(window, {
    type: 'error',
    message: speech.words().exportFailed,
    detail: result.error.message,
  });
}

async function openFolder(electron: ElectronParts, folder: string): Promise<void> {
  const problem = await electron.shell.openPath(folder);
  if (problem !== '') console.error(`${folder} could not be opened: ${problem}`);
}
