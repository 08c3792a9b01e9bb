/**
 * Decides whether `npm start` opens the window or the browser: first by the person's options, then by what the machine
 * can do. These functions are pure; start-lab.mjs carries out the decision. In types, `door` is the window or the browser.
 *
 * @typedef {{ browser: boolean, noOpen: boolean, isDetached: boolean, port: number, file: string | null,
 *   isView: boolean }} StartOptions  `isView`: show only the recording that `file` names and start no cluster
 * @typedef {'becauseNoDisplay' | 'becauseRoot' | 'becauseAppArmor' | 'becauseNoNamespaces'} Reason  key of a sentence in the words files
 * @typedef {{ door: 'window' }
 *   | { door: 'fetch' }
 *   | { door: 'browser', open: boolean, because: Reason | null }} LaunchPlan
 */

/**
 * Reads the options after `npm start --`.
 *
 * @param {readonly string[]} args
 * @param {Record<string, string | undefined>} env
 * @returns {{ ok: true, options: StartOptions } | { ok: false, key: 'badOption' | 'badPort' | 'twiceOption' | 'openWhat' | 'viewWhat', params: Record<string, string> }}
 */
export function readOptions(args, env) {
  /** @type {StartOptions} */
  const options = {
    browser: false,
    noOpen: env.RAFT_LAB_NO_OPEN === '1',
    isDetached: false,
    port: 0,
    file: null,
    isView: false,
  };
  const left = [...args];
  const seen = new Set();
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [name, inline] = splitOnce(word);
    if (seen.has(name)) return { ok: false, key: 'twiceOption', params: { option: name } };
    seen.add(name);
    if (name === '--port') {
      const port = inline ?? left.shift() ?? '';
      if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return { ok: false, key: 'badPort', params: { port } };
      options.port = Number(port);
      // Only the browser has a port.
      options.browser = true;
    } else if (name === '--open') {
      const file = inline ?? left.shift() ?? '';
      if (file === '' || file.startsWith('-')) return { ok: false, key: 'openWhat', params: {} };
      if (options.file !== null) return { ok: false, key: 'badOption', params: { option: word } };
      options.file = file;
    } else if (word === '--view') options.isView = true;
    else if (word === '--browser') options.browser = true;
    else if (word === '--no-open') options.noOpen = true;
    else if (word === '--detach') options.isDetached = true;
    else if (options.file === null && (options.isView ? !word.startsWith('-') : isOpenedFile(word)))
      options.file = word;
    else return { ok: false, key: 'badOption', params: { option: word } };
  }
  if (options.isView && options.file === null) return { ok: false, key: 'viewWhat', params: {} };
  return { ok: true, options };
}

/**
 * Decides between window and browser. The order of the conditions matters: first the person's options, then conditions
 * that make a window impossible, then what a window still needs.
 *
 * @param {{ options: StartOptions, platform: string, env: Record<string, string | undefined>, isRoot: boolean,
 *   hasElectron: boolean, sandboxProblem: 'becauseAppArmor' | 'becauseNoNamespaces' | null }} facts
 * @returns {LaunchPlan} `fetch`: download Electron, then open the window; the browser if the download fails
 */
export function planLaunch({ options, platform, env, isRoot, hasElectron, sandboxProblem }) {
  if (options.noOpen) return { door: 'browser', open: false, because: null };
  if (options.browser) return { door: 'browser', open: true, because: null };
  if (!hasDisplay(platform, env)) return { door: 'browser', open: true, because: 'becauseNoDisplay' };
  // Chromium refuses to run as root with its sandbox on, and Raft Lab never turns the sandbox off.
  if (isRoot && platform === 'linux') return { door: 'browser', open: true, because: 'becauseRoot' };
  // Check the sandbox before the download, because a window that cannot run needs no download.
  if (sandboxProblem !== null) return { door: 'browser', open: true, because: sandboxProblem };
  return hasElectron ? { door: 'window' } : { door: 'fetch' };
}

/**
 * @param {string} platform
 * @param {Record<string, string | undefined>} env
 * @returns {boolean} false when no display is set; always true on macOS and Windows
 */
export function hasDisplay(platform, env) {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Endings of files that can be opened. src/core/lab-api/opened-file.ts has the same list, and a test compares them. */
export const OPENED_ENDINGS = ['.yaml', '.yml', '.raftscenario', '.jsonl'];

/** @param {string} word */
function isOpenedFile(word) {
  return !word.startsWith('-') && OPENED_ENDINGS.some((ending) => word.toLowerCase().endsWith(ending));
}

/**
 * @param {string} word
 * @returns {boolean} true for a run's name, such as 2026-11-23T20-23-28-4f2a. src/recording/run-folder.ts has the same
 *   rule, and a test compares them.
 */
export function isRunName(word) {
  return /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{4}$/.test(word);
}

/** @param {string} text @returns {readonly [name: string, value?: string]} */
function splitOnce(text) {
  const at = text.indexOf('=');
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
