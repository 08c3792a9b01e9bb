/**
 * Line ends in a checkout where git would convert them to CR LF, as on most Windows machines: the files stay as in the
 * repository.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const top = join(import.meta.dirname, '..', '..');

test('checkout: core.autocrlf=true → no text file has CR LF', () => {
  const folder = mkdtempSync(join(tmpdir(), 'raft-lab-checkout-'));
  try {
    const words = ['-c', 'core.autocrlf=true', '-c', 'core.eol=crlf', 'checkout-index', '--all', `--prefix=${folder}/`];
    execFileSync('git', words, { cwd: top });
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(folder, name)).isFile(),
    );
    expect(files.length).toBeGreaterThan(100);
    const texts = files.filter((name) => !/\.(png|ico|icns)$/.test(name));
    expect(texts.filter((name) => readFileSync(join(folder, name)).includes('\r\n'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
