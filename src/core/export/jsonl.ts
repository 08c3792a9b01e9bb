/**
 * One event as a line of a run's events.jsonl, before its checksum is added. No event should contain the run's secret.
 * If a program's own message does, the secret is replaced here, through which every event passes on its way to a file.
 */
import type { TraceEvent } from '../trace/events.ts';

/** Text that replaces a secret. */
const BLOTTED = '[secret]';

/**
 * Returns one event as JSON.
 *
 * @param secret  the run's secret, or '' for a run without one
 * @returns `isBlotted`: whether the event contained the secret
 */
export function traceJson(event: TraceEvent, secret: string): { readonly json: string; readonly isBlotted: boolean } {
  const json = JSON.stringify(event);
  if (secret === '' || !json.includes(secret)) return { json, isBlotted: false };
  return { json: json.replaceAll(secret, BLOTTED), isBlotted: true };
}
