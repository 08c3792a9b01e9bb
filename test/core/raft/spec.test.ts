/** SPEC.md matches the code: every built rule has its row, its function in the record and a test with its name. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RULE_IDS, rules } from '../../../src/core/raft/index.ts';

const spec = readFileSync(new URL('../../../src/core/raft/SPEC.md', import.meta.url), 'utf8');
const rows = spec
  .split('\n')
  .map((line) => /^\| ([A-Z]\d+) +\| (.+) \| (.+) \| (.+) \| (.*) ?\|$/.exec(line))
  .filter((found) => found !== null)
  .map(([, id = '', , , functions = '', tests = '']) => ({ id, functions, tests }));
const testText = ['../raft', '../state-machine']
  .flatMap((folder) => {
    const at = new URL(`${folder}/`, import.meta.url);
    return readdirSync(at)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => readFileSync(new URL(name, at), 'utf8'));
  })
  .join('\n');

describe('SPEC.md', () => {
  test('SPEC.md: rows → the expected number for each letter, no id twice', () => {
    const count = (letter: string) => rows.filter((row) => row.id.startsWith(letter)).length;
    expect([count('E'), count('L'), count('R'), count('S'), count('M'), count('P'), count('T')]).toEqual([
      10, 13, 7, 7, 5, 5, 1,
    ]);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
  });

  test('SPEC.md: functions → exactly those of the record, each with its rule’s id', () => {
    const named = rows.flatMap(({ id, functions }) =>
      functions.startsWith('not built') ? [] : [...functions.matchAll(/`(\w+)`/g)].map(([, name]) => [name, id]),
    );
    expect(Object.fromEntries(named)).toEqual(RULE_IDS);
    expect(Object.keys(RULE_IDS).sort()).toEqual(Object.keys(rules).sort());
  });

  test.each(rows.filter((row) => !row.functions.startsWith('not built')))(
    'SPEC.md: built rule $id → a test carries its name',
    ({ tests }) => {
      const name = /`(.+)`/.exec(tests)?.[1] ?? 'no test named';
      expect(testText).toContain(`'${name} `);
    },
  );
});
