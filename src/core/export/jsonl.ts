/**
 * An event as the JSON that a run's events.jsonl holds, before its checksum is added. No event contains the run's secret;
 * if a message that a program printed does, the secret is replaced here, on the only way into a file.
 */
import type { TraceEvent } from '../trace/events.ts';

/** Text that replaces a secret. */
const BLOTTED = '[secret]';

/** One event as JSON. `secret`: the run's secret, or '' for a run without one. `isBlotted`: the event contained it. */
export function traceJson(event: TraceEvent, secret: string): { readonly json: string; readonly isBlotted: boolean } {
  const json = JSON.stringify(event);
  if (secret === '' || !json.includes(secret)) return { json, isBlotted: false };
  return { json: json.replaceAll(secret, BLOTTED), isBlotted: true };
}
