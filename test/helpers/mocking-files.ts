/**
 * Test files that replace a module. The replaced module would reach the next file of the same thread, so these files get
 * a thread each: the project `unit-mocks` in test/vitest.config.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A call at the beginning of a line that replaces a module, or forgets all modules. */
const REPLACES = /^\s*(?:await )?vi\.(?:mock|doMock|resetModules)\(/m;

/** Whether the text of a test file replaces a module or has modules loaded again. */
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
