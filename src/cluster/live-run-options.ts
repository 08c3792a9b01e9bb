/** The options of a live run. */
import type { PaceName, RunSettings } from '../core/trace/index.ts';
import type { Timing } from '../core/vocabulary/index.ts';
import type { EventBody, ServerId } from '../core/wire/index.ts';
import type { ProgramFiles } from './processes/program-files.ts';
import type { RunRecorder } from './run-recorder.ts';

/** The state that earlier parts of the same run left. Empty for a new run. */
export interface EarlierParts {
  /** Highest life of each source: servers, the network, clients. */
  readonly lives: Readonly<Record<string, number>>;
  /** Servers that have been ready once, so their files must exist. */
  readonly everReady: readonly ServerId[];
  /** Number of faults so far. The next fault gets the next number. */
  readonly faults: number;
}

/** The earlier parts of a new run: none. */
export const NO_EARLIER_PARTS: EarlierParts = { lives: {}, everReady: [], faults: 0 };

/** The options of a live run. */
export interface LiveRunOptions {
  readonly settings: RunSettings;
  readonly pace: PaceName;
  /** The timing now; a continued run has the one that it was left with. */
  readonly timing: Timing;
  readonly runFolder: string;
  /** Returns the existing folder of one server. */
  readonly serverFolder: (server: ServerId) => string;
  /** `process.hrtime.bigint()` at which the run's time was 0. */
  readonly originNs: bigint;
  readonly programs: ProgramFiles;
  readonly recorder: RunRecorder;
  /** Secret shared by the programs of this run only. */
  readonly secret: string;
  readonly earlier: EarlierParts;
  /** Called once when the lab cannot continue this run. */
  readonly onFailed: (message: string) => void;
}

/** Receives the events that a program (a server, the network) reports. */
export type OnReported = (source: string, event: EventBody) => void;
