/** The timing that a person is choosing: fields in milliseconds at a pace, kept in ticks, as pure functions. */
import { PACES, type PaceName } from '../../core/trace/index.ts';
import {
  DEFAULT_TIMING,
  type Experiment,
  longestElectionTicks,
  TIMING_LIMITS,
  type Timing,
} from '../../core/vocabulary/index.ts';

/** Returns the value that a field shows: milliseconds at this pace, or percent. */
export function shownValue(timing: Timing, name: keyof Timing, pace: PaceName): number {
  const { tickMs, hopDelayMs } = PACES[pace];
  if (name === 'lossPercent') return timing.lossPercent ?? 0;
  if (name === 'electionMaxTicks') return longestElectionTicks(timing) * tickMs;
  if (name === 'hopTicks' && timing.hopTicks === undefined) return hopDelayMs;
  return Math.round((timing[name] ?? 0) * tickMs * 1_000) / 1_000;
}

/**
 * Returns the timing with a typed value, moved to the nearest one that is allowed. The shortest election timeout pushes the
 * longest before it, and the other way round. A text that is no number changes nothing.
 */
export function withTyped(timing: Timing, name: keyof Timing, text: string, pace: PaceName): Timing {
  const typed = text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.'));
  if (!Number.isFinite(typed)) return timing;
  const { least, most, isWhole } = TIMING_LIMITS[name];
  const exact = name === 'lossPercent' ? typed : typed / PACES[pace].tickMs;
  const value = Math.min(most, Math.max(least, isWhole ? Math.round(exact) : exact));
  const longest = longestElectionTicks(timing);
  if (name === 'electionTicks') return { ...timing, electionTicks: value, electionMaxTicks: Math.max(value, longest) };
  if (name === 'electionMaxTicks') {
    // A very long timeout must leave room for a shortest one within its own limits.
    return { ...timing, electionTicks: Math.min(timing.electionTicks, value), electionMaxTicks: value };
  }
  return { ...timing, [name]: value };
}

/** True when this timing has the values of its pace. */
export function isOfPace(timing: Timing, pace: PaceName): boolean {
  const names = Object.keys(TIMING_LIMITS) as (keyof Timing)[];
  return names.every((name) => shownValue(timing, name, pace) === shownValue(DEFAULT_TIMING, name, pace));
}

/** Marks of the ruler, in milliseconds. */
export interface Ruler {
  /** Length of the scale, and the distance of its lines. */
  readonly endMs: number;
  readonly stepMs: number;
  readonly heartbeats: readonly number[];
  readonly roundTripMs: number;
  readonly shortestMs: number;
  readonly longestMs: number;
}

/** Maximum number of heartbeats on the ruler; more would be one thick line. */
const MOST_HEARTBEATS = 40;

/** Returns the ruler of an experiment. Its scale holds the longest length and ends on one of its lines. */
export function rulerOf(experiment: Experiment): Ruler {
  const { pace } = experiment;
  const shown = (name: keyof Timing): number => shownValue(experiment, name, pace);
  const heartbeatMs = shown('heartbeatTicks');
  const longestMs = shown('electionMaxTicks');
  const roundTripMs = 2 * shown('hopTicks');
  const longest = Math.max(longestMs, roundTripMs, heartbeatMs);
  const stepMs = niceStep(longest / 4);
  const endMs = Math.ceil(longest / stepMs) * stepMs;
  const count = Math.min(MOST_HEARTBEATS, Math.floor(endMs / heartbeatMs) + 1);
  return {
    endMs,
    stepMs,
    heartbeats: Array.from({ length: count }, (_, at) => at * heartbeatMs),
    roundTripMs,
    shortestMs: shown('electionTicks'),
    longestMs,
  };
}

/** Returns the smallest of 1, 2 and 5 times a power of ten that is at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((times) => times * power >= least) ?? 10);
}
