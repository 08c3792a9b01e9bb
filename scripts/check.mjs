#!/usr/bin/env node
/** `npm run check`: types (one check for each environment), unused code, format and lint, and the house rules. Each check prints one line, and its output when it fails. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMain } from './is-main.mjs';

/** @typedef {readonly [name: string, program: string, args: readonly string[]]} Check  `program`: a path in node_modules */

/**
 * Checks of `npm test`. The architecture test is not among them, because it is one of the unit tests.
 *
 * @type {readonly Check[]}
 */
export const CHECKS = [
  ['types', 'typescript/bin/tsc', ['-p', 'tsconfig.json']],
  ['types of the core (no DOM, no Node)', 'typescript/bin/tsc', ['-p', 'src/core/tsconfig.json']],
  ['types of the page (no Node)', 'typescript/bin/tsc', ['-p', 'src/renderer/tsconfig.json']],
  ['types of the scripts (plain JavaScript)', 'typescript/bin/tsc', ['-p', 'scripts/tsconfig.json']],
  [
    'unused files, exports and dependencies',
    'knip/bin/knip.js',
    ['--config', 'test/knip.config.ts', '--no-config-hints'],
  ],
  ['format and lint', '@biomejs/biome/bin/biome', ['check', '.']],
];

/** @type {Check} */
const ARCHITECTURE = [
  'architecture',
  'vitest/vitest.mjs',
  ['run', '--config', 'test/vitest.config.ts', '--project', 'unit', 'test/architecture'],
];

/**
 * Runs the checks side by side; their lines come in the order of the table.
 *
 * @param {string} root
 * @param {readonly Check[]} checks
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks(root, checks) {
  const running = checks.map((check) => runCheck(root, check));
  let failed = 0;
  for (const check of running) {
    const { code, line, output } = await check;
    console.log(line);
    if (code === 0) continue;
    failed += 1;
    process.stdout.write(output);
  }
  return { passed: checks.length - failed, failed };
}

/** @param {string} root @param {Check} check */
async function runCheck(root, [name, program, args]) {
  const began = performance.now();
  const { code, output } = await run(root, [join(root, 'node_modules', program), ...args]);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  return { code, output, line: `${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)` };
}

/** @param {string} root @param {readonly string[]} args @returns {Promise<{ code: number, output: Uint8Array | string }>} */
function run(root, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (problem) => resolve({ code: 127, output: `${problem.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks) }));
  });
}

if (isMain(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const { failed } = await runChecks(root, [...CHECKS, ARCHITECTURE]);
  process.exitCode = failed === 0 ? 0 : 1;
}
