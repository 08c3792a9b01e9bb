/** Exports of a trace: JSONL only for now. */
export { BLOTTED, exportJsonl, traceLine } from './jsonl.ts';
