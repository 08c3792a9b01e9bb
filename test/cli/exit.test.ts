/** The exit code of several verdicts, as docs/terminal.md lists them. */
import { expect, test } from 'vitest';
import { exitBecauseOf } from '../../src/cli/carry-out.ts';
import { exitOf, type VerdictWord } from '../../src/cli/exit.ts';
import { ERRORS, errorRow, type LabErrorCode } from '../../src/core/catalogue/index.ts';

test.each<[readonly VerdictWord[], number]>([
  [['valid'], 0],
  [['valid', 'violated', 'unknown', 'lab-failure'], 1],
  [['valid', 'unknown', 'lab-failure'], 3],
  [['valid', 'unknown'], 4],
  [['not-judged'], 4],
  [['valid', 'incomplete'], 4],
  [[], 4],
])('exit code: verdicts %j → %i', (verdicts, code) => {
  expect(exitOf(verdicts)).toBe(code);
});

test('exit code: the lab refuses → 4 for an unreadable recording, 1 otherwise', () => {
  const codes = Object.keys(ERRORS) as LabErrorCode[];
  const unreadable = codes.filter((code) => exitBecauseOf({ code, params: {}, message: '' }) === 4);
  expect(unreadable).toEqual(codes.filter((code) => errorRow(code)?.noVerdict));
  expect(exitBecauseOf({ code: 'run-damaged', params: {}, message: '' })).toBe(4);
  expect(exitBecauseOf({ code: 'unknown-run', params: {}, message: '' })).toBe(1);
});
