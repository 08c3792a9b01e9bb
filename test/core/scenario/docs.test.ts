/** docs/scenarios.md describes every step, field, policy, function and word of a scenario. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OLD_STEPS } from '../../../src/core/actions/index.ts';
import { FUNCTIONS, MESSAGE_KINDS, POLICY_WORDS, SHAPE_FIELDS, STEPS } from '../../../src/core/scenario/index.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/scenarios.md'), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| `'));

test('page of scenarios: every step → a row with all of its fields', () => {
  for (const [name, { fields }] of Object.entries(STEPS)) {
    const row = rows.find((line) => line.split('|')[1]?.includes(`\`${name}\``));
    expect(row, name).toBeDefined();
    if (name === 'join') continue;
    for (const field of Object.keys(fields)) expect(row?.split('|')[2], `${name}.${field}`).toContain(`\`${field}`);
  }
});

test('page of scenarios: every function and every word for servers → described', () => {
  for (const name of Object.keys(FUNCTIONS)) expect(page).toContain(`\`${name}(`);
  for (const word of ['leader', 'follower', 'any', 'minority', 'majority', 'all', 'alive', 'dead'])
    expect(page).toContain(`\`${word}\``);
});

test('page of scenarios: policies, fields of a shape and older names → described', () => {
  for (const word of [...POLICY_WORDS, ...SHAPE_FIELDS, ...MESSAGE_KINDS]) expect(page).toContain(`\`${word}\``);
  for (const [old, { now }] of Object.entries(OLD_STEPS)) {
    const row = rows.find((line) => line.startsWith(`| \`${old}`) && line.includes(now));
    expect(row?.split('|')[2], old).toContain(`\`${now}`);
  }
});
