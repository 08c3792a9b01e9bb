#!/usr/bin/env node
/**
 * `node scripts/draw-prose.mjs [SEED]`: prints 30 comments and 30 test titles, drawn by the seed, for a reader who judges
 * whether each is plain at the first reading. CONTRIBUTING.md says what to do with them.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { isMain } from './is-main.mjs';

/** Seed of CONTRIBUTING.md. */
const SEED = '2026';
const COUNT = 30;

if (isMain(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const seed = process.argv[2] ?? SEED;
  /** @type {{ module: { drawFromRepository(seed: string, count: number): Record<string, readonly string[]> } }} */
  const { module } = await runnerImport(join(root, 'test', 'architecture', 'draw.ts'), { configFile: false });
  for (const [kind, lines] of Object.entries(module.drawFromRepository(seed, COUNT))) {
    console.log(`\n${kind} (seed ${seed})`);
    for (const line of lines) console.log(`  ${line}`);
  }
}
