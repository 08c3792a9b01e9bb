/** Test files that replace a module are recognised by their text, so that each of them gets a thread of its own. */
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
])('modules: text %j → replaces a module: %s', (text, expected) => {
  expect(mocksModules(text)).toBe(expected);
});

test('repository: file replaces electron → found; replaces no module → not found', () => {
  const found = mockingFiles(join(import.meta.dirname, '../..'));
  expect(found).toContain('test/main/index.test.ts');
  expect(found).not.toContain('test/helpers/mocking-files.test.ts');
});
