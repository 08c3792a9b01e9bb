/** The third-party notices are current and complete, and say so when a package has no licence file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { script, top } from './scripts.ts';

type Lock = { readonly packages: Readonly<Record<string, object>> };

const { NOTICES, noticesOf, runtimePackages } = await script<{
  readonly NOTICES: string;
  noticesOf(root: string): string;
  runtimePackages(lock: Lock): readonly { readonly name: string; readonly license: string }[];
}>('package-notices.mjs');

const lock = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8')) as Lock;
const manifest = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as { dependencies: object };
const committed = readFileSync(join(top, NOTICES), 'utf8').replaceAll('\r\n', '\n');

/** Licences that require only a notice when the packages are passed on. */
const ACCEPTED = new Set(['MIT', 'ISC', '0BSD', '(MIT OR CC0-1.0)']);

describe('third-party notices', () => {
  test('notices: committed text → the one that the current lockfile gives', () => {
    expect(committed).toBe(noticesOf(top));
  });

  test('dependencies of package.json: each one → named with a copyright', () => {
    for (const name of Object.keys(manifest.dependencies)) {
      const notice = committed.split(`\n${'-'.repeat(80)}\n\n`).find((part) => part.startsWith(`${name} `));
      expect([name, notice]).toEqual([name, expect.stringMatching(/copyright/i)]);
    }
  });

  test('licences of runtime packages: each → requires no more than a notice', () => {
    const others = runtimePackages(lock).filter(({ license }) => !ACCEPTED.has(license));
    expect(others).toEqual([]);
  });
});

describe('the test of the test', () => {
  const locked = (packages: Lock['packages']): Lock => ({ packages: { '': { version: '1.0.0' }, ...packages } });

  test('notices: packages for development, for other systems and of types → left out', () => {
    const packages = {
      'node_modules/a/node_modules/@b/c': { version: '1.0.0', license: 'MIT' },
      'node_modules/d': { version: '1.0.0', license: 'MIT', dev: true },
      'node_modules/e': { version: '1.0.0', license: 'MIT', devOptional: true },
      'node_modules/f': { version: '1.0.0', license: 'MIT', optional: true },
      'node_modules/g': { version: '1.0.0', license: 'MIT', peer: true },
    };
    expect(runtimePackages(locked(packages)).map(({ name }) => name)).toEqual(['@b/c']);
  });

  test('notices: a package that states no licence → refused', () => {
    expect(() => runtimePackages(locked({ 'node_modules/a': { version: '1.0.0' } }))).toThrow(/a states no/);
  });
});
