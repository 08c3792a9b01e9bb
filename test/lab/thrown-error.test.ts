/**
 * A thrown value becomes the error that a person reads. For a full disk and for too many open files the system names no
 * file.
 */
import { expect, test } from 'vitest';
import { LabProblem } from '../../src/core/lab-api/lab-problem.ts';
import { labErrorOf } from '../../src/lab/thrown-error.ts';

const system = (code: string, path?: string) => Object.assign(new Error(`${code}: refused`), { code, path });

test.each([
  [system('ENOSPC'), 'cannot-write', { path: '/data', errno: 'ENOSPC' }],
  [system('EACCES', '/data/runs/a'), 'cannot-write', { path: '/data/runs/a', errno: 'EACCES' }],
  [system('EMFILE', '/proc/7/stat'), 'too-many-files', { errno: 'EMFILE' }],
  [system('ENFILE'), 'too-many-files', { errno: 'ENFILE' }],
  [system('ECONNRESET'), 'lab-failed', { detail: 'ECONNRESET: refused' }],
  [new Error('broken'), 'lab-failed', { detail: 'broken' }],
  [new LabProblem('no-run'), 'no-run', {}],
])('thrown error: %s → code %s', (cause, code, params) => {
  expect(labErrorOf(cause, '/data')).toMatchObject({ code, params });
});

test('thrown error: text that ends with a full stop → one full stop in the sentence', () => {
  expect(labErrorOf(new Error('start the run again.'), '/data').message).toBe(
    'The lab itself failed: start the run again.',
  );
});
