/**
 * `npm start`, step by step: packages, build, then the window or browser that launch-plan.mjs chose. All actions on the
 * machine are passed in as `acts`, so that tests can replace them; start.mjs passes the real ones.
 */
import { planLaunch, readOptions } from './launch-plan.mjs';

/**
 * @typedef {object} Acts
 * @property {() => boolean} isInstalled
 * @property {() => Promise<number>} install  npm's exit code
 * @property {(onWait: (pid: string) => void, act: () => Promise<boolean>) => Promise<boolean>} alone  runs `act` while no other process sets up this folder
 * @property {() => boolean} isBuilt
 * @property {() => Promise<boolean>} build
 * @property {() => string | null} findElectron
 * @property {() => string} electronVersion
 * @property {() => string} electronFolder  folder of the binary, even before the download
 * @property {() => 'becauseAppArmor' | 'becauseNoNamespaces' | null} sandboxProblem
 * @property {(onBytes: (bytes: number) => void) => Promise<import('./electron-binary.mjs').Fetched>} fetchElectron
 * @property {(name: string) => string | null} findPlace  absolute path of a file or folder, the unchanged name of a run, or null
 * @property {(binary: string, file: string | null) => Promise<import('./run-window.mjs').WindowEnd>} runWindow  resolves when the window is closed
 * @property {(options: import('./launch-plan.mjs').StartOptions) => Promise<{ oneTimeAddress: () => string }>} openHost
 *   starts the host, which prints its address
 * @property {(address: string) => Promise<string | null>} openAddress  null when it was opened, otherwise the reason
 *
 * @typedef {{ args: readonly string[], env: Record<string, string | undefined>, platform: string, isRoot: boolean,
 *   say: (line: string) => void, showProgress: (line: string | null) => void,
 *   words: (key: string, params?: Record<string, string | number>) => string, acts: Acts }} Start
 */

/**
 * @param {Start} start
 * @returns {Promise<number | null>} the exit code; null while the web host runs in this process
 */
export async function startLab(start) {
  const { say, words, acts } = start;
  const read = readOptions(start.args, start.env);
  if (!read.ok) {
    say(words(read.key, read.params));
    say(words(start.args.includes('--view') ? 'usageView' : 'usage'));
    return 2;
  }
  const file = read.options.file === null ? null : acts.findPlace(read.options.file);
  if (file === null && read.options.file !== null) {
    say(words(read.options.isView ? 'noRecording' : 'noFile', { file: read.options.file }));
    return read.options.isView ? 1 : 2;
  }
  /** @param {string} pid */
  const onWait = (pid) => say(words('waitingForSetup', { pid }));
  const isReady = (acts.isInstalled() && acts.isBuilt()) || (await acts.alone(onWait, () => setUp(start)));
  return isReady ? openDoor(start, { ...read.options, file }) : 1;
}

/**
 * @param {Start} start
 * @returns {Promise<boolean>} false after printing the reason
 */
async function setUp({ say, words, acts }) {
  if (!acts.isInstalled()) {
    say(words('installing'));
    const code = await acts.install();
    if (code !== 0) {
      say(words('installFailed', { code }));
      return false;
    }
  }
  if (!acts.isBuilt()) {
    say(words('building'));
    if (!(await acts.build())) {
      say(words('buildFailed'));
      return false;
    }
  }
  return true;
}

/** @param {Start} start @param {import('./launch-plan.mjs').StartOptions} options */
async function openDoor(start, options) {
  const { say, words, acts } = start;
  const { platform, env, isRoot } = start;
  const found = acts.findElectron();
  const sandboxProblem = acts.sandboxProblem();
  const plan = planLaunch({ options, platform, env, isRoot, hasElectron: found !== null, sandboxProblem });
  if (plan.door === 'browser') {
    if (plan.because !== null) say(words(plan.because, { dist: acts.electronFolder() }));
    return openBrowser(start, options, plan.open);
  }
  const binary = plan.door === 'fetch' ? await fetchBinary(start) : found;
  if (binary === null) return openBrowser(start, options, true);
  const ended = await acts.runWindow(binary, options.file);
  if ('code' in ended) return ended.code;
  const { key, params } = ended.failed;
  say(words('becauseWindowFailed', { reason: words(key, params) }));
  return openBrowser(start, options, true);
}

/**
 * @param {Start} start
 * @returns {Promise<string | null>} the binary; null after printing why it is missing
 */
async function fetchBinary({ say, showProgress, words, acts }) {
  say(words('fetching', { version: acts.electronVersion() }));
  const fetched = await acts.fetchElectron((bytes) =>
    showProgress(words('fetched', { megabytes: (bytes / 1_000_000).toFixed(1) })),
  );
  showProgress(null);
  if (fetched.outcome === 'fetched') return acts.findElectron();
  if (fetched.outcome === 'stalled') say(words('becauseStalled', { seconds: fetched.seconds }));
  else if (fetched.outcome === 'cancelled') say(words('becauseCancelled'));
  else say(words('becauseFetchFailed', { reason: fetched.reason }));
  return null;
}

/** @param {Start} start @param {import('./launch-plan.mjs').StartOptions} options @param {boolean} open */
async function openBrowser({ say, words, acts }, options, open) {
  const host = await acts.openHost(options);
  if (!open) return null;
  // Pass an address that can be used once, because every user of this machine can read the opener's arguments.
  const problem = await acts.openAddress(host.oneTimeAddress());
  if (problem !== null) say(words('openYourself', { reason: problem }));
  return null;
}
