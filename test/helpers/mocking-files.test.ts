/** Files that replace a module are found by their text, so none can share its thread by mistake. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mockingFiles, mocksModules } from './mocking-files.ts';

const call = (name: string): string => ['vi', name].join('.');

test.each([
  [`${call('mock')}('electron', () => parts);`, true],
  [`  ${call('doMock')}('node:fs');`, true],
  [`  ${call('resetModules')}();`, true],
  [`const sent = ${call('fn')}();\n${call('stubGlobal')}('fetch', sent);`, false],
  [`/** Use with \`${call('mock')}('electron', create)\`. */`, false],
])('modules: %j → replaced: %s', (text, expected) => {
  expect(mocksModules(text)).toBe(expected);
});

test('repository: a file that replaces electron → found; one that replaces nothing → not found', () => {
  const found = mockingFiles(join(import.meta.dirname, '../..'));
  expect(found).toContain('test/main/index.test.ts');
  expect(found).not.toContain('test/helpers/mocking-files.test.ts');
});
