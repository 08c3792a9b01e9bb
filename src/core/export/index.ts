/** A trace as text: JSONL, the one format there is. */
export { BLOTTED, traceLine } from './jsonl.ts';
