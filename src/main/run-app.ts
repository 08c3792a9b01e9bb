/**
 * The window's program in its order: what must be said before the app is ready, then the lab, the page's protocol,
 * the channels, the menu and the window. Everything of Electron comes in as one argument, so that a test can look
 * at each call; `index.ts` passes the real one.
 */
import { join } from 'node:path';
import type * as Electron from 'electron';
import { CHANNELS, type Language, SCENARIO_ENDINGS, type WindowAction } from '../core/lab-api/index.ts';
import { type Lab, type LabOptions, programFiles } from '../lab/index.ts';
import { APP_SCHEME, answerAppRequest, PAGE_URL } from './app-protocol.ts';
import { type CrashSource, failStart, watchMain, watchPage } from './crash.ts';
import { bringRuns, placeData } from './data-folder.ts';
import { createExports } from './export-dialog.ts';
import { guardContents, guardSession, OUTSIDE_LINKS, openOutside } from './guards.ts';
import { registerIpc } from './ipc.ts';
import { keepAwake } from './keep-awake.ts';
import { watchLab } from './lab-facts.ts';
import type { LabMenu } from './lab-menu.ts';
import { launchFile } from './launch-file.ts';
import { menuTemplate } from './menu.ts';
import { createFileDoor, type FileDoor, handedOver } from './open-file.ts';
import { type QuitDesk, watchQuit, watchSessionEnd } from './quit.ts';
import { askToQuit } from './quit-question.ts';
import { bringToFront, showWhenPainted } from './show-window.ts';
import { watchSleep } from './sleep-marks.ts';
import { readTheme, saveTheme } from './theme.ts';
import { windowOptions } from './window.ts';
import { languageOf, wordsIn } from './words.ts';

/** What of Electron the app uses; a test gives stand-ins. */
export type ElectronParts = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'nativeTheme'
  | 'powerMonitor'
  | 'powerSaveBlocker'
  | 'protocol'
  | 'screen'
  | 'session'
  | 'shell'
>;

/** Everything else the app stands on; a test gives stand-ins. */
export interface Surroundings {
  readonly createLab: (options: LabOptions) => Lab | Promise<Lab>;
  /** `out/main`, where this program and those the lab spawns lie. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The person's home folder; throws when none is known. */
  readonly home: () => string;
  readonly process: CrashSource;
  /** Of this process, the program first; absent: no file was named. */
  readonly argv?: readonly string[];
  /** Absolute; relative paths of `argv` count from here. */
  readonly cwd?: string;
}

/** What the parts of the program share while it runs. */
interface AppState {
  lab: Lab | null;
  window: Electron.BrowserWindow | null;
  language: Language;
  isClosing: boolean;
  readonly files: FileDoor;
  /** What is to be asked before the app is left; null: nothing. */
  quitQuestion: NonNullable<QuitDesk['question']>;
  /** Builds the menu anew; does nothing before there is one. */
  showMenu: () => void;
}

/**
 * Runs the app; resolves when the window is open, when another instance was already running, or when the start failed:
 * that is shown to the person, and the exit code is `START_FAILED`. Never rejects.
 */
export async function runApp(electron: ElectronParts, around: Surroundings): Promise<void> {
  const files = createFileDoor();
  const state: AppState = {
    lab: null,
    window: null,
    language: 'en',
    isClosing: false,
    files,
    quitQuestion: () => null,
    showMenu: () => undefined,
  };
  try {
    await startApp(electron, around, state);
  } catch (problem) {
    const { app, dialog } = electron;
    await failStart(problem, { app, dialog, lab: () => state.lab, words: () => wordsIn(languageOfSystem(app)) });
  }
}

async function startApp(electron: ElectronParts, around: Surroundings, state: AppState): Promise<void> {
  const { app, dialog } = electron;
  const folders = placeData(app, around);
  app.enableSandbox();
  electron.protocol.registerSchemesAsPrivileged([APP_SCHEME]);
  const appFolder = join(around.folder, '..', '..');
  const { argv = [], cwd = appFolder } = around;
  const file = launchFile({ argv, cwd, appFolder, isPackaged: app.isPackaged });
  // The running instance gets the file as data: Chromium may change the order of argv on the way.
  if (!app.requestSingleInstanceLock({ file })) {
    app.exit(0);
    return;
  }
  if (file !== null) state.files.open(file);
  // On macOS this comes before the app is ready when a double click starts it.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFile(state, path);
  });
  const openExternal = (address: string) => electron.shell.openExternal(address);
  watchMain(around.process, { app, dialog, lab: () => state.lab, words: () => wordsIn(state.language) });
  // Before the first pause: a quit or a second start may come while the lab is being made.
  const ending = watchQuit(app, {
    lab: () => state.lab,
    onClosing() {
      state.isClosing = true;
      state.showMenu();
    },
    question: () => state.quitQuestion(),
  });
  app.on('second-instance', (_event, _argv, _cwd, data) => openFile(state, handedOver(data)));
  app.on('web-contents-created', (_event, contents) => guardContents(contents, openExternal));
  await app.whenReady();
  electron.powerMonitor.on('shutdown', () => ending.hurry());
  // Now, because Chromium installs its own handlers before it is ready: they would quit as a person does, with a question.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) around.process.on(signal, () => ending.leaveBySignal());
  state.language = languageOfSystem(app);
  electron.nativeTheme.themeSource = readTheme(app.getPath('userData'));
  const tellOfRuns = await bringRuns(folders);
  state.lab = await around.createLab({ dataFolder: folders.folder, programs: programFiles(around.folder) });
  watchSleep(electron.powerMonitor, state.lab);
  guardSession(electron.session.defaultSession);
  const rendererFolder = join(around.folder, '..', 'renderer');
  electron.protocol.handle('app', (request) => answerAppRequest(request, rendererFolder));
  const window = openWindow(electron, around, state, state.lab);
  ending.watchClose(window);
  tellOfRuns(dialog, window, state.language);
}

/** The window with all that hangs on it. */
function openWindow(electron: ElectronParts, around: Surroundings, state: AppState, lab: Lab): Electron.BrowserWindow {
  const { app, dialog } = electron;
  const window = new electron.BrowserWindow(
    windowOptions({
      preload: join(around.folder, '..', 'preload', 'index.cjs'),
      dark: electron.nativeTheme.shouldUseDarkColors,
      platform: around.platform,
      icon: join(around.folder, '..', '..', 'resources', 'icons', 'icon-512.png'),
      workArea: electron.screen.getPrimaryDisplay().workAreaSize,
    }),
  );
  state.window = window;
  const words = () => wordsIn(state.language);
  const exports = createExports({ app, dialog, shell: electron.shell, lab, window, words });
  const awakeWhile = keepAwake(electron.powerSaveBlocker);
  const facts = watchLab(lab, () => {
    awakeWhile(facts().playing !== null);
    state.showMenu();
  });
  const act = (action: WindowAction): void => {
    if (!window.isDestroyed()) window.webContents.send(CHANNELS.action, action);
  };
  state.files.connect(window.webContents, act);
  state.showMenu = () => showMenu(electron, around, state, { facts: facts(), act });
  state.quitQuestion = () => {
    const { playing } = facts();
    if (playing === null || window.isDestroyed()) return null;
    return (signal) => askToQuit({ dialog, window, words: words() }, playing, signal);
  };
  registerIpc({
    ipcMain: electron.ipcMain,
    lab: { ask: state.files.askOf(lab), listen: (onPush) => lab.listen(onPush) },
    page: () => (window.isDestroyed() ? null : window.webContents),
    exportRun: () => exports.save(),
    showExported: () => exports.show(),
    onLanguage(language) {
      state.language = language;
      state.showMenu();
    },
    onTheme(theme) {
      if (electron.nativeTheme.themeSource === theme) return;
      electron.nativeTheme.themeSource = theme;
      saveTheme(app.getPath('userData'), theme);
      state.showMenu();
    },
  });
  state.showMenu();
  watchPage(window, { dialog, quit: () => app.quit(), words });
  watchSessionEnd(window, lab);
  showWhenPainted(window, around.platform);
  window.loadURL(PAGE_URL).catch((problem: unknown) => {
    // Also when the person reloads while it loads, so it is reported and no more.
    console.error(`The page was not loaded: ${String(problem)}`);
  });
  return window;
}

function showMenu(
  electron: ElectronParts,
  around: Surroundings,
  state: AppState,
  page: Pick<LabMenu, 'facts' | 'act'>,
): void {
  const { app, Menu, nativeTheme, shell } = electron;
  const actions = {
    openFile: () => void chooseFile(electron, state).catch(reportFailure('No file could be chosen')),
    openDataFolder: () =>
      void openFolder(electron, app.getPath('userData')).catch(reportFailure('The folder could not be opened')),
    openRaftSite: () => openOutside(OUTSIDE_LINKS[0] ?? '', (address) => shell.openExternal(address)),
  };
  const { isClosing, language } = state;
  const isMac = around.platform === 'darwin';
  const theme = nativeTheme.themeSource;
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({ words: wordsIn(language), language, theme, isMac, isClosing, actions, ...page }),
    ),
  );
}

function reportFailure(what: string): (problem: unknown) => void {
  return (problem) => console.error(`${what}: ${String(problem)}`);
}

function languageOfSystem(app: Pick<Electron.App, 'getPreferredSystemLanguages'>): Language {
  return languageOf(app.getPreferredSystemLanguages());
}

/** Brings the window to the front, with the file if there is one. */
function openFile(state: AppState, path: string | null): void {
  if (path !== null) state.files.open(path);
  if (state.window !== null) bringToFront(state.window);
}

async function chooseFile({ dialog }: ElectronParts, state: AppState): Promise<void> {
  if (state.window === null || state.window.isDestroyed()) return;
  const { openFile: title, scenarioFiles: name } = wordsIn(state.language);
  const extensions = SCENARIO_ENDINGS.map((ending) => ending.slice(1));
  const filters = [{ name, extensions }];
  const { filePaths } = await dialog.showOpenDialog(state.window, { title, filters, properties: ['openFile'] });
  openFile(state, filePaths[0] ?? null);
}

async function openFolder(electron: ElectronParts, folder: string): Promise<void> {
  const problem = await electron.shell.openPath(folder);
  if (problem !== '') console.error(`${folder} could not be opened: ${problem}`);
}
