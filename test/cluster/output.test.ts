/**
 * The output of a program is bounded: the newest part is kept for the screen, the oldest in the file. The screen gets
 * no escape codes.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { captureOutput } from '../../src/cluster/processes/output.ts';

let folder: string;
let file: string;
let problems: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-output-'));
  file = join(folder, 'stdout.log');
  problems = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('output: chunks with escape codes → whole plain lines on screen; the file has all bytes', async () => {
  const stream = new PassThrough();
  const output = captureOutput(stream, file, (message) => problems.push(message));
  const said = 'one\r\n\u001b[31mtwo\u001b[0m\n\nthr';
  stream.write(said);
  stream.end('ee\n');
  await new Promise((resolve) => stream.once('end', resolve));
  await output.ended;
  expect(output.lines()).toEqual(['one', 'two', 'three']);
  expect(output.lastLine()).toBe('three');
  expect(readFileSync(file, 'utf8')).toBe(`${said}ee\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('output: more than the bound → the newest lines are shown and the file stops growing', async () => {
  const stream = new PassThrough();
  const output = captureOutput(stream, file, (message) => problems.push(message));
  const line = `${'x'.repeat(1_023)}\n`;
  for (let at = 0; at < 6 * 1_024; at += 1) {
    if (!stream.write(line)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end('the last\n');
  await output.ended;
  expect(output.lines().length).toBeLessThanOrEqual(200);
  expect(output.lastLine()).toBe('the last');
  expect(statSync(file).size).toBeGreaterThan(4 * 1_024 * 1_024);
  expect(statSync(file).size).toBeLessThan(4 * 1_024 * 1_024 + 200);
  expect(readFileSync(file, 'utf8')).toContain('the file is full');
});

test('output: the file cannot be written → reported once, and the screen still gets the lines', async () => {
  rmSync(folder, { recursive: true });
  const stream = new PassThrough();
  const output = captureOutput(stream, file, (message) => problems.push(message));
  stream.write('a\n');
  stream.end('b\n');
  await output.ended;
  await expect.poll(() => output.lines()).toEqual(['a', 'b']);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(file);
});
