/**
 * The scripts of the deb and rpm packages, run under another root as dpkg runs them: sandbox, link, upgrade and
 * removal.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { top } from './scripts.ts';

const FOLDER = '/opt/Raft Lab';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'raft-lab-root-'));
  write(`${FOLDER}/raft-lab`, '');
  write(`${FOLDER}/chrome-sandbox`, '');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text, { mode: 0o755 });
}

/** Fills in the names as electron-builder does, and runs the script. */
function run(name: string, ...args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  const names: Readonly<Record<string, string>> = { executable: 'raft-lab', sanitizedProductName: 'Raft Lab' };
  const text = readFileSync(join(top, 'resources', 'packaging', name), 'utf8').replace(
    /\${([a-zA-Z]+)}/g,
    (_whole, key: string) => names[key] ?? `unknown macro ${key}`,
  );
  const script = join(root, name);
  writeFileSync(script, text);
  // Programs that update the desktop's caches may be installed or not. Under this root they find nothing to update.
  const { status, stderr } = spawnSync('/bin/sh', [script, ...args], {
    env: { PATH: process.env.PATH, DPKG_ROOT: root },
    encoding: 'utf8',
  });
  return { status, stderr };
}

const link = () => join(root, 'usr', 'bin', 'raft-lab');
const hasLink = () => lstatSync(link(), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
const installed = () => run('after-install.sh', 'configure').status;

describe.skipIf(process.platform === 'win32')('maintainer scripts', () => {
  test('after-install: run once or twice → sandbox has mode 4755, link exists', () => {
    expect([installed(), installed()]).toEqual([0, 0]);
    expect(statSync(join(root, FOLDER, 'chrome-sandbox')).mode & 0o7777).toBe(0o4755);
    expect(readlinkSync(link())).toBe(`${FOLDER}/raft-lab`);
  });

  test('after-install: no sandbox in the package → the installation fails', () => {
    rmSync(join(root, FOLDER, 'chrome-sandbox'));
    expect(installed()).not.toBe(0);
  });

  test('after-install: another package’s program has the name → left alone and reported', () => {
    write('/usr/bin/raft-lab', 'another program');
    const { status, stderr } = run('after-install.sh', 'configure');
    expect([status, readFileSync(link(), 'utf8')]).toEqual([0, 'another program']);
    expect(stderr).toContain('is not a link');
    expect(run('after-remove.sh', 'remove').status).toBe(0);
    expect(existsSync(link())).toBe(true);
  });

  test.each([['remove'], ['purge'], ['0']])('after-remove %s: run → link is removed', (word) => {
    installed();
    expect(run('after-remove.sh', word).status).toBe(0);
    expect(hasLink()).toBe(false);
    expect(run('after-remove.sh', word).status).toBe(0);
  });

  test.each([['upgrade'], ['abort-upgrade'], ['1'], ['12']])('after-remove %s: run → link stays', (word) => {
    installed();
    expect([run('after-remove.sh', word).status, hasLink()]).toEqual([0, true]);
  });
});
