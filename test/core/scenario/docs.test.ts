/** The page of scenarios names every step, field, function and word there is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FUNCTIONS, STEPS } from '../../../src/core/scenario/index.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/scenarios.md'), 'utf8');

test('every step with all of its fields', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  for (const [name, { fields }] of Object.entries(STEPS)) {
    const row = rows.find((line) => line.split('|')[1]?.includes(`\`${name}\``));
    expect(row, name).toBeDefined();
    if (name === 'join') continue;
    for (const field of Object.keys(fields)) expect(row?.split('|')[2], `${name}.${field}`).toContain(`\`${field}`);
  }
});

test('every function and every word for servers', () => {
  for (const name of Object.keys(FUNCTIONS)) expect(page).toContain(`\`${name}(`);
  for (const word of ['leader', 'follower', 'any', 'minority', 'majority', 'all', 'alive', 'dead'])
    expect(page).toContain(`\`${word}\``);
});
