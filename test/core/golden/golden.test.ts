/**
 * Every golden file matches what its commands do. After an intended change, read the difference, then run `npx vitest
 * run --config test/vitest.config.ts --project unit-core test/core/golden -u`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { play } from './script.ts';

const folder = fileURLToPath(new URL('files/', import.meta.url));

describe('golden files', () => {
  test.each(readdirSync(folder))('golden file %s → matches its replay', async (name) => {
    const path = `${folder}${name}`;
    await expect(play(readFileSync(path, 'utf8'))).toMatchFileSnapshot(path);
  });

  test('script: unknown command, no message to deliver or invalid start → error with the cause', () => {
    const cluster = '> server S1 term 0 log\n> server S2 term 0 log\n';
    expect(() => play(`${cluster}> jump S1`)).toThrow('line 3, "> jump S1": no such command');
    expect(() => play(`${cluster}> deliver S1->S2`)).toThrow('nothing on S1->S2');
    expect(() => play('> server S2 term 0 log')).toThrow('should be: server S1 term T [vote S] log T T …');
  });

  test('golden file: wrong line → differs from its replay', () => {
    const file = '> server S1 term 0 log\n> timeout S1\n  S1 stands for term 7\n';
    expect(play(file)).not.toBe(file);
  });
});
