/**
 * The plain trace as text: one JSON object a line, exactly what a run's events.jsonl holds. Every other export
 * starts from the same events. The run's secret is no part of any event; should one ever slip into a message a
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

/** The lines of these events in the recorder's order (seq), whatever order they are given in. */
export function* exportJsonl(events: readonly TraceEvent[], secret = ''): Generator<string> {
  for (const event of [...events].sort((a, b) => a.seq - b.seq)) yield traceLine(event, secret);
}
