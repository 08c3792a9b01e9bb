/** The exit code of several verdicts, as docs/terminal.md lists them. */
import { expect, test } from 'vitest';
import { exitBecauseOf } from '../../src/cli/carry-out.ts';
import { exitOf, type VerdictWord } from '../../src/cli/exit.ts';

test.each<[readonly VerdictWord[], number]>([
  [['valid'], 0],
  [['valid', 'violated', 'unknown', 'lab-failure'], 1],
  [['valid', 'unknown', 'lab-failure'], 3],
  [['valid', 'unknown'], 4],
  [['not-judged'], 4],
  [['valid', 'incomplete'], 4],
  [[], 4],
])('exit code: %j → %i', (verdicts, code) => {
  expect(exitOf(verdicts)).toBe(code);
});

test.each([
  ['run-damaged', 4],
  ['file-damaged', 4],
  ['recording-empty', 4],
  ['recording-later', 4],
  ['not-a-recording', 1],
  ['unknown-run', 1],
] as const)('exit code: the lab refuses with %s → %i', (code, exit) => {
  expect(exitBecauseOf({ code, params: {}, message: '' })).toBe(exit);
});
