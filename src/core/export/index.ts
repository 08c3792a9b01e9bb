/** A trace as text: JSONL, the format of recordings, and tables for spreadsheets. */
export { type TableFormat, tableHeader, tableRow } from './table.ts';
