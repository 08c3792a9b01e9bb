/** The exit code and the sentence for an error that ends a program. */
import { expect, test } from 'vitest';
import { EXIT } from '../../src/core/wire/index.ts';
import { wayOut } from '../../src/program/way-out.ts';

test('way out: an error → stack first, one sentence last, exit code of a crash', () => {
  const { code, text } = wayOut(new Error('a bug\n  in two lines'), 'the network process', 'the run');
  expect(code).toBe(EXIT.crashed);
  expect(text).toContain('way-out.test.ts');
  expect(text.split('\n').at(-1)).toBe('the network process crashed: a bug in two lines');
});

test('way out: a thrown value that is not an Error → its text', () => {
  expect(wayOut('a text', 'S1', 'the server')).toEqual({ code: EXIT.crashed, text: 'a text\nS1 crashed: a text' });
});

test('way out: refusal by the machine → storage failure, with a remedy for the named program', () => {
  const refused = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' });
  expect(wayOut(refused, 'the network process', 'the run')).toEqual({
    code: EXIT.storageFailed,
    text:
      'the network process stops: accept EMFILE; ' +
      'close other programs or raise the limit of open files, and start the run again.',
  });
});

test('exit codes: failures → all different, and not 1, which Node itself uses', () => {
  const { ok: _ok, controlClosed: _closed, ...failures } = EXIT;
  const codes = Object.values(failures);
  expect(codes).not.toContain(1);
  expect(new Set(codes).size).toBe(codes.length);
});
