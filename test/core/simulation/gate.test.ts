/** The gate: 300 seeds of 5,000 steps each, every judge after every step, then liveness. */
import { expect, test, vi } from 'vitest';
import { simulate } from '../../../src/core/simulation/index.ts';

vi.setConfig({ testTimeout: 120_000 });

const SEEDS = 300;
const STEPS = 5_000;
const CHUNK = 25;
const chunks = Array.from({ length: SEEDS / CHUNK }, (_, at) => at * CHUNK);

test.each(chunks)('seeds from %i on keep every promise', (first) => {
  for (let seed = first; seed < first + CHUNK; seed += 1) {
    const { broken } = simulate({ seed, steps: STEPS });
    const again = `npm run simulate -- --seed ${seed} --steps ${STEPS}`;
    expect(broken, `seed ${seed}; repeat with: ${again}`).toBeNull();
  }
});
