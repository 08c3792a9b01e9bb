/** The course tests compared with the times in the report: medians over the runs, as docs/seed-tests.md shows them. */
import type { Scenario } from '../core/scenario/index.ts';
import type { ScenarioOutcome } from '../lab/index.ts';
import type { Say } from './words.ts';

export interface TableRow {
  readonly test: string;
  readonly reported: number | null;
  readonly runs: number;
  readonly valid: number;
  /** Medians, seconds. */
  readonly seconds: number;
  readonly setUpSeconds: number;
  /** Medians. */
  readonly rpcs: number;
  readonly crashes: number;
  readonly elections: number;
}

export function tableOf(tests: readonly Scenario[], outcomes: readonly ScenarioOutcome[]): readonly TableRow[] {
  return tests.map(({ name, reported }) => {
    const own = outcomes.filter((outcome) => outcome.name === name);
    return {
      test: name,
      reported,
      runs: own.length,
      valid: own.filter(({ verdict }) => verdict === 'valid').length,
      seconds: median(own.map(({ seconds }) => seconds)),
      setUpSeconds: median(own.map(({ setUpSeconds }) => setUpSeconds)),
      rpcs: median(own.map(({ counts }) => counts.rpcs)),
      crashes: median(own.map(({ counts }) => counts.crashes)),
      elections: median(own.map(({ counts }) => counts.elections)),
    };
  });
}

/** Returns the table in Markdown, and the totals below it. */
export function linesOf(say: Say, tests: readonly Scenario[], outcomes: readonly ScenarioOutcome[]): readonly string[] {
  const rows = tableOf(tests, outcomes);
  const sum = (of: (row: TableRow) => number): string => rows.reduce((all, row) => all + of(row), 0).toFixed(2);
  const line = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const cellsOf = (row: TableRow): readonly (string | number)[] => [
    row.test,
    row.reported?.toFixed(2) ?? '',
    row.seconds.toFixed(2),
    row.setUpSeconds.toFixed(2),
    row.rpcs,
    row.crashes,
    row.elections,
    say('seedTestsValid', { valid: row.valid, runs: row.runs }),
  ];
  const sums = [sum(({ reported }) => reported ?? 0), sum(({ seconds }) => seconds), sum((row) => row.setUpSeconds)];
  return [
    '',
    line(...COLUMNS.map((column) => say(column))),
    line('---', '--:', '--:', '--:', '--:', '--:', '--:', '--:'),
    ...rows.map((row) => line(...cellsOf(row))),
    line(say('seedTestsSum'), ...sums, '', '', '', ''),
    '',
    totalsText(say, tests, outcomes),
  ];
}

const COLUMNS = [
  'seedTestsColumnTest',
  'seedTestsColumnReport',
  'seedTestsColumnOurs',
  'seedTestsColumnSetUp',
  'seedTestsColumnRpcs',
  'seedTestsColumnCrashes',
  'seedTestsColumnElections',
  'seedTestsColumnValid',
] as const;

/** Returns the median of the totals of full runs, which differs from the total of the medians. */
function totalsText(say: Say, tests: readonly Scenario[], outcomes: readonly ScenarioOutcome[]): string {
  const totals: number[] = [];
  for (let at = 0; at + tests.length <= outcomes.length; at += tests.length) {
    totals.push(outcomes.slice(at, at + tests.length).reduce((sum, { seconds }) => sum + seconds, 0));
  }
  if (totals.length === 0) return say('seedTestsNoRun');
  const [middle, least, most] = [median(totals), Math.min(...totals), Math.max(...totals)].map((one) => one.toFixed(2));
  return say('seedTestsTotals', { count: totals.length, median: middle ?? '', least: least ?? '', most: most ?? '' });
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
