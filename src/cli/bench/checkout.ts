/**
 * The built programs of a checkout, copied into the bench's folder and started from there, so that a build meanwhile
 * changes nothing. Two programs are added to the copy: one in the place of `peer.js` that writes a server's orders into
 * a file before it becomes that server (nothing else tells a stranger the secret that clients need), and one in front
 * of `web-host.js` that closes the lab when the bench is gone. Both sides of a comparison are copied the same way, and
 * nothing needs to be in the checkout but its programs.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ProgramFiles } from '../../lab/index.ts';

/** A copied checkout. */
export interface Checkout {
  /** Where it was copied from. */
  readonly source: string;
  /** `version` of its package.json. */
  readonly version: string;
  /** Hash of the sources it was built from; null when its build left none. */
  readonly builtFrom: string | null;
  /** The lab's browser door, which ends when its standard input does. */
  readonly labProgram: string;
  /** The programs of a bare cluster. */
  readonly programs: ProgramFiles;
  /** Here each server's orders are written, `<runId>.json`. */
  readonly ordersFolder: string;
}

const NEEDED = ['web-host.js', 'peer.js', 'network.js', 'reaper.js'];

/** The first file that must be there and is not, with its path; null when the checkout is built. */
export function missingFile(folder: string): string | null {
  const files = [join(folder, 'package.json'), ...NEEDED.map((name) => join(folder, 'out', 'main', name))];
  return files.find((file) => !existsSync(file)) ?? null;
}

/**
 * Copies what is needed to run it.
 *
 * @param into  made, readable by this user only
 */
export async function copyCheckout(source: string, into: string): Promise<Checkout> {
  const main = join(into, 'out', 'main');
  const ordersFolder = join(into, 'orders');
  await mkdir(ordersFolder, { recursive: true, mode: 0o700 });
  await cp(join(source, 'out', 'main'), main, { recursive: true });
  // `"type": "module"` stands there: without it Node would not take the programs for ES modules.
  await cp(join(source, 'package.json'), join(into, 'package.json'));
  const scenarios = join(source, 'resources', 'scenarios');
  if (existsSync(scenarios)) await cp(scenarios, join(into, 'resources', 'scenarios'), { recursive: true });
  await rename(join(main, 'peer.js'), join(main, REAL_PEER));
  await writeFile(join(main, 'peer.js'), tellingPeer(ordersFolder));
  await writeFile(join(main, LAB_PROGRAM), GUARDED_LAB);
  const { version } = JSON.parse(await readFile(join(into, 'package.json'), 'utf8')) as { readonly version?: unknown };
  const stamp = await readFile(join(source, 'out', 'built-from'), 'utf8').catch(() => null);
  return {
    source: resolve(source),
    version: String(version),
    builtFrom: stamp?.trim() ?? null,
    labProgram: join(main, LAB_PROGRAM),
    programs: { peer: join(main, REAL_PEER), network: join(main, 'network.js'), reaper: join(main, 'reaper.js') },
    ordersFolder,
  };
}

const REAL_PEER = 'peer-real.js';
const LAB_PROGRAM = 'bench-lab.js';

/** The first server of a run writes the file; the others find it there. */
function tellingPeer(ordersFolder: string): string {
  return `import { writeFileSync } from 'node:fs';
const { runId, secret, networkUrl, originNs } = JSON.parse(process.env.RAFT_LAB_SERVER);
try {
  const text = JSON.stringify({ runId, secret, networkUrl, originNs });
  writeFileSync(${JSON.stringify(`${ordersFolder}/`)} + runId + '.json', text, { mode: 0o600, flag: 'wx' });
} catch (problem) {
  if (problem.code !== 'EEXIST') throw problem;
}
await import('./${REAL_PEER}');
`;
}

/** A signal is what closes the lab in order; it is raised inside the process, so that it works on every system. */
const GUARDED_LAB = `for (const end of ['end', 'close', 'error']) {
  process.stdin.once(end, () => process.emit('SIGTERM', 'SIGTERM'));
}
process.stdin.resume();
await import('./web-host.js');
`;
