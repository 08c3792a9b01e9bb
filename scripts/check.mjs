#!/usr/bin/env node
/** `npm run check`: types of all three worlds, format and lint, and the house rules. One line for each, output only when it fails. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMain } from './is-main.mjs';

/** Name, program in node_modules, arguments. The architecture test is among the unit tests too. */
export const CHECKS = [
  ['types', 'typescript/bin/tsc', ['-p', 'tsconfig.json']],
  ['types of the core (no DOM, no Node)', 'typescript/bin/tsc', ['-p', 'src/core/tsconfig.json']],
  ['types of the page (no Node)', 'typescript/bin/tsc', ['-p', 'src/renderer/tsconfig.json']],
  ['format and lint', '@biomejs/biome/bin/biome', ['check', '.']],
];

const ARCHITECTURE = [
  'architecture',
  'vitest/vitest.mjs',
  ['run', '--config', 'test/vitest.config.ts', '--project', 'unit', 'test/architecture.test.ts'],
];

/**
 * Runs the checks side by side; their lines come in the order of the table.
 *
 * @param {string} root
 * @param {readonly (readonly [string, string, readonly string[]])[]} checks
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks(root, checks) {
  const running = checks.map(([name, program, args]) => runCheck(root, { name, program, args }));
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

async function runCheck(root, { name, program, args }) {
  const began = performance.now();
  const { code, output } = await run(root, [join(root, 'node_modules', program), ...args]);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  return { code, output, line: `${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)` };
}

function run(root, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
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
