/**
 * Output of the terminal program. Only console.ts writes, and it shows escape codes of others instead of passing them
 * on.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { noteLine, printBytes, printLine } from '../../src/cli/console.ts';

afterEach(() => vi.restoreAllMocks());

const HOSTILE = 'a\u001b]0;title\u0007\u001b[31mred\r\u009b2J\u202etxt\u007f';

test('lines: control characters from other sources → shown as text', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined);
  const error = vi.spyOn(console, 'error').mockReturnValue(undefined);
  printLine(HOSTILE);
  noteLine(HOSTILE);
  const shown = 'a\\u001b]0;title\\u0007\\u001b[31mred\\u000d\\u009b2J\\u202etxt\\u007f';
  expect([log.mock.calls, error.mock.calls]).toEqual([[[shown]], [[shown]]]);
});

test('JSON: control characters from other sources → the same value, and none in the text', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined);
  printLine(JSON.stringify({ [HOSTILE]: HOSTILE }));
  const [text] = log.mock.calls[0] as [string];
  expect(text).not.toMatch(/\p{Cc}|\u202e/u);
  expect(JSON.parse(text)).toEqual({ [HOSTILE]: HOSTILE });
});

test.each([true, false])(
  'bytes on stdout: terminal (%s) → control characters shown; otherwise unchanged',
  async (isTTY) => {
    const bytes = Buffer.from(`名,${HOSTILE}\r\n次\r\n`);
    const written: Buffer[] = [];
    const stdout = Object.assign(new PassThrough(), { isTTY });
    stdout.on('data', (chunk: Buffer) => written.push(chunk));
    // One byte at a time: pieces end inside characters and line ends.
    await printBytes(Readable.from([...bytes].map((byte) => Buffer.of(byte))), stdout);
    const shown = '名,a\\u001b]0;title\\u0007\\u001b[31mred\\u000d\\u009b2J\\u202etxt\\u007f\n次\n';
    expect(Buffer.concat(written).toString()).toBe(isTTY ? shown : bytes.toString());
  },
);

test.each(['EPIPE', 'ENOSPC'])('bytes on stdout: %s → handled by the watcher of stdout', async (code) => {
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });
  const heard: unknown[] = [];
  stdout.on('error', (problem) => heard.push(problem));
  await printBytes(Readable.from([Buffer.from('a')]), stdout);
  expect(heard).toMatchObject([{ code }]);
});

test('bytes on stdout: the source cannot be read → rejects', async () => {
  const bytes = new Readable({ read: () => bytes.destroy(new Error('gone')) });
  await expect(printBytes(bytes, new PassThrough().resume())).rejects.toThrow('gone');
});

test('src/cli: every file but console.ts → does not write to the console', () => {
  const folder = join(import.meta.dirname, '../../src/cli');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const others = files.filter((name) => name !== 'console.ts');
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter((name) => /\bconsole\.(?!ts)/.test(readFileSync(join(folder, name), 'utf8')))).toEqual([]);
});
