/** Where runs are kept when no window decides it: the folder each platform has for an application's data. */
import { join } from 'node:path';

/**
 * `RAFT_LAB_DATA_DIR`, or the platform's own place. The window's is Electron's `userData`, which may differ.
 *
 * @throws when the platform's variable is missing and no home folder is known
 */
export function dataFolder(machine: {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}): string {
  const { platform, env, home } = machine;
  if (env.RAFT_LAB_DATA_DIR) return env.RAFT_LAB_DATA_DIR;
  if (home === '') throw new Error('No home folder is known: set RAFT_LAB_DATA_DIR to a folder for the runs.');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Raft Lab');
  if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'Raft Lab');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'raft-lab');
}
