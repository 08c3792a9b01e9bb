/**
 * The queue of a server's application effects: entries to apply and replies to callers, handed out in order and in
 * slices. A server that has many committed entries to apply (after a start or a long absence) does so over several
 * turns. Between two slices it reads messages, counts ticks and sends heartbeats, so that the other servers do not take
 * it for dead. The server program and the simulator both use this queue. Flow: effects.ts → here → state machine and
 * callers.
 */
import type { ApplicationEffect, Effect } from './ready.ts';

/** Effects that wait for the state machine, in the order in which they were handed out. */
export interface ApplicationQueue {
  push(effect: ApplicationEffect): void;
  /**
   * Removes and returns the next slice: at most `maxEntries` entries, and every reply that comes before the remaining
   * entries. A reply never overtakes an entry, so commands that were applied are answered before `leadership-lost`
   * makes the others unknown.
   */
  takeSlice(): readonly ApplicationEffect[];
  isEmpty(): boolean;
  clear(): void;
}

/** True for an effect that belongs in the queue. */
export function isForApplication(effect: Effect): effect is ApplicationEffect {
  return effect.type === 'apply' || effect.type === 'reply';
}

/** @param maxEntries  maximum number of entries in a slice, at least 1 */
export function createApplicationQueue(maxEntries: number): ApplicationQueue {
  let waiting: ApplicationEffect[] = [];
  /** Number of entries of the first effect that are already applied. */
  let applied = 0;

  return {
    push: (effect) => void waiting.push(effect),
    takeSlice() {
      const slice: ApplicationEffect[] = [];
      let room = maxEntries;
      let taken = 0;
      for (const effect of waiting) {
        if (effect.type === 'reply') {
          slice.push(effect);
        } else {
          const isWhole = applied === 0 && effect.entries.length <= room;
          const entries = isWhole ? effect.entries : effect.entries.slice(applied, applied + room);
          if (entries.length > 0) {
            slice.push(isWhole ? effect : { type: 'apply', entries });
          }
          room -= entries.length;
          applied += entries.length;
          if (applied < effect.entries.length) {
            break;
          }
          applied = 0;
        }
        taken++;
      }
      waiting = waiting.slice(taken);
      return slice;
    },
    isEmpty: () => waiting.length === 0,
    clear() {
      waiting = [];
      applied = 0;
    },
  };
}
