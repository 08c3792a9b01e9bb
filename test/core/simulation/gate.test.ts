/**
 * Regression test of the simulation: 150 fixed seeds of 5,000 steps each, with all checks after every step and a
 * liveness phase. The long part `simulate` has these seeds and 1,850 more, with 20,000 steps each.
 */
import { expect, test, vi } from 'vitest';
import { simulate } from '../../../src/core/simulation/index.ts';

vi.setConfig({ testTimeout: 120_000 });

const SEEDS = 150;
const STEPS = 5_000;
const CHUNK = 25;
const chunks = Array.from({ length: SEEDS / CHUNK }, (_, at) => at * CHUNK);

test.each(chunks)('simulation: 25 seeds from %i on → no property violated', (first) => {
  for (let seed = first; seed < first + CHUNK; seed += 1) {
    const { broken } = simulate({ seed, steps: STEPS });
    const again = `npm run simulate -- --seed ${seed} --steps ${STEPS}`;
    expect(broken, `seed ${seed}; repeat with: ${again}`).toBeNull();
  }
});
