/**
 * Configuration of knip, which finds files, exports and dependencies that nothing uses. The programs of the build are read
 * from the build's own configuration. CONTRIBUTING.md says what to do when knip complains.
 */
import { dirname, relative } from 'node:path';
import type { KnipConfig } from 'knip';
import build from '../electron.vite.config.ts';

/** Source files of the programs, from the repository's top. */
const programs = [build.main, build.preload, build.renderer].flatMap((part) => {
  const input = part?.build?.rolldownOptions?.input;
  const paths = typeof input === 'string' ? [input] : Object.values(input ?? {});
  return paths.map((path) => relative(dirname(import.meta.dirname), path).replaceAll('\\', '/'));
});

const config: KnipConfig = {
  entry: [
    ...programs,
    'scripts/*.mjs',
    'test/**/*.{test,bench,shots}.{ts,tsx}',
    // Programs and pages that tests start by their path.
    'test/lab/support/*.ts',
    'test/renderer/preview/{main.tsx,list.ts}',
  ],
  project: ['src/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}', 'scripts/*.mjs'],
  ignoreExportsUsedInFile: true,
  // scripts/check.mjs starts biome by its path.
  ignoreDependencies: ['@biomejs/biome'],
  // Programs of the system, such as mkfifo, are no dependencies. A room's face exports the types of its functions also when
  // no other room names them yet. Two names of one schema say two units.
  exclude: ['binaries', 'types', 'duplicates'],
};

export default config;
