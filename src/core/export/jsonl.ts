/**
 * An event as the JSON that a run's events.jsonl holds, before its checksum is added. The run's secret is no part of any
 * event; should one ever slip into a message a program printed, it is blotted out here, on the only way into a file.
 */
import type { TraceEvent } from '../trace/events.ts';

/** What stands where a secret stood. */
const BLOTTED = '[secret]';

/** One event as JSON. `secret`: the run's, or '' when there is none. `isBlotted`: it stood in the event. */
export function traceJson(event: TraceEvent, secret: string): { readonly json: string; readonly isBlotted: boolean } {
  const json = JSON.stringify(event);
  if (secret === '' || !json.includes(secret)) return { json, isBlotted: false };
  return { json: json.replaceAll(secret, BLOTTED), isBlotted: true };
}
