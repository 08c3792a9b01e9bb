/**
 * Facts about this machine from the launcher (scripts/, plain Node, which runs before anything is installed). `npm
 * start` decides by the same facts, so the doctor reports what `npm start` will do.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Env = Readonly<Record<string, string | undefined>>;

/** Facts about this machine, as `npm start` determines them. */
export interface Launcher {
  /** The command with which a person starts this program: its name where it is installed, npm in the repository. */
  readonly program: 'raft-lab' | 'npm run -s lab --';
  readonly language: 'en' | 'zh-CN';
  readonly node: { readonly found: string; readonly wanted: string; readonly isNew: boolean };
  /** Version of the Electron that would open the window; null when Electron is missing. */
  readonly electron: string | null;
  readonly hasDisplay: boolean;
}

/** @param root  the project's folder */
export async function lookAround(root: string, env: Env): Promise<Launcher> {
  const script = async <Module>(name: string): Promise<Module> =>
    (await import(pathToFileURL(join(root, 'scripts', name)).href)) as Module;
  const { terminalLanguage } = await script<{ terminalLanguage(env: Env): Launcher['language'] }>('words.mjs');
  const { WANTED_NODE, isNodeNewEnough } = await script<{
    readonly WANTED_NODE: string;
    isNodeNewEnough(found: string): boolean;
  }>('node-version.mjs');
  const { electronVersion, findElectron } = await script<{
    electronVersion(root: string): string;
    findElectron(root: string, env: Env): string | null;
  }>('electron-binary.mjs');
  const { hasDisplay } = await script<{ hasDisplay(platform: string, env: Env): boolean }>('launch-plan.mjs');
  const found = process.versions.node;
  return {
    program: env.npm_lifecycle_event === undefined ? 'raft-lab' : 'npm run -s lab --',
    language: terminalLanguage(env),
    node: { found, wanted: WANTED_NODE, isNew: isNodeNewEnough(found) },
    electron: findElectron(root, env) === null ? null : electronVersion(root),
    hasDisplay: hasDisplay(process.platform, env),
  };
}
