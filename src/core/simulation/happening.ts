/**
 * The events of a simulated world. An event of a server carries the server's life, so that it cannot affect a later
 * life.
 */
import type { Ask, Heard } from './sim-client.ts';
import type { Flight } from './sim-network.ts';

/** One event of a simulated world. */
export type Happening =
  | { readonly type: 'tick'; readonly server: string; readonly life: number }
  | { readonly type: 'write'; readonly server: string; readonly life: number }
  | { readonly type: 'apply'; readonly server: string; readonly life: number }
  | { readonly type: 'arrive'; readonly flight: Flight }
  | { readonly type: 'client'; readonly client: number; readonly attempt: number }
  | {
      readonly type: 'ask';
      readonly client: number;
      readonly server: string;
      readonly ask: Ask;
      readonly attempt: number;
    }
  | { readonly type: 'hear'; readonly client: number; readonly attempt: number; readonly heard: Heard }
  | { readonly type: 'fault'; readonly fault: TimedFault }
  | { readonly type: 'undo'; readonly undo: 'restart' | 'resume' | 'heal'; readonly server: string };

/** Faults that occur at random times, at a rate. */
export type TimedFault = 'crash' | 'freeze' | 'partition' | 'oneWay' | 'clog';
export const TIMED: readonly TimedFault[] = ['crash', 'freeze', 'partition', 'oneWay', 'clog'];
