/** Checks random properties. A failure names the seed and the one command that repeats it. */
import fc from 'fast-check';

/**
 * @param file  the test file, as a path from the repository's top
 * @throws Error with the command that repeats the failure; its cause is fast-check's own report
 */
export function checkProperty<Args>(file: string, property: fc.IProperty<Args>, numRuns = 300): void {
  const seed = Number(process.env.RAFT_LAB_SEED ?? Math.floor(Math.random() * 2 ** 31));
  try {
    fc.assert(property, { seed, numRuns });
  } catch (cause) {
    const command = `RAFT_LAB_SEED=${seed} npx vitest run --config test/vitest.config.ts ${file}`;
    throw new Error(`seed ${seed}; repeat with: ${command}`, { cause });
  }
}
