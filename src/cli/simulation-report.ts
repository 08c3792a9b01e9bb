/**
 * The report of many simulated seeds: totals, how often each fault occurred and each rule decided, and whether that is
 * a proof. Seeds in which a fault or a branch never occurred prove nothing about it. Flow: simulate.ts → here → text,
 * JSON, exit code.
 */
import { type BranchCounts, type SimulationResult, silentBranches } from '../core/simulation/index.ts';
import { EXIT } from './exit.ts';
import type { Say } from './words.ts';

/** The result of all seeds together. */
export interface Report {
  /** Whether no promise was broken and, with enough seeds, nothing is missing. */
  readonly ok: boolean;
  readonly seeds: number;
  readonly steps: number;
  readonly seconds: number;
  readonly stepsPerSecond: number;
  readonly simulatedHours: number;
  readonly elections: number;
  readonly commits: number;
  readonly restarts: number;
  readonly acknowledged: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly branches: BranchCounts;
  /** Faults, branches of rules and facts of properties that never occurred; empty for a single seed. */
  readonly silent: readonly string[];
  readonly properties: Readonly<Record<string, { readonly examined: number; readonly unknown: number }>>;
  readonly violations: readonly SimulationResult[];
}

/** Number of seeds from which on every fault and branch must have occurred. Fewer seeds may miss one by chance. */
const ENOUGH_SEEDS = 80;

/** @param seconds  time that all seeds together took */
export function reportOf(results: readonly SimulationResult[], branches: BranchCounts, seconds: number): Report {
  const sum = (of: (result: SimulationResult) => number): number => results.reduce((all, one) => all + of(one), 0);
  const violations = results.filter(({ broken }) => broken !== null);
  const faults: Record<string, number> = {};
  const properties: Record<string, { examined: number; unknown: number }> = {};
  for (const { fired, verdicts } of results) {
    for (const [name, count] of Object.entries(fired)) faults[name] = (faults[name] ?? 0) + count;
    for (const { property, examined, unknown } of verdicts) {
      const known = properties[property] ?? { examined: 0, unknown: 0 };
      properties[property] = { examined: known.examined + examined, unknown: known.unknown + unknown };
    }
  }
  const quiet = Object.keys(faults).filter((name) => faults[name] === 0);
  const idle = Object.keys(properties).filter((name) => properties[name]?.examined === 0);
  const silent = results.length > 1 ? [...quiet, ...silentBranches(branches), ...idle] : [];
  const steps = sum(({ steps: one }) => one);
  return {
    ok: violations.length === 0 && (silent.length === 0 || results.length < ENOUGH_SEEDS),
    seeds: results.length,
    steps,
    seconds: Math.round(seconds * 10) / 10,
    stepsPerSecond: Math.round(steps / seconds),
    simulatedHours: Math.round(sum(({ seconds: one }) => one) / 36) / 100,
    elections: sum(({ elections }) => elections),
    commits: sum(({ commits }) => commits),
    restarts: sum(({ restarts }) => restarts),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    faults,
    branches,
    silent,
    properties,
    violations,
  };
}

/** Returns the exit code. EXIT.undecided: no promise was broken, but despite enough seeds something never occurred. */
export function exitCodeOf({ ok, violations }: Report): number {
  if (ok) return EXIT.ok;
  return violations.length > 0 ? EXIT.failed : EXIT.undecided;
}

/** Returns the report as text for a person. */
export function textOf(say: Say, report: Report): string {
  const { seeds, steps, seconds, stepsPerSecond, simulatedHours, elections, commits, restarts, acknowledged } = report;
  const faults = Object.entries(report.faults).map(([name, count]) => `${name} ${count}`);
  const facts = Object.entries(report.properties).map(([name, { examined }]) => `${name} ${examined}`);
  const lines = [
    say('simulateTotals', { seeds, steps, seconds, perSecond: stepsPerSecond, hours: simulatedHours }),
    say('simulateCounts', { elections, commits, restarts, acknowledged }),
    say('simulateFaults', { list: faults.join(', ') }),
    say('simulateExamined', { list: facts.join(', ') }),
  ];
  if (report.silent.length > 0) lines.push(say('simulateSilent', { list: report.silent.join(', ') }));
  lines.push(say('simulateViolations', { count: report.violations.length }));
  return lines.join('\n');
}
