/** A trace as text: JSONL, the format of recordings, and CSV for spreadsheets. */
export { csvHeader, csvRow } from './csv.ts';
