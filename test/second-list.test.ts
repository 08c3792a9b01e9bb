/** Each table is the only list of its codes, and the rule that says so would notice a second one. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SourceFile } from './architecture/house.ts';
import { secondLists } from './architecture/second-list.ts';

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
  expect(secondLists(files).map(({ message }) => message)).toEqual([]);
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

test('second list: in a test → what it expects is no list, any other is', () => {
  const codes = "['RunStarted', 'RunEnded', 'LabRestarted']";
  expect(found(`expect(names).toEqual(${codes});`, 'test/a.test.ts')).toBe(0);
  expect(found(`expect(names).toEqual(expect.arrayContaining(${codes}));`, 'test/a.test.ts')).toBe(0);
  expect(found(`test.each(${codes})('a → b', () => {});`, 'test/a.test.ts')).toBe(0);
  expect(found(`const names = ${codes};`, 'test/a.test.ts')).toBe(1);
  expect(found(`ask({ names: ${codes} });`, 'test/a.test.ts')).toBe(1);
});

test('second list: record whose rows hold a function → allowed; rows of data → found', () => {
  expect(found('const a = { RunStarted: { f: () => 1 }, RunEnded: { f: () => 2 }, LabRestarted: { f() {} } };')).toBe(
    0,
  );
  expect(found('const a = { RunStarted: { n: 1 }, RunEnded: { n: 2 }, LabRestarted: { n: 3 } };')).toBe(1);
});
