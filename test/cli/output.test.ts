/** Lines that cannot be written: a reader that left is no failure, a full disk is one. */
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { watchOutput } from '../../src/cli/output.ts';

/** @returns the exit code after this error, and what was said */
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

test('stdout: the disk is full → said once, and a good end is a failure', () => {
  expect(endAfter('ENOSPC', EXIT.ok)).toEqual({ exitCode: EXIT.failed, said: ['ENOSPC: write'] });
});

test('stdout: the disk is full → a code that says more stays', () => {
  expect(endAfter('ENOSPC', EXIT.lab).exitCode).toBe(EXIT.lab);
});

test('stdout: nobody reads any more → no failure, nothing said', () => {
  expect(endAfter('EPIPE', EXIT.ok)).toEqual({ exitCode: EXIT.ok, said: [] });
});
