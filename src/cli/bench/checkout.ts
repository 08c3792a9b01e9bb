/**
 * The built programs of a checkout, copied into the bench's folder and started there, so that a build meanwhile changes
 * nothing. Two programs are added to the copy. One replaces the server's program: it writes the server's start options,
 * which hold the secret that clients need, into a file and then becomes the server. The other one is started instead of
 * `web-host.js` and closes the lab when the bench is gone. Both sides of a comparison are copied the same way. A
 * checkout needs only its built programs.
 */
import { existsSync } from 'node:fs';
import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { makeFolderSync, type ProgramFiles } from '../../lab/index.ts';

/** A copied checkout. */
export interface Checkout {
  /** The folder that was copied. */
  readonly source: string;
  /** `version` of its package.json. */
  readonly version: string;
  /** Hash of the sources it was built from; null when its build left none. */
  readonly builtFrom: string | null;
  /** The lab's browser door, which ends when its standard input ends. */
  readonly labProgram: string;
  /** The programs of a bare cluster. */
  readonly programs: ProgramFiles;
  /** Folder into which the start options of each run's servers are written, as `<runId>.json`. */
  readonly ordersFolder: string;
}

const HOST = 'web-host.js';
const SPAWNED = ['peer', 'network', 'reaper'] as const;
/** Extensions of the built programs. Older checkouts built them as `.js`. */
const EXTENSIONS = ['.mjs', '.js'] as const;

/** Returns the path of a built program; the path that ends with `.mjs` when no file exists. */
function programIn(main: string, name: string): string {
  const paths = EXTENSIONS.map((extension) => join(main, `${name}${extension}`));
  return paths.find((path) => existsSync(path)) ?? join(main, `${name}${EXTENSIONS[0]}`);
}

/** Returns the path of the first required file that is missing; null when the checkout is built. */
export function missingFile(folder: string): string | null {
  const main = join(folder, 'out', 'main');
  const programs = SPAWNED.map((name) => programIn(main, name));
  const files = [join(folder, 'package.json'), join(main, HOST), ...programs];
  return files.find((file) => !existsSync(file)) ?? null;
}

/**
 * Copies the files that the checkout's programs need.
 *
 * @param into  the new folder, readable by this user only
 */
export async function copyCheckout(source: string, into: string): Promise<Checkout> {
  const main = join(into, 'out', 'main');
  const ordersFolder = join(into, 'orders');
  makeFolderSync(ordersFolder);
  await cp(join(source, 'out', 'main'), main, { recursive: true });
  // The package.json has `"type": "module"`, so that Node reads the `.js` programs as ES modules.
  await cp(join(source, 'package.json'), join(into, 'package.json'));
  const scenarios = join(source, 'resources', 'scenarios');
  if (existsSync(scenarios)) await cp(scenarios, join(into, 'resources', 'scenarios'), { recursive: true });
  const peer = programIn(main, 'peer');
  const realPeer = join(main, `peer-real${extname(peer)}`);
  await rename(peer, realPeer);
  await writeFile(peer, tellingPeer(ordersFolder, basename(realPeer)));
  await writeFile(join(main, LAB_PROGRAM), GUARDED_LAB);
  const { version } = JSON.parse(await readFile(join(into, 'package.json'), 'utf8')) as { readonly version?: unknown };
  const stamp = await readFile(join(source, 'out', 'built-from'), 'utf8').catch(() => null);
  return {
    source: resolve(source),
    version: String(version),
    builtFrom: stamp?.trim() ?? null,
    labProgram: join(main, LAB_PROGRAM),
    programs: { peer: realPeer, network: programIn(main, 'network'), reaper: programIn(main, 'reaper') },
    ordersFolder,
  };
}

const LAB_PROGRAM = 'bench-lab.js';

/**
 * Returns the source of the program that replaces the server's. The first server of a run writes the file; the others
 * keep it.
 */
function tellingPeer(ordersFolder: string, realPeer: string): string {
  return `import { writeFileSync } from 'node:fs';
const { runId, secret, networkUrl, originNs } = JSON.parse(process.env.RAFT_LAB_SERVER);
try {
  const text = JSON.stringify({ runId, secret, networkUrl, originNs });
  writeFileSync(${JSON.stringify(`${ordersFolder}/`)} + runId + '.json', text, { mode: 0o600, flag: 'wx' });
} catch (problem) {
  if (problem.code !== 'EEXIST') throw problem;
}
await import('./${realPeer}');
`;
}

/**
 * Source of a guard that closes the lab in order through its own signal handler. The signal event is raised inside the
 * process, so it works on every system.
 */
const GUARDED_LAB = `for (const end of ['end', 'close', 'error']) {
  process.stdin.once(end, () => process.emit('SIGTERM', 'SIGTERM'));
}
process.stdin.resume();
await import('./${HOST}');
`;
