/**
 * The timing of a run: election timeouts, heartbeat, and the delay and loss of messages. Lengths are ticks, so a change of
 * pace keeps their proportions. Flow: request or scenario → settings of the run → servers, network process, judges, screen.
 */
import { PACES, type PaceName } from './pace.ts';

/** The timing of a run. A tick lasts 10 ms at pace real (PACES). */
export interface Timing {
  /** T, the shortest election timeout. */
  readonly electionTicks: number;
  /** The longest election timeout; 2T when absent. */
  readonly electionMaxTicks?: number;
  readonly heartbeatTicks: number;
  /** Delay of a message on every link, in ticks and fractions of ticks; the pace's own when absent. */
  readonly hopTicks?: number;
  /** The delay of a message is drawn from `hopTicks` ± `jitterTicks`, never below 0; 0 when absent. */
  readonly jitterTicks?: number;
  /** Share of the messages between servers that is lost, in percent; 0 when absent. */
  readonly lossPercent?: number;
}

/** A change of the timing. A field that is left out stays as it is, with two exceptions that `changedTiming` describes. */
export type TimingChange = Partial<Timing> & {
  /** Delay, jitter and loss return to the pace's own before the other fields apply. */
  readonly paceHop?: boolean;
};

/** Smallest and largest value of a field, and whether it is a whole number. */
export interface TimingLimits {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

/** The limits of each field. */
export const TIMING_LIMITS: Readonly<Record<keyof Timing, TimingLimits>> = {
  electionTicks: { least: 2, most: 1_000, isWhole: true },
  electionMaxTicks: { least: 2, most: 2_000, isWhole: true },
  heartbeatTicks: { least: 1, most: 500, isWhole: true },
  hopTicks: { least: 0, most: 1_000, isWhole: false },
  jitterTicks: { least: 0, most: 1_000, isWhole: false },
  lossPercent: { least: 0, most: 100, isWhole: false },
};

/** The names of the fields, in the order of the limits. */
export const TIMING_FIELDS = Object.keys(TIMING_LIMITS) as readonly (keyof Timing)[];

/** The default timing: at pace real, an election timeout of 150–300 ms and a heartbeat every 50 ms (paper, §9.3). */
export const DEFAULT_TIMING: Timing = { electionTicks: 15, heartbeatTicks: 5 };

/** The lengths that a timing has at one pace, in milliseconds. */
export interface Lengths {
  readonly tickMs: number;
  readonly hopDelayMs: number;
  readonly jitterMs: number;
  /** Percent. */
  readonly lossPercent: number;
}

/** Returns the lengths of this timing at this pace. */
export function lengthsOf({ hopTicks, jitterTicks = 0, lossPercent = 0 }: Timing, pace: PaceName): Lengths {
  const { tickMs, hopDelayMs } = PACES[pace];
  return {
    tickMs,
    hopDelayMs: hopTicks === undefined ? hopDelayMs : wholeMicroseconds(hopTicks * tickMs),
    jitterMs: wholeMicroseconds(jitterTicks * tickMs),
    lossPercent,
  };
}

/** Returns the longest election timeout in ticks. */
export function longestElectionTicks({ electionTicks, electionMaxTicks }: Timing): number {
  return electionMaxTicks ?? 2 * electionTicks;
}

/** The fields that describe links. */
const LINK_FIELDS: readonly (keyof Timing)[] = ['hopTicks', 'jitterTicks', 'lossPercent'];

/** Returns only the timing of an object that has other fields too, such as the settings of a run. */
export function timingOf(from: Timing): Timing {
  return chosen((name) => from[name]);
}

/** Returns an object with another timing; its other fields stay. */
export function withTiming<Settings extends Timing>(settings: Settings, timing: Timing): Settings {
  const isTiming = (name: string): boolean => Object.hasOwn(TIMING_LIMITS, name);
  const others = Object.entries(settings).filter(([name]) => !isTiming(name));
  return { ...Object.fromEntries(others), ...timingOf(timing) } as unknown as Settings;
}

/**
 * Returns the timing after a change. A new `electionTicks` without `electionMaxTicks` sets the longest election timeout to
 * 2T, and `paceHop` returns delay, jitter and loss to the pace's own.
 *
 * @returns null when the longest election timeout would be below the shortest
 */
export function changedTiming(timing: Timing, change: TimingChange): Timing | null {
  const ends = (name: keyof Timing): boolean =>
    name === 'electionMaxTicks'
      ? change.electionTicks !== undefined
      : change.paceHop === true && LINK_FIELDS.includes(name);
  const next = chosen((name) => change[name] ?? (ends(name) ? undefined : timing[name]));
  return longestElectionTicks(next) < next.electionTicks ? null : next;
}

/** True when every value of a timing is within its limits, and the longest election timeout is not below the shortest. */
export function isWithinLimits(timing: Timing): boolean {
  const fits = TIMING_FIELDS.every((name) => {
    const { least, most, isWhole } = TIMING_LIMITS[name];
    const value = timing[name];
    return value === undefined || (value >= least && value <= most && (!isWhole || Number.isInteger(value)));
  });
  return fits && longestElectionTicks(timing) >= timing.electionTicks;
}

/** Builds a timing from the value of each field, without the fields that have none. */
function chosen(given: (name: keyof Timing) => number | undefined): Timing {
  const entries = TIMING_FIELDS.map((name) => [name, given(name)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as unknown as Timing;
}

/** Rounds milliseconds to whole microseconds, which removes the errors of fractions. */
function wholeMicroseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
