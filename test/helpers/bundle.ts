/** Builds the programs a lab spawns into a temp folder, as the product's own build does, so that tests start what ships. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const top = resolve(import.meta.dirname, '../..');

/** Built programs, and how to remove them. */
export interface Bundle {
  readonly folder: string;
  /** Path of the built program of that name. */
  file(name: string): string;
  remove(): Promise<void>;
}

/**
 * Bundles Node programs.
 *
 * @param inputs  name → source file from the repository's top, e.g. `{ peer: 'src/peer/index.ts' }`
 */
export async function bundlePrograms(inputs: Readonly<Record<string, string>>): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'raft-lab-bundle-'));
  await build({
    root: top,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20.19',
      outDir: folder,
      emptyOutDir: true,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(inputs).map(([name, source]) => [name, join(top, source)])),
        external: ['electron', 'bufferutil', 'utf-8-validate'],
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunk-[hash].mjs' },
      },
    },
  });
  return {
    folder,
    file: (name) => join(folder, `${name}.mjs`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The three programs of the lab. */
export const LAB_PROGRAMS = {
  peer: 'src/peer/index.ts',
  network: 'src/network/index.ts',
  reaper: 'src/lab/reaper.ts',
} as const;
