/**
 * Warnings about the settings of a run that cannot work well, as pure functions of the settings. A warning says beforehand
 * what will happen; the run may be started all the same. The judge of liveness uses the same table: it does not expect a
 * lasting leader where a warning predicts that there will be none.
 */
import { PACES, type PaceName } from './pace.ts';
import { longestElectionTicks, type Timing } from './timing.ts';

/** The settings that the warnings depend on. */
export interface Experiment extends Timing {
  readonly servers: number;
  readonly pace: PaceName;
  readonly checkQuorum: boolean;
}

/** Everything that a condition compares; lengths in ticks. */
interface Measures {
  readonly servers: number;
  readonly checkQuorum: boolean;
  readonly shortest: number;
  readonly longest: number;
  readonly heartbeat: number;
  /** Mean time of a vote request and its reply on two links. */
  readonly roundTrip: number;
  /** The shortest time that jitter allows for it. */
  readonly quickestRoundTrip: number;
  /** The longest time between the arrivals of two heartbeats that follow each other, when neither is lost. */
  readonly gap: number;
  readonly loss: number;
}

interface WarningRow {
  /** True when such a run may be without a leader for any length of time. */
  readonly unsettles: boolean;
  readonly holds: (measures: Measures) => boolean;
}

/** From this share on, losses are felt: with the default timing, every 100th wait misses all its heartbeats. */
const HIGH_LOSS_PERCENT = 10;

/** All warnings, the gravest first. A warning about elections needs at least two servers. */
const WARNINGS = {
  'all-lost': { unsettles: true, holds: ({ loss }) => loss === 100 },
  'vote-never-returns': {
    unsettles: true,
    holds: ({ quickestRoundTrip, longest }) => quickestRoundTrip >= longest,
  },
  'timeout-below-heartbeat': { unsettles: true, holds: ({ shortest, heartbeat }) => shortest <= heartbeat },
  'timeout-below-jitter': {
    unsettles: true,
    holds: ({ shortest, heartbeat, gap }) => shortest > heartbeat && shortest <= gap,
  },
  'quorum-check-deposes': {
    unsettles: true,
    holds: ({ checkQuorum, roundTrip, shortest }) => checkQuorum && roundTrip >= shortest,
  },
  'vote-returns-late': {
    unsettles: true,
    holds: ({ roundTrip, quickestRoundTrip, shortest, longest }) =>
      roundTrip >= shortest && quickestRoundTrip < longest,
  },
  'one-timeout': { unsettles: true, holds: ({ shortest, longest }) => longest === shortest },
  'narrow-range': {
    unsettles: true,
    holds: ({ shortest, longest, roundTrip }) => longest > shortest && longest - shortest < roundTrip,
  },
  'high-loss': { unsettles: true, holds: ({ loss }) => loss >= HIGH_LOSS_PERCENT && loss < 100 },
  'one-missed-heartbeat': {
    unsettles: false,
    holds: ({ shortest, heartbeat, gap }) => shortest > gap && shortest < 2 * heartbeat,
  },
  'two-servers': { unsettles: false, holds: ({ servers }) => servers === 2 },
  'even-servers': { unsettles: false, holds: ({ servers }) => servers > 2 && servers % 2 === 0 },
} as const satisfies Readonly<Record<string, WarningRow>>;

/** Code of a warning; its sentence is in resources/words/experiment.json. */
export type WarningCode = keyof typeof WARNINGS | 'one-server';

/** A warning with the numbers of its sentence; lengths in milliseconds at the pace of the settings. */
export interface ExperimentWarning {
  readonly code: WarningCode;
  readonly params: Readonly<Record<string, number>>;
}

/** The warnings about these settings, the gravest first; empty when nothing speaks against them. */
export function experimentWarnings(experiment: Experiment): readonly ExperimentWarning[] {
  const measures = measuresOf(experiment);
  const params = paramsOf(measures, experiment);
  if (experiment.servers === 1) return [{ code: 'one-server', params }];
  return codesOf(measures).map((code) => ({ code, params }));
}

/** True when this timing lets a healthy majority elect a leader that lasts. */
export function isSettled(timing: Timing, pace: PaceName): boolean {
  // CheckQuorum adds no case of its own: a leader that it deposes has a warning about late votes too.
  const measures = measuresOf({ ...timing, pace, servers: 3, checkQuorum: false });
  return measures.loss === 0 && !codesOf(measures).some((code) => WARNINGS[code].unsettles);
}

function codesOf(measures: Measures): readonly (keyof typeof WARNINGS)[] {
  const all = Object.keys(WARNINGS) as (keyof typeof WARNINGS)[];
  return all.filter((code) => WARNINGS[code].holds(measures));
}

function measuresOf(experiment: Experiment): Measures {
  const { pace, servers, checkQuorum, electionTicks, heartbeatTicks } = experiment;
  const { tickMs, hopDelayMs } = PACES[pace];
  const hop = experiment.hopTicks ?? hopDelayMs / tickMs;
  const jitter = experiment.jitterTicks ?? 0;
  const quickestHop = Math.max(0, hop - jitter);
  return {
    servers,
    checkQuorum,
    shortest: electionTicks,
    longest: longestElectionTicks(experiment),
    heartbeat: heartbeatTicks,
    roundTrip: 2 * hop,
    quickestRoundTrip: 2 * quickestHop,
    gap: heartbeatTicks + hop + jitter - quickestHop,
    loss: experiment.lossPercent ?? 0,
  };
}

function paramsOf(measures: Measures, { pace, servers }: Experiment): ExperimentWarning['params'] {
  const { shortest, longest, heartbeat, gap, roundTrip, loss } = measures;
  const ms = (ticks: number): number => Math.round(ticks * PACES[pace].tickMs);
  return {
    servers,
    majority: Math.floor(servers / 2) + 1,
    fewer: servers - 1,
    spare: Math.ceil(servers / 2) - 1,
    shortestMs: ms(shortest),
    longestMs: ms(longest),
    widthMs: ms(longest - shortest),
    heartbeatMs: ms(heartbeat),
    gapMs: ms(gap),
    roundTripMs: ms(roundTrip),
    loss,
  };
}
