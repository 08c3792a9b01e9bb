/** A trace as text: JSONL, which is the recording itself, and CSV for spreadsheets. */
export { csvHeader, csvRow } from './csv.ts';
