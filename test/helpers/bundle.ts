/**
 * The programs that a lab starts, built once for all tests with the product's own build (build-programs.ts). Each test
 * file gets a copy in a folder of its own. The path of the copy is on the command line of each process, so a file finds
 * only its own processes.
 */
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';

/** Built programs, and a function that removes them. */
export interface Bundle {
  readonly folder: string;
  /** Path of the built program of that name. */
  file(name: string): string;
  remove(): Promise<void>;
}

/** The three programs of the lab. */
export const LAB_PROGRAMS = {
  peer: 'src/peer/index.ts',
  network: 'src/network/index.ts',
  reaper: 'src/cluster/reaper.ts',
} as const;

/** Sources of all programs that tests start. Add a new one here. */
export const TEST_PROGRAMS: readonly string[] = [
  ...Object.values(LAB_PROGRAMS),
  'test/lab/support/fake-peer.ts',
  'test/lab/support/failing-network.ts',
  'test/lab/support/busy-lab.ts',
  'test/lab/support/greedy-lab.ts',
  'test/lab/support/writing-lab.ts',
];

/**
 * Copies built programs into a folder of the caller's own.
 *
 * @param inputs  name → source file from the repository's top, e.g. `{ peer: 'src/peer/index.ts' }`
 * @throws Error for a source that is not in TEST_PROGRAMS
 */
export async function bundlePrograms(inputs: Readonly<Record<string, string>>): Promise<Bundle> {
  const stranger = Object.values(inputs).find((source) => !TEST_PROGRAMS.includes(source));
  if (stranger !== undefined) throw new Error(`${stranger} is not built: add it to TEST_PROGRAMS in this file`);
  const built = inject('programs');
  const folder = await mkdtemp(join(tmpdir(), 'raft-lab-bundle-'));
  for (const name of await readdir(built)) {
    if (name.startsWith('chunk-')) await copyFile(join(built, name), join(folder, name));
  }
  for (const [name, source] of Object.entries(inputs)) {
    await copyFile(join(built, `${entryOf(source)}.mjs`), join(folder, `${name}.mjs`));
  }
  return {
    folder,
    file: (name) => join(folder, `${name}.mjs`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Name that a source has among the built programs. */
export function entryOf(source: string): string {
  return source.replaceAll('/', '-').replace(/\.ts$/, '');
}
