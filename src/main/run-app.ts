/**
 * The window's program. It makes the calls that must come before the app is ready, then creates the lab, the page's protocol, the
 * channels, the menu and the window. Electron is an argument, so that a test can check each call; `index.ts` passes the real one.
 */
import { join } from 'node:path';
import type * as Electron from 'electron';
import { CHANNELS, type Language, OPENED_ENDINGS, type WindowAction } from '../core/lab-api/index.ts';
import { type Lab, type LabOptions, type ProcessEvents, programFiles, watchSignals } from '../lab/index.ts';
import { languageFor, TRANSLATIONS } from '../translations/index.ts';
import { aboutPanel } from './about.ts';
import { APP_SCHEME, answerAppRequest, PAGE_URL } from './app-protocol.ts';
import { createAwake } from './awake.ts';
import { failStart, watchMain, watchPage } from './crash.ts';
import { bringRuns, placeData } from './data-folder.ts';
import { createExports } from './export-dialog.ts';
import { type Foundation, openFoundation } from './foundation.ts';
import { guardContents, guardSession, OUTSIDE_LINKS, openOutside } from './guards.ts';
import { type IpcSide, registerIpc } from './ipc.ts';
import { type LabFacts, watchLab } from './lab-facts.ts';
import type { LabMenu } from './lab-menu.ts';
import { launchFile } from './launch-file.ts';
import type { ConsoleParts } from './log-file.ts';
import { type MenuActions, menuTemplate } from './menu.ts';
import { createFileDoor, type FileDoor, handedOver } from './open-file.ts';
import { type QuitDesk, watchQuit, watchSessionEnd } from './quit.ts';
import { askToQuit } from './quit-question.ts';
import type { SettingsKeeper } from './settings.ts';
import { bringToFront, showWhenPainted } from './show-window.ts';
import { watchSleep } from './sleep-marks.ts';
import { createSupport } from './support.ts';
import { windowOptions } from './window.ts';

/** The parts of Electron that the app uses; a test passes stand-ins. */
export type ElectronParts = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'clipboard'
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

/** Everything else that the app uses; a test passes stand-ins. */
export interface Surroundings {
  readonly createLab: (options: LabOptions) => Lab | Promise<Lab>;
  /** `out/main`, the folder of this program and of the programs that the lab spawns. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The person's home folder; throws when none is known. */
  readonly home: () => string;
  readonly process: ProcessEvents;
  /** Arguments of this process, beginning with the program; without them, no file is opened. */
  readonly argv?: readonly string[];
  /** Absolute base of relative paths in `argv`. */
  readonly cwd?: string;
  /** Console whose warnings and errors are also written to the log. */
  readonly console?: ConsoleParts;
}

/** The state that the parts of the program share while it runs. */
interface AppState {
  lab: Lab | null;
  window: Electron.BrowserWindow | null;
  language: Language;
  isClosing: boolean;
  readonly files: FileDoor;
  /** The question to ask before the app exits; null when none is needed. */
  quitQuestion: NonNullable<QuitDesk['question']>;
  /** Rebuilds the menu; does nothing before the first one was built. */
  showMenu: () => void;
}

/**
 * Runs the app. Resolves when the window is open, when another instance was already running, or when the start failed. A failure
 * is shown to the person, and the exit code is `START_FAILED`. Never rejects.
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
    await failStart(problem, {
      app,
      dialog,
      lab: () => state.lab,
      texts: () => TRANSLATIONS[languageOfSystem(app)].menu,
    });
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
  // The file is passed to the running instance as data, because Chromium may change the order of argv.
  if (!app.requestSingleInstanceLock({ file })) {
    app.exit(0);
    return;
  }
  const kept = openFoundation(app, around);
  if (file !== null) state.files.open(file);
  // macOS sends `open-file` before the app is ready when a double click starts the app.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFile(state, path);
  });
  const openExternal = (address: string) => electron.shell.openExternal(address);
  watchMain(around.process, { app, dialog, lab: () => state.lab, texts: () => TRANSLATIONS[state.language].menu });
  // Installed before the first await, because a quit or a second start may come while the lab is created.
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
  // Installed now, because the handlers that Chromium installs before it is ready would quit with a question.
  watchSignals(around.process, ending.onSignals);
  followSettings(electron, state, kept.settings);
  const tellOfRuns = await bringRuns(folders);
  state.lab = await around.createLab({ dataFolder: kept.folders.current, programs: programFiles(around.folder) });
  watchSleep(electron.powerMonitor, state.lab);
  guardSession(electron.session.defaultSession);
  const rendererFolder = join(around.folder, '..', 'renderer');
  electron.protocol.handle('app', async (request) => {
    const answer = await answerAppRequest(request, rendererFolder);
    if (!answer.ok) kept.log.write('warn', `${request.method} ${request.url} was answered ${answer.status}.`);
    return answer;
  });
  const window = openWindow(electron, around, state, state.lab, kept);
  ending.watchClose(window);
  tellOfRuns(dialog, window, state.language);
}

/** Applies the settings to frame and menu, now and after each change. */
function followSettings(electron: ElectronParts, state: AppState, settings: SettingsKeeper): void {
  settings.watch(({ language, theme }) => {
    electron.nativeTheme.themeSource = theme;
    state.language = language === 'system' ? languageOfSystem(electron.app) : language;
    state.showMenu();
  });
}

/** Handles the page's choice of theme or language: applies it to frame and menu, and saves it in the settings. */
function pageChoices(
  { app, nativeTheme }: ElectronParts,
  state: AppState,
  settings: SettingsKeeper,
): Pick<IpcSide, 'onLanguage' | 'onTheme'> {
  return {
    onLanguage(language) {
      state.language = language;
      const { current } = settings;
      const known = current.language === 'system' ? languageOfSystem(app) : current.language;
      // A saved change rebuilds the menu, too.
      if (language === known || !settings.keep({ language })) state.showMenu();
    },
    onTheme(theme) {
      if (nativeTheme.themeSource === theme) return;
      nativeTheme.themeSource = theme;
      if (!settings.keep({ theme })) state.showMenu();
    },
  };
}

function createWindow(electron: ElectronParts, around: Surroundings): Electron.BrowserWindow {
  return new electron.BrowserWindow(
    windowOptions({
      preload: join(around.folder, '..', 'preload', 'index.cjs'),
      dark: electron.nativeTheme.shouldUseDarkColors,
      platform: around.platform,
      icon: iconOf(around),
      workArea: electron.screen.getPrimaryDisplay().workAreaSize,
    }),
  );
}

/** Opens the window, and connects page, menu, files, settings and the end of the app to it. */
function openWindow(
  electron: ElectronParts,
  around: Surroundings,
  state: AppState,
  lab: Lab,
  kept: Foundation,
): Electron.BrowserWindow {
  const { app, dialog } = electron;
  const { settings } = kept;
  const window = createWindow(electron, around);
  state.window = window;
  const texts = () => TRANSLATIONS[state.language].menu;
  const exports = createExports({ app, dialog, shell: electron.shell, lab, window, texts });
  const awake = createAwake(electron.powerSaveBlocker, settings);
  const facts = watchLab(lab, ({ playing }) => {
    awake.need(playing !== null);
    state.showMenu();
  });
  const act = (action: WindowAction): void => {
    if (!window.isDestroyed()) window.webContents.send(CHANNELS.action, action);
  };
  state.files.connect(window.webContents, act);
  state.quitQuestion = () => {
    const { playing } = facts();
    if (playing === null || window.isDestroyed()) return null;
    return (signal) => askToQuit({ dialog, window, texts: texts() }, playing, signal);
  };
  const support = connectMenu(electron, around, state, kept, { window, facts, act });
  registerIpc({
    ipcMain: electron.ipcMain,
    lab: { ...lab, ask: state.files.askOf(lab) },
    page: () => (window.isDestroyed() ? null : window.webContents),
    exportRun: () => exports.save(),
    showExported: () => exports.show(),
    openNamed: (endLive) => state.files.openNamed(lab, endLive),
    support,
    ...pageChoices(electron, state, settings),
  });
  state.showMenu();
  watchPage(window, { dialog, quit: () => app.quit(), texts });
  watchSessionEnd(window, lab);
  showWhenPainted(window, around.platform);
  window.loadURL(PAGE_URL).catch((problem: unknown) => {
    // A reload while the page loads also comes here, so the problem is only reported.
    console.error(`The page was not loaded: ${String(problem)}`);
  });
  return window;
}

/** Gives the window its menu, the actions of the menu *Help*, and the About panel. */
function connectMenu(
  electron: ElectronParts,
  around: Surroundings,
  state: AppState,
  kept: Foundation,
  page: {
    readonly window: Electron.BrowserWindow;
    readonly facts: () => LabFacts;
    readonly act: (action: WindowAction) => void;
  },
): ReturnType<typeof createSupport> {
  const { window, facts, act } = page;
  const support = createSupport({
    electron,
    env: around.env,
    platform: around.platform,
    window,
    settings: kept.settings,
    language: () => state.language,
    folders: kept.folders,
    isAccelerated: kept.isAccelerated,
    log: kept.log,
  });
  const about = {
    platform: around.platform,
    version: electron.app.getVersion(),
    versions: process.versions,
    icon: iconOf(around),
    dataFolder: kept.folders.current,
    logFolder: kept.log.folder,
  };
  state.showMenu = () => {
    electron.app.setAboutPanelOptions(aboutPanel({ ...about, texts: TRANSLATIONS[state.language].menu }));
    showMenu(electron, around, state, { facts: facts(), act }, support.menu);
  };
  return support;
}

function showMenu(
  electron: ElectronParts,
  around: Surroundings,
  state: AppState,
  page: Pick<LabMenu, 'facts' | 'act'>,
  own: Omit<MenuActions, 'openFile' | 'openRaftSite'>,
): void {
  const { Menu, nativeTheme, shell } = electron;
  const actions = {
    ...own,
    openFile: () =>
      void chooseFile(electron, state).catch((problem: unknown) => {
        console.error(`No file could be chosen: ${String(problem)}`);
      }),
    openRaftSite: () => openOutside(OUTSIDE_LINKS[0] ?? '', (address) => shell.openExternal(address)),
  };
  const { isClosing, language } = state;
  const isMac = around.platform === 'darwin';
  const theme = nativeTheme.themeSource;
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({ texts: TRANSLATIONS[language].menu, language, theme, isMac, isClosing, actions, ...page }),
    ),
  );
}

function languageOfSystem(app: Pick<Electron.App, 'getPreferredSystemLanguages'>): Language {
  return languageFor(app.getPreferredSystemLanguages());
}

/** Brings the window to the front, and opens the file if there is one. */
function openFile(state: AppState, path: string | null): void {
  if (path !== null) state.files.open(path);
  if (state.window !== null) bringToFront(state.window);
}

async function chooseFile({ dialog }: ElectronParts, state: AppState): Promise<void> {
  if (state.window === null || state.window.isDestroyed()) return;
  const { openFile: title, openedFiles: name } = TRANSLATIONS[state.language].menu;
  const extensions = OPENED_ENDINGS.map((ending) => ending.slice(1));
  const filters = [{ name, extensions }];
  const { filePaths } = await dialog.showOpenDialog(state.window, { title, filters, properties: ['openFile'] });
  openFile(state, filePaths[0] ?? null);
}

function iconOf({ folder }: Surroundings): string {
  return join(folder, '..', '..', 'resources', 'icons', 'icon-512.png');
}
