/**
 * The application half of a server's effects: entries to apply and answers to give, in order and in slices. A server
 * that learns of a long committed log (a cold start, a long absence) applies it over several turns; between two slices it
 * reads messages, ticks and sends heartbeats, so that it is not taken for dead. Used by the server program and the
 * simulator alike. Flow: effects.ts → here → state machine and callers.
 */
import type { ApplicationEffect, Effect } from './ready.ts';

/** Effects that wait for the state machine, in the order in which they were handed out. */
export interface ApplicationQueue {
  push(effect: ApplicationEffect): void;
  /**
   * Removes the next slice: at most `maxEntries` entries, and every answer that comes before the entries left behind.
   * An answer never overtakes an entry: what was applied is answered before `leadership-lost` makes the rest unknown.
   */
  takeSlice(): readonly ApplicationEffect[];
  isEmpty(): boolean;
  clear(): void;
}

/** True for an effect that belongs in the queue. */
export function isForApplication(effect: Effect): effect is ApplicationEffect {
  return effect.type === 'apply' || effect.type === 'reply';
}

/** @param maxEntries  entries in a slice, at least 1 */
export function createApplicationQueue(maxEntries: number): ApplicationQueue {
  let waiting: ApplicationEffect[] = [];
  /** Entries of the first effect that are applied already. */
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
