/**
 * Finds test files that replace a module. A replaced module would reach the next file in the same thread, so each of
 * these files gets a thread of its own: the project `unit-mocks` in test/vitest.config.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A call at the beginning of a line that replaces a module or resets the loaded modules. */
const REPLACES = /^\s*(?:await )?vi\.(?:mock|doMock|resetModules)\(/m;

/** Returns whether the text of a test file replaces a module or resets the loaded modules. */
export function mocksModules(text: string): boolean {
  return REPLACES.test(text);
}

/**
 * Finds the test files that replace a module.
 *
 * @param root  the repository's top
 * @returns their paths from there, with `/`
 */
export function mockingFiles(root: string): readonly string[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.test\.tsx?$/.test(path))
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
    .filter((path) => mocksModules(readFileSync(join(root, path), 'utf8')))
    .sort();
}
