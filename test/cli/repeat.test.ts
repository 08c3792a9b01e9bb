/** The command that repeats a drawn run, as a person types it with the program's name on this machine. */
import { expect, test } from 'vitest';
import { readArgs } from '../../src/cli/read-args.ts';
import { commandLine, optionArgs } from '../../src/cli/repeat.ts';

test('repeat: installed → raft-lab; in the repository → npm run', () => {
  const args = ['soak', ...optionArgs({ kills: 5, seed: 7 })];
  expect(commandLine({ program: 'raft-lab' }, args)).toBe('raft-lab soak --kills 5 --seed 7');
  expect(commandLine({ program: 'npm run -s lab --' }, args)).toBe('npm run -s lab -- soak --kills 5 --seed 7');
});

test('repeat: null and false → left out; true → a switch; a list → with commas', () => {
  const args = optionArgs({ mutant: null, json: false, record: true, flags: ['noop', 'preVote'] });
  expect(args).toEqual(['--record', '--flags', 'noop,preVote']);
});

test('repeat: an argument with a space → quoted', () => {
  expect(commandLine({ program: 'raft-lab' }, ['runs', '--data', 'my runs'])).toBe('raft-lab runs --data "my runs"');
});

test('repeat: its arguments read again → the same options', () => {
  const asked = readArgs(['simulate', ...optionArgs({ seed: 3, steps: 100, only: ['drop', 'crash'] })]);
  expect(asked).toMatchObject({ kind: 'command', options: { seed: 3, steps: 100, only: ['drop', 'crash'] } });
});
