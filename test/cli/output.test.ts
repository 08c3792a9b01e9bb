/** Lines that cannot be written: a closed pipe is not a failure, a full disk is one. */
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { watchOutput } from '../../src/cli/output.ts';

/** @returns the exit code after this error, and the notes */
function endAfter(code: string, ownCode: number) {
  const stdout = new EventEmitter();
  const process = Object.assign(new EventEmitter(), { stdout, exitCode: undefined as number | undefined });
  const said: string[] = [];
  watchOutput(process, (problem) => said.push(problem));
  const problem = Object.assign(new Error(`${code}: write`), { code });
  stdout.emit('error', problem);
  stdout.emit('error', problem);
  process.exitCode = ownCode;
  process.emit('exit');
  return { exitCode: process.exitCode, said };
}

test('stdout: the disk is full → reported once, and exit code 0 becomes 1', () => {
  expect(endAfter('ENOSPC', EXIT.ok)).toEqual({ exitCode: EXIT.failed, said: ['ENOSPC: write'] });
});

test('stdout: the disk is full and the command failed → the command’s exit code stays', () => {
  expect(endAfter('ENOSPC', EXIT.lab).exitCode).toBe(EXIT.lab);
});

test('stdout: the reader is gone → no failure, no note', () => {
  expect(endAfter('EPIPE', EXIT.ok)).toEqual({ exitCode: EXIT.ok, said: [] });
});
