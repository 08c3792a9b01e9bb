/**
 * The trace as a table for spreadsheets (RFC 4180): one event in each row, a column for each field that most events
 * share, and the other fields as JSON in the last column. A spreadsheet takes a cell for a formula when it begins with
 * = + - @, their full-width forms, a tab or a carriage return. Such a cell gets an apostrophe in front, so that a
 * client's text cannot run on a reader's computer.
 */
import type { TraceEvent } from '../trace/events.ts';

/** The columns in order; docs/trace-format.md describes them. */
export const CSV_COLUMNS = [
  ...['seq', 'time_us', 'source', 'life', 'nseq', 'late', 'event', 'server', 'term', 'index', 'reason', 'link', 'rest'],
] as const;

const OWN_COLUMNS = new Set([
  ...['seq', 'timeUs', 'source', 'life', 'nseq', 'late', 'event', 'server', 'term', 'index', 'reason', 'link'],
]);

/** Returns the header row with its line end. */
export function csvHeader(): string {
  return rowOf(CSV_COLUMNS);
}

/** Returns one event as a row with its line end. Absent fields are empty cells. */
export function csvRow(event: TraceEvent): string {
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => !OWN_COLUMNS.has(name)));
  return rowOf([
    ...[fields.seq, fields.timeUs, fields.source, fields.life, fields.nseq, fields.late === true ? 'late' : ''],
    ...[fields.event, fields.server, fields.term, fields.index, fields.reason, fields.link],
    Object.keys(rest).length === 0 ? '' : JSON.stringify(rest),
  ]);
}

function rowOf(values: readonly unknown[]): string {
  return `${values.map(cellOf).join(',')}\r\n`;
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
