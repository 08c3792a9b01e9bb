/**
 * The plain trace as text: one JSON object a line, exactly what a run's events.jsonl holds and what the
 * export gives away. The run's secret is no part of any event; should one ever slip into a message a
 * program printed, it is blotted out here, on the only way into a file.
 */
import type { TraceEvent } from '../trace/events.ts';

/** What stands where a secret stood. */
export const BLOTTED = '[secret]';

/** One event as its line, newline included. `secret`: the run's, or '' when there is none. */
export function traceLine(event: TraceEvent, secret: string): string {
  const line = `${JSON.stringify(event)}\n`;
  return secret !== '' && line.includes(secret) ? line.replaceAll(secret, BLOTTED) : line;
}
