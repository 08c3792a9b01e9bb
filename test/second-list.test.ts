/** Each table is the only list of its codes, and the rule that says so would notice a second one. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SourceFile } from './architecture/house.ts';
import { EXEMPT_LISTS, listProblems, secondLists } from './architecture/second-list.ts';

const top = join(import.meta.dirname, '..');

/** Number of second lists in a text. */
const found = (text: string, path = 'src/lab/a.ts'): number => secondLists([{ path, text }]).length;

test('tables: whole repository → no second list of their codes', () => {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'src', 'test'], { cwd: top });
  const paths = listed.toString().split('\n');
  const files = paths
    .filter((path) => /\.tsx?$/.test(path) && existsSync(join(top, path)))
    .map((path): SourceFile => ({ path, text: readFileSync(join(top, path), 'utf8') }));
  expect(files.length).toBeGreaterThan(100);
  expect(listProblems(files, EXEMPT_LISTS)).toEqual([]);
});

test('second list: array, set, union, record of data, shared cases → found', () => {
  expect(found("const a = ['RunStarted', 'RunEnded', 'LabRestarted'];")).toBe(1);
  expect(found("const a = new Set([...['no-run', 'no-runs'], 'busy']);")).toBe(1);
  expect(found("type A = 'server-killed' | 'server-died' | 'healed';")).toBe(1);
  expect(found('const a = { RequestVote: 1, AppendEntries: 2, PreVote: 3 };')).toBe(1);
  expect(found("switch (op) { case 'set': case 'append': case 'delete': run(); break; default: }")).toBe(1);
});

test('second list: fewer than three, handlers, full records, own cases, the table → allowed', () => {
  expect(found("const a = ['RunStarted', 'RunEnded'];")).toBe(0);
  expect(found("const a = ['RunStarted', 'no-run', 'healed', 'cas'];")).toBe(0);
  expect(found('const a = { RunStarted: () => 1, RunEnded: () => 2, LabRestarted: () => 3 };')).toBe(0);
  expect(found('const a: Record<Rpc, number> = { RequestVote: 1, AppendEntries: 2, PreVote: 3 };')).toBe(0);
  expect(found('const a: { [Name in Rpc]: number } = { RequestVote: 1, AppendEntries: 2, PreVote: 3 };')).toBe(0);
  expect(found('const a: { [Name in Rpc]?: number } = { RequestVote: 1, AppendEntries: 2, PreVote: 3 };')).toBe(1);
  expect(found("switch (op) { case 'set': a(); break; case 'append': b(); break; case 'cas': c(); break; }")).toBe(0);
  expect(found("const a = ['RunStarted', 'RunEnded', 'LabRestarted'];", 'src/core/catalogue/a.ts')).toBe(0);
});

test('second list: exempt folder with none or too many → reported', () => {
  const files = [{ path: 'src/lab/a.ts', text: "const a = ['RunStarted', 'RunEnded', 'LabRestarted'];" }];
  expect(listProblems(files, { 'src/lab': 1 })).toEqual([]);
  expect(listProblems(files, { 'src/lab': 0 })).toEqual(['src/lab has 1 second lists, EXEMPT_LISTS allows 0']);
  expect(listProblems([], { 'src/lab': 1 })).toHaveLength(1);
});
