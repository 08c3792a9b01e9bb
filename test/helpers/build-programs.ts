/**
 * Vitest's global setup of the process tests: builds every program that they start, once for the whole run, into a temp
 * folder that is removed at the end. Each run builds anew, so no test uses a build of older sources.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { entryOf, TEST_PROGRAMS } from './bundle.ts';
import { onceForAll, type Shared } from './once-for-all.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the built programs. */
    readonly programs: string;
  }
}

const top = resolve(import.meta.dirname, '../..');

export const setup = onceForAll('programs', buildPrograms, (project, folder) => project.provide('programs', folder));

async function buildPrograms(): Promise<Shared<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'raft-lab-programs-'));
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
        input: Object.fromEntries(TEST_PROGRAMS.map((source) => [entryOf(source), join(top, source)])),
        external: ['electron', 'bufferutil', 'utf-8-validate'],
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunk-[hash].mjs' },
      },
    },
  });
  return { value: folder, stop: () => rm(folder, { recursive: true, force: true }) };
}
