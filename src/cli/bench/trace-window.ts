/** Counts the events, their bytes, the messages and the elections in one span of time of a recording. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Traffic } from './cluster.ts';

/**
 * Reads a whole recording.
 *
 * @param file  events.jsonl of a closed run
 * @param window  microseconds since the run began; `fromUs` is inside, `toUs` is not
 * @returns null when a line is not an event with a time, because the counts would then be wrong
 */
export async function trafficIn(
  file: string,
  window: { readonly fromUs: number; readonly toUs: number },
): Promise<Traffic | null> {
  const counts = { events: 0, messages: 0, linkBytes: 0, traceBytes: 0, elections: 0 };
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const event = eventOf(line);
    if (event === null) return null;
    if (event.timeUs < window.fromUs || event.timeUs >= window.toUs) continue;
    counts.events += 1;
    counts.traceBytes += Buffer.byteLength(line) + 1;
    if (event.event === 'LeaderElected') counts.elections += 1;
    if (event.event !== 'MessageSent') continue;
    counts.messages += 1;
    counts.linkBytes += event.bytes ?? 0;
  }
  return counts;
}

interface AnyEvent {
  readonly timeUs: number;
  readonly event: string;
  readonly bytes?: number;
}

function eventOf(line: string): AnyEvent | null {
  try {
    const event = JSON.parse(line) as AnyEvent | null;
    return typeof event?.timeUs === 'number' ? event : null;
  } catch {
    return null;
  }
}
