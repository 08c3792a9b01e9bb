/**
 * Every mutant is caught again by the property and at the seed that docs/mutants.md gives. With the correct rules the
 * same run violates no property.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, describe, expect, test } from 'vitest';
import { findMutant, MUTANTS, rightRules, ruleIdOf, rulesWith, sceneOf } from '../../../src/core/mutants/index.ts';
import { RULE_IDS } from '../../../src/core/raft/index.ts';
import { simulate } from '../../../src/core/simulation/index.ts';

const STEPS = 3_000;
const page = readFileSync(join(import.meta.dirname, '../../../docs/mutants.md'), 'utf8');

/** Returns property and seed of a mutant's row. */
function recorded(id: string): { readonly property: string; readonly seed: number } {
  const row = page.split('\n').find((line) => line.includes(`| \`${id}\` |`)) ?? '';
  const [, , , , property = '', seed = ''] = row.split('|').map((cell) => cell.trim());
  return { property: property.replaceAll('`', ''), seed: Number(/\d+/.exec(seed)?.[0]) };
}

test.each(MUTANTS.map((mutant) => [mutant.id, mutant] as const))('mutant %s → caught as documented', (id, mutant) => {
  const { property, seed } = recorded(id);
  expect(Number.isInteger(seed), `docs/mutants.md has no row for ${id}`).toBe(true);
  const world = mutant.scene === undefined ? {} : sceneOf(mutant.scene, seed);
  const { broken } = simulate({ seed, steps: STEPS, rules: rulesWith(mutant), ...world });
  expect(broken?.property).toBe(property);
  expect(simulate({ seed, steps: STEPS, rules: rightRules, ...world }).broken).toBeNull();
});

describe('mutants of the restart', () => {
  test.each(['vote-not-restored', 'last-entry-not-restored'])(
    'mutant %s → caught by both checks within 100 seeds',
    (id) => {
      const mutant = findMutant(id);
      assert(mutant !== undefined);
      const found = new Set<string>();
      for (let seed = 0; seed < 100 && found.size < 2; seed += 1) {
        const { broken } = simulate({ seed, steps: STEPS, rules: rulesWith(mutant) });
        if (broken !== null) found.add(broken.property);
      }
      // One check compares with the last life's messages, the other with its files. Both must find the violation.
      expect([...found].sort()).toEqual(['durable-before-reveal', 'restores-its-disk']);
    },
  );
});

describe('table of mutants', () => {
  test('mutants: every one → unique id, a source, and a change of the rule that it names', () => {
    expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
    for (const mutant of MUTANTS) {
      expect(Object.keys(mutant.wrong), mutant.id).toContain(mutant.rule);
      expect(mutant.inspiredBy.length, mutant.id).toBeGreaterThan(10);
      expect(ruleIdOf(mutant)).toBe(RULE_IDS[mutant.rule]);
    }
  });

  test('mutants: at least two thirds → caught without a scene', () => {
    const random = MUTANTS.filter(({ scene }) => scene === undefined).length;
    expect(random / MUTANTS.length).toBeGreaterThanOrEqual(2 / 3);
  });
});
