/** The course tests beside the report's times: medians over the runs, as docs/seed-tests.md shows them. */
import type { Scenario } from '../core/scenario/index.ts';
import type { ScenarioOutcome } from '../lab/index.ts';

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
      ...{ test: name, reported, runs: own.length },
      valid: own.filter(({ verdict }) => verdict === 'valid').length,
      seconds: median(own.map(({ seconds }) => seconds)),
      setUpSeconds: median(own.map(({ setUpSeconds }) => setUpSeconds)),
      rpcs: median(own.map(({ counts }) => counts.rpcs)),
      crashes: median(own.map(({ counts }) => counts.crashes)),
      elections: median(own.map(({ counts }) => counts.elections)),
    };
  });
}

/** The table in Markdown, and the totals. */
export function linesOf(tests: readonly Scenario[], outcomes: readonly ScenarioOutcome[]): readonly string[] {
  const rows = tableOf(tests, outcomes);
  const sum = (of: (row: TableRow) => number): string => rows.reduce((all, row) => all + of(row), 0).toFixed(2);
  const line = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [
    '',
    line('test', 'report (s)', 'ours (s)', 'set-up (s)', 'RPCs', 'crashes', 'elections', 'valid'),
    line('---', '--:', '--:', '--:', '--:', '--:', '--:', '--:'),
    ...rows.map((row) =>
      line(
        ...[row.test, row.reported?.toFixed(2) ?? '', row.seconds.toFixed(2), row.setUpSeconds.toFixed(2)],
        ...[row.rpcs, row.crashes, row.elections, `${row.valid} of ${row.runs}`],
      ),
    ),
    line(
      'sum',
      sum(({ reported }) => reported ?? 0),
      sum(({ seconds }) => seconds),
      sum((row) => row.setUpSeconds),
      '',
      '',
      '',
      '',
    ),
    '',
    totalsText(tests, outcomes),
  ];
}

/** The median of the totals of full runs, which is not the total of the medians. */
function totalsText(tests: readonly Scenario[], outcomes: readonly ScenarioOutcome[]): string {
  const totals: number[] = [];
  for (let at = 0; at + tests.length <= outcomes.length; at += tests.length) {
    totals.push(outcomes.slice(at, at + tests.length).reduce((sum, { seconds }) => sum + seconds, 0));
  }
  if (totals.length === 0) return 'no full run';
  const total = (value: number): string => value.toFixed(2);
  return `${totals.length} full runs, median total ${total(median(totals))} s (${total(Math.min(...totals))}–${total(Math.max(...totals))})`;
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
