/** A trace as text: JSONL, which is the recording itself, and CSV for spreadsheets. */
export { CSV_COLUMNS, csvHeader, csvRow } from './csv.ts';
export { traceJson } from './jsonl.ts';
