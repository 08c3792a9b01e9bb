/** Checks a recorded line against the table of events, for tests that record a run. */
import { eventProblem } from '../../src/core/catalogue/index.ts';
import { parseTraceLine, type TraceEvent } from '../../src/core/trace/index.ts';

/**
 * Compares every field of an event with its row.
 * @returns the first problem; null when all fields fit
 */
export function fieldProblem({ seq, timeUs, source, nseq, life, late, ...body }: TraceEvent): string | null {
  const found = eventProblem(body);
  return found === null ? null : `event ${seq} of ${source}: ${found}`;
}

/**
 * Compares every field of a line of events.jsonl with its event's row.
 * @returns the first problem; null when all fields fit
 */
export function lineProblem(line: string): string | null {
  const parsed = parseTraceLine(line);
  if (!parsed.ok) return parsed.problem;
  const { crc, ...event } = parsed.event as TraceEvent & { readonly crc?: unknown };
  return fieldProblem(event as TraceEvent);
}
