/**
 * Parses one line of a trace file. Only the envelope is checked, since order and folding need it. The other fields are not
 * checked, so events of later versions can be listed, too.
 */
import type { TraceEvent } from './events.ts';

/** A line of a trace file, or why it is invalid. */
export type ParsedLine =
  | { readonly ok: true; readonly event: TraceEvent }
  | { readonly ok: false; readonly problem: string };

/** Parses a line without its newline. Never throws. */
export function parseTraceLine(text: string): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : 'not JSON' };
  }
  const problem = envelopeProblem(value);
  return problem === null ? { ok: true, event: value as TraceEvent } : { ok: false, problem };
}

function envelopeProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not an object';
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name of ['seq', 'nseq', 'life'] as const) {
    if (!isCount(fields[name])) return `${name} is not a whole number ≥ 0`;
  }
  if (typeof fields.timeUs !== 'number' || !Number.isFinite(fields.timeUs)) return 'timeUs is not a number';
  if (typeof fields.source !== 'string' || fields.source === '') return 'source is missing';
  if (typeof fields.event !== 'string' || fields.event === '') return 'event is missing';
  return null;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
