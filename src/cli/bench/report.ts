/** The text of a bench: its tables and the sentences below them. */
import type { Say, SentenceKey } from '../words.ts';
import type { Comparison } from './compare.ts';
import type { ByProcess } from './meter.ts';
import type { Combination } from './options.ts';
import type { Row } from './row.ts';
import { figure, textTable } from './text-table.ts';

/** Marks of a void row, and of a row during which other programs used the machine. */
const VOID_MARK = '✗';
const BUSY_MARK = '*';

/** Returns the lines for rows measured one by one. */
export function rowLines(say: Say, rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [];
  const head = headOf(say);
  const main = rows.map((row) => [
    ...cellsOf(row),
    figure(row.writesPerSecond),
    ...[row.p50Ms, row.p99Ms].map(milliseconds),
    ...[row.events, row.messages].map((value) => figure(value, 1)),
    ...[row.linkBytes, row.traceBytes].map((value) => figure(value)),
    marksOf(row),
  ]);
  const columns = headsOf(say, ['writes', 'p50', 'p99', 'events', 'messages', 'linkBytes', 'traceBytes']);
  const cpu = rows.map((row) => [...cellsOf(row), ...processFigures(row.cpuUs), figure(row.cpuUs.all)]);
  const memory = rows.map((row) => [...cellsOf(row), ...processFigures(row.rssBytes, 1024 * 1024)]);
  return [
    ...textTable([[...head, ...columns, ''], ...main]),
    '',
    say('benchCpu'),
    ...textTable([[...head, ...processHead(say), say('benchAll')], ...cpu]),
    '',
    say('benchMemory'),
    ...textTable([[...head, ...processHead(say)], ...memory]),
    ...below([say('benchRead'), ...marksExplained(say, rows)]),
  ];
}

/** Returns the lines for pairs of rows of two checkouts. */
export function comparisonLines(say: Say, comparisons: readonly Comparison[]): readonly string[] {
  if (comparisons.length === 0) return [];
  const head = headOf(say);
  const sides = ['this', 'against'] as const;
  const names = { this: say('benchThis'), against: say('benchAgainst') };
  const main = comparisons.flatMap((of) =>
    sides.map((side) => [
      ...(side === 'this' ? cellsOf(of) : ['', '', '']),
      names[side],
      figure(of[side].writesPerSecond),
      ...(side === 'this' ? [ratio(of.ratio), spreadText(of), pairsText(of)] : ['', '', '']),
      ...[of[side].p50Ms, of[side].p99Ms].map(milliseconds),
    ]),
  );
  const cpu = comparisons.flatMap((of) =>
    sides.map((side) => [
      ...(side === 'this' ? cellsOf(of) : ['', '', '']),
      names[side],
      ...processFigures(of[side].cpuUs),
      figure(of[side].cpuUs.all),
    ]),
  );
  const columns = headsOf(say, ['writes', 'ratio', 'spread', 'pairs', 'p50', 'p99']);
  const rows = comparisons.flatMap(({ pairs }) => pairs.flatMap((pair) => [pair.this, pair.against]));
  return [
    ...textTable([[...head, say('benchSide'), ...columns], ...main]),
    '',
    say('benchCpu'),
    ...textTable([[...head, say('benchSide'), ...processHead(say), say('benchAll')], ...cpu]),
    ...below([say('benchReadRatio'), ...marksExplained(say, rows)]),
  ];
}

/** Returns the progress line of one row. */
export function progressLine(say: Say, row: Row, name: string): string {
  const facts = {
    name,
    writes: figure(row.writesPerSecond),
    p50: milliseconds(row.p50Ms),
    p99: milliseconds(row.p99Ms),
  };
  return [say('benchProgress', facts), ...row.void.map((reason) => voidText(say, reason))].join('\n  ');
}

/** Returns servers, clients and durability for a progress line. */
export function combinationText(say: Say, { servers, clients, durability }: Combination): string {
  return say('benchCombination', { servers, clients, durability });
}

/** Returns a ratio as text, such as `×1.05`; `–` for an unknown one. */
export function ratio(value: number | null): string {
  return value === null ? '–' : `×${value.toFixed(2)}`;
}

function spreadText({ spread }: Comparison): string {
  return spread === null ? '–' : `${spread.low.toFixed(2)}–${spread.high.toFixed(2)}`;
}

/** Returns the number of pairs that count, with the number of all pairs when some do not. */
function pairsText({ pairs }: Comparison): string {
  const valid = pairs.filter((pair) => pair.ratio !== null).length;
  const marks = marksOfAll(pairs.flatMap((pair) => [pair.this, pair.against]));
  return `${valid === pairs.length ? valid : `${valid}/${pairs.length}`}${marks}`;
}

function headOf(say: Say): readonly string[] {
  return headsOf(say, ['servers', 'clients', 'durability']);
}

function cellsOf({ servers, clients, durability }: Combination): readonly string[] {
  return [String(servers), String(clients), durability];
}

function processHead(say: Say): readonly string[] {
  return headsOf(say, ['leader', 'follower', 'network', 'lab', 'clientsProcess']);
}

function processFigures({ leader, follower, network, lab, clients }: ByProcess, unit = 1): readonly string[] {
  return [leader, follower, network, lab, clients].map((value) => figure(value === null ? null : value / unit));
}

function headsOf(say: Say, columns: readonly string[]): readonly string[] {
  return columns.map((column) => say(`bench-column-${column}` as SentenceKey));
}

/** Returns a duration with three significant digits: 0.72, 7.91, 44.3, 120. */
function milliseconds(value: number | null): string {
  if (value === null) return '–';
  return figure(value, value < 10 ? 2 : value < 100 ? 1 : 0);
}

function marksOf(row: Row): string {
  return `${row.void.length > 0 ? VOID_MARK : ''}${row.isMachineBusy ? BUSY_MARK : ''}`;
}

function marksOfAll(rows: readonly Row[]): string {
  const isBusy = rows.some((row) => row.isMachineBusy);
  return isBusy ? BUSY_MARK : '';
}

/** Returns the paragraphs below a table, with a blank line before them. */
function below(sentences: readonly string[]): readonly string[] {
  return ['', ...sentences];
}

function marksExplained(say: Say, rows: readonly Row[]): readonly string[] {
  const busy = rows.filter((row) => row.isMachineBusy);
  const worst = Math.max(...busy.map((row) => row.otherShare ?? 0));
  const voids = rows.filter((row) => row.void.length > 0);
  return [
    ...(voids.length > 0 ? [say('benchVoid', { mark: VOID_MARK, count: voids.length })] : []),
    ...voids.flatMap((row) => row.void.map((reason) => `  ${combinationText(say, row)}: ${voidText(say, reason)}`)),
    ...(busy.length > 0
      ? [say('benchBusy', { mark: BUSY_MARK, count: busy.length, percent: Math.round(100 * worst) })]
      : []),
    ...(rows.some((row) => row.otherShare === null) ? [say('benchBusyUnknown')] : []),
    ...(rows.some((row) => (row.elections ?? 0) > 0) ? [say('benchElections')] : []),
  ];
}

function voidText(say: Say, { code, params }: Row['void'][number]): string {
  return say(`bench-void-${code}` as SentenceKey, params);
}
