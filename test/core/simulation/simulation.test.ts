/**
 * The simulation is deterministic, reaches every fault and every branch of the rules, and its traces are valid traces.
 */
import { expect, test } from 'vitest';
import { createJudge, PROPERTIES } from '../../../src/core/check/index.ts';
import { findMutant, rulesWith } from '../../../src/core/mutants/index.ts';
import { rules } from '../../../src/core/raft/index.ts';
import {
  type BranchCounts,
  countedRules,
  drawOptions,
  faultsOf,
  shrink,
  silentBranches,
  simulate,
  withOnly,
} from '../../../src/core/simulation/index.ts';
import { emptyView, fold, parseTraceLine, type TraceEvent } from '../../../src/core/trace/index.ts';

function traceOf(seed: number, steps = 2_000): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  simulate({ seed, steps, onEvent: (event) => events.push(event) });
  return events;
}

test('simulation: same seed → same trace, byte for byte; other seed → other trace', () => {
  const text = (seed: number) =>
    traceOf(seed)
      .map((event) => JSON.stringify(event))
      .join('\n');
  expect(text(11)).toBe(text(11));
  expect(text(11)).not.toBe(text(12));
});

test('simulation: 80 seeds → every fault, every branch of a rule, facts for every property', () => {
  const branches: BranchCounts = {};
  const counted = countedRules(rules, branches);
  const fired: Record<string, number> = {};
  const examined: Record<string, number> = {};
  for (let seed = 0; seed < 80; seed += 1) {
    const result = simulate({ seed, steps: 4_000, rules: counted });
    expect(result.broken, `npm run simulate -- --seed ${seed} --steps 4000`).toBeNull();
    for (const [name, count] of Object.entries(result.fired)) fired[name] = (fired[name] ?? 0) + count;
    for (const { property, examined: facts, unknown } of result.verdicts) {
      examined[property] = (examined[property] ?? 0) + facts;
      expect(unknown, property).toBe(0);
    }
  }
  expect(Object.keys(fired).filter((name) => fired[name] === 0)).toEqual([]);
  expect(silentBranches(branches)).toEqual([]);
  expect(PROPERTIES.filter((name) => (examined[name] ?? 0) === 0)).toEqual([]);
}, 60_000);

test('simulated trace: parsed, folded, judged → valid like a recorded one', () => {
  const events = traceOf(21);
  let view = emptyView;
  const judge = createJudge(view.settings?.servers ?? drawnServers(21));
  for (const event of events) {
    const parsed = parseTraceLine(JSON.stringify(event));
    expect(parsed).toEqual({ ok: true, event });
    view = fold(view, event);
    expect(judge.observe(event)).toEqual([]);
  }
  expect(view.settings?.servers).toEqual(drawnServers(21));
  expect(view.commitIndex).toBeGreaterThan(0);
  expect(judge.finish().filter(({ outcome }) => outcome === 'violated')).toEqual([]);
});

function drawnServers(seed: number): readonly string[] {
  return Array.from({ length: drawOptions(seed).servers }, (_, at) => `S${at + 1}`);
}

test('shrink: failure → no more kinds of faults, and the same property violated', () => {
  const mutant = findMutant('any-log-is-up-to-date');
  if (mutant === undefined) throw new Error('no such mutant');
  const rulesOfIt = rulesWith(mutant);
  const found = Array.from({ length: 40 }, (_, seed) => seed)
    .map((seed) => ({ seed, result: simulate({ seed, steps: 3_000, rules: rulesOfIt }) }))
    .find(({ result }) => result.broken !== null);
  if (found === undefined) throw new Error('not caught');
  const options = drawOptions(found.seed);
  const small = shrink({ seed: found.seed, steps: 3_000, rules: rulesOfIt, options }, found.result);
  expect(small.result.broken?.property).toBe(found.result.broken?.property);
  expect(small.faults.length).toBeLessThanOrEqual(faultsOf(options.faults).length);
  // Repeats the run as the printed command does, with only these faults.
  const repeated = { ...small.options, faults: withOnly(options.faults, small.faults) };
  const again = simulate({ seed: found.seed, steps: 3_000, rules: rulesOfIt, options: repeated });
  expect(again.broken).toEqual(small.result.broken);
});
