/**
 * The trace as a table: one event in each row, a column for each field that most events share, and the other fields as
 * JSON in the last column. The formats of tables differ in their dialect only. A spreadsheet takes a cell for a formula when
 * it begins with = + - @, their full-width forms, a tab or a carriage return. Such a cell gets an apostrophe in front, so
 * that a client's text cannot run on a reader's computer. Flow: core/trace → here → recording/export-run.ts.
 */
import type { ExportFormat } from '../catalogue/index.ts';
import type { TraceEvent } from '../trace/events.ts';

/** The columns in order; docs/trace-format.md describes them. */
export const TABLE_COLUMNS = [
  ...['seq', 'time_us', 'source', 'life', 'nseq', 'late', 'event', 'server', 'term', 'index', 'reason', 'link', 'rest'],
] as const;

const OWN_COLUMNS = new Set([
  ...['seq', 'timeUs', 'source', 'life', 'nseq', 'late', 'event', 'server', 'term', 'index', 'reason', 'link'],
]);

/** A format of tables. */
export type TableFormat = Exclude<ExportFormat, 'jsonl'>;

/** How a format writes a row. */
interface Dialect {
  readonly separator: string;
  readonly lineEnd: string;
  /** Returns a cell so that it contains neither separator nor line end as such. */
  readonly escaped: (cell: string) => string;
}

/** The dialect of each format. */
const DIALECTS: Readonly<Record<TableFormat, Dialect>> = {
  /** RFC 4180. */
  csv: {
    separator: ',',
    lineEnd: '\r\n',
    escaped: (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell),
  },
};

/** Returns the header row with its line end. */
export function tableHeader(format: TableFormat): string {
  return rowOf(format, TABLE_COLUMNS);
}

/** Returns one event as a row with its line end. Absent fields are empty cells. */
export function tableRow(format: TableFormat, event: TraceEvent): string {
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => !OWN_COLUMNS.has(name)));
  return rowOf(format, [
    ...[fields.seq, fields.timeUs, fields.source, fields.life, fields.nseq, fields.late === true ? 'late' : ''],
    ...[fields.event, fields.server, fields.term, fields.index, fields.reason, fields.link],
    Object.keys(rest).length === 0 ? '' : JSON.stringify(rest),
  ]);
}

function rowOf(format: TableFormat, values: readonly unknown[]): string {
  const { separator, lineEnd, escaped } = DIALECTS[format];
  return values.map((value) => escaped(cellOf(value))).join(separator) + lineEnd;
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text;
}
