/** The programs beside `raft-lab` end with the codes of docs/terminal.md, whatever happens. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { program } from '../../src/cli/program.ts';

const notes: string[] = [];

beforeEach(() => {
  notes.length = 0;
  vi.spyOn(console, 'error').mockImplementation((line: string) => void notes.push(line));
});
afterEach(() => void vi.restoreAllMocks());

test('program: what it runs fails, as without a temporary folder → 3 and a sentence, not 1', async () => {
  const fails = (): Promise<number> => Promise.reject(new Error('no such folder'));
  expect(await program([], 'usage', () => ({}), fails)).toBe(EXIT.lab);
  expect(notes).toEqual(['It could not be done: no such folder']);
});

test('program: the command line is not understood → 2 and how to use it', async () => {
  const reads = (): never => {
    throw new Error('--seeds x is not a number.');
  };
  expect(await program(['--seeds', 'x'], 'usage', reads, () => Promise.resolve(EXIT.ok))).toBe(EXIT.usage);
  expect(notes).toEqual(['--seeds x is not a number.\n\nusage']);
});
