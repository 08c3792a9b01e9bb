/**
 * The rule for the place of the data, used by window, browser, terminal and every other program. Relative values are
 * resolved here, once, because a server runs in a folder of its own, where a relative path would mean another place.
 */
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** The inputs of the rule; `thisMachine` gives the real ones. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative folders are resolved against this folder. */
  readonly workingFolder: string;
  /**
   * Returns the home folder. Throws or returns an empty string for a user without HOME and without an entry in the list
   * of users.
   */
  readonly home: () => string;
}

/** The data folder, and the folders in which earlier versions kept recordings. All are absolute. */
export interface DataFolders {
  readonly folder: string;
  /** Folders of earlier versions; empty when the person named the data folder. */
  readonly earlier: readonly string[];
}

/** Returns the machine on which this program runs. */
export function thisMachine(): Machine {
  return { platform: process.platform, env: process.env, workingFolder: process.cwd(), home: homedir };
}

/**
 * Chooses the data folder: `--data`, `RAFT_LAB_DATA_DIR`, or the platform's own place for an application's data. On
 * Windows that is the local one, because the roaming one is copied over the network at each log-in.
 *
 * @param named  the value of `--data`; null or empty without one
 * @throws Error with a sentence when no folder is named and no home folder is known
 */
export function dataFolders(machine: Machine, named: string | null = null): DataFolders {
  const { env, workingFolder } = machine;
  const chosen = named || env.RAFT_LAB_DATA_DIR;
  const { resolve: absolute } = pathsOf(machine);
  if (chosen) return { folder: absolute(workingFolder, chosen), earlier: [] };
  const folder = platformFolder(machine);
  return { folder, earlier: earlierFolders(machine).filter((one) => one !== folder) };
}

function platformFolder(machine: Machine): string {
  const { platform, env } = machine;
  const { join, isAbsolute } = pathsOf(machine);
  const atHome = (...names: string[]): string => join(homeOf(machine), ...names);
  if (platform === 'darwin') return atHome('Library', 'Application Support', 'Raft Lab');
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA ?? '';
    return join(isAbsolute(local) ? local : atHome('AppData', 'Local'), 'Raft Lab');
  }
  // XDG Base Directory Specification: a relative path in these variables is invalid and must be ignored.
  const data = env.XDG_DATA_HOME ?? '';
  return join(isAbsolute(data) ? data : atHome('.local', 'share'), 'raft-lab');
}

/**
 * Returns the folders of earlier versions. The window kept its recordings in Electron's folder for settings, under the
 * package's name with `npm start` and under the product's name when installed. The other doors used a relative
 * XDG_DATA_HOME as it was.
 */
function earlierFolders(machine: Machine): readonly string[] {
  const { platform, env, workingFolder } = machine;
  const { join, isAbsolute, resolve: absolute } = pathsOf(machine);
  const bothNames = (parent: string): string[] => [join(parent, 'raft-lab'), join(parent, 'Raft Lab')];
  // The earlier folders may need a home folder even when the data folder does not. Without one they are not searched.
  const home = knownHome(machine);
  const inHome = (...names: string[]): string[] => (home === null ? [] : bothNames(join(home, ...names)));
  if (platform === 'darwin') return inHome('Library', 'Application Support');
  if (platform === 'win32') return env.APPDATA ? bothNames(env.APPDATA) : inHome('AppData', 'Roaming');
  const { XDG_CONFIG_HOME: settings = '', XDG_DATA_HOME: data = '' } = env;
  const window = isAbsolute(settings) ? bothNames(settings) : inHome('.config');
  return data === '' || isAbsolute(data) ? window : [...window, absolute(workingFolder, data, 'raft-lab')];
}

/** Returns the home folder. @throws Error with a sentence when none is known */
function homeOf(machine: Machine): string {
  const home = knownHome(machine);
  if (home === null) throw new Error('No home folder is known: name a folder with RAFT_LAB_DATA_DIR or --data.');
  return home;
}

function knownHome(machine: Machine): string | null {
  try {
    const home = machine.home();
    return home === '' ? null : pathsOf(machine).resolve(machine.workingFolder, home);
  } catch {
    // os.homedir() throws for a uid that the system has no entry for.
    return null;
  }
}

/** Returns the path functions of the machine's platform, not of this program's, so that tests can check all three. */
function pathsOf({ platform }: Machine): typeof posix {
  return platform === 'win32' ? win32 : posix;
}
