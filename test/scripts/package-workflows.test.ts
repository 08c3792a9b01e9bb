/**
 * Properties of the hosted workflows that a linter cannot check: a job that skips its tests fails, and every command that
 * they run exists.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { top } from './scripts.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly 'runs-on': string;
  readonly 'timeout-minutes'?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly os?: readonly string[] } };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(top, '.github', 'workflows');
const workflows = readdirSync(folder).map(
  (name) => [name, parse(readFileSync(join(folder, name), 'utf8')) as Workflow] as const,
);
const jobs = workflows.flatMap(([file, { jobs: all }]) =>
  Object.entries(all).map(([name, job]) => [`${file} ${name}`, job] as const),
);
const runs = jobs.flatMap(([, job]) => job.steps.flatMap(({ run }) => (run === undefined ? [] : [run])));
const manifest = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as { scripts: object };

/** Current hosted runners. Each name has a version, because `latest` changes without notice. */
const RUNNERS = new Set(['ubuntu-24.04', 'macos-15', 'macos-15-intel', 'windows-2022']);

describe('workflows', () => {
  test('jobs: listed → Node 20 without Electron, X11, Wayland, macOS, Windows, all packages', () => {
    expect(jobs.map(([name]) => name).sort()).toEqual([
      'ci.yml linux-wayland',
      'ci.yml linux-x11',
      'ci.yml macos',
      'ci.yml node-20',
      'ci.yml windows',
      'package.yml linux',
      'package.yml macos',
      'package.yml windows',
    ]);
  });

  test.each(jobs)('%s: each runner → pinned, time limited', (_name, job) => {
    const runners = job.strategy?.matrix.os ?? [job['runs-on']];
    expect(runners.filter((name) => !RUNNERS.has(name))).toEqual([]);
    expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
  });

  test.each(jobs.filter(([name]) => !name.includes('node-20')))('%s: window test skipped → job fails', (_name, job) => {
    expect(job.env?.RAFT_LAB_REQUIRE_WINDOW).toBe('1');
    const commands = job.steps.map(({ run }) => run ?? '');
    const fetched = commands.findIndex((run) => run.includes('node node_modules/electron/install.js'));
    const played = commands.findIndex((run) => run.includes('npm test -- e2e window'));
    expect([fetched > 0, played > fetched]).toEqual([true, true]);
  });

  test.each(workflows)('%s: permissions → read only, no secrets', (file, { permissions }) => {
    expect(permissions).toEqual({ contents: 'read' });
    expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/secrets\.|--no-sandbox|userns=0/);
  });

  test('packages: tag or week → kept as artifacts, never published', () => {
    const [, workflow] = workflows.find(([file]) => file === 'package.yml') ?? [];
    expect(workflow?.on).toMatchObject({ push: { tags: ['v*'] }, schedule: [{ cron: expect.any(String) }] });
    for (const { steps } of Object.values(workflow?.jobs ?? {})) {
      const kept = steps.at(-1);
      expect([kept?.uses, kept?.with?.['if-no-files-found']]).toEqual(['actions/upload-artifact@v4', 'error']);
    }
  });

  test('npm scripts and script files: each one that they run → exists', () => {
    const scripts = runs.flatMap((run) => [...run.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? ''));
    const files = runs.flatMap((run) =>
      [...run.matchAll(/node (scripts\/[\w-]+\.mjs)/g)].map((match) => match[1] ?? ''),
    );
    expect([scripts.length > 5, files.length > 0]).toEqual([true, true]);
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
    expect(files.filter((name) => !existsSync(join(top, name)))).toEqual([]);
  });
});
