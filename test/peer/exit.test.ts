/** The exit code of a server for each kind of failure, and the sentence a person reads. */
import { expect, test } from 'vitest';
import { EXIT } from '../../src/core/wire/index.ts';
import { serverWayOut } from '../../src/peer/exit.ts';
import { StorageDamaged, StorageFailed } from '../../src/peer/storage/index.ts';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: refused, read`), { code });

test.each([
  ['EMFILE', 'raise the limit of open files'],
  ['ENFILE', 'raise the limit of open files'],
  ['ENOSPC', 'free or repair the disk'],
  ['EDQUOT', 'free or repair the disk'],
  ['EIO', 'free or repair the disk'],
  ['EROFS', 'free or repair the disk'],
])('exit: %s outside storage → storage failed, with a remedy', (code, remedy) => {
  const { code: exit, text } = serverWayOut(systemError(code), 'S1');
  expect(exit).toBe(EXIT.storageFailed);
  expect(text).toContain(`S1 stops: ${code}: refused`);
  expect(text).toContain(remedy);
});

test.each([
  ['EACCES', 'close the program that holds the file'],
  ['ENFILE', 'raise the limit of open files'],
])('exit: %s on a file of the server → storage failed, with file and remedy', (code, remedy) => {
  const failed = new StorageFailed({ file: 'log/1.json', doing: 'opening', cause: systemError(code) });
  expect(serverWayOut(failed, 'S1')).toEqual({
    code: EXIT.storageFailed,
    text: expect.stringMatching(new RegExp(`^S1 stops: opening log/1\\.json failed \\(${code}\\); .*${remedy}`)),
  });
});

test('exit: damaged file → its own code; any other error → the code of a crash', () => {
  const damaged = new StorageDamaged({ kind: 'damaged', file: 'state.json', offset: 0, reason: 'wrong' });
  expect(serverWayOut(damaged, 'S1').code).toBe(EXIT.storageDamaged);
  expect(serverWayOut(systemError('EADDRINUSE'), 'S1').code).toBe(EXIT.crashed);
  expect(serverWayOut('a text', 'S1')).toEqual({ code: EXIT.crashed, text: 'a text\nS1 crashed: a text' });
});
