/** The larger answers of the lab: its mode, a server's disk and process, a page of events. */
import type { AskedCommand, RunGraphs, RunSettings, TraceEvent, TraceFlaw } from '../trace/index.ts';
import type { BothLanguages, Json, LogIndex, ServerId } from '../vocabulary/index.ts';
import type { Durability, Telemetry } from '../wire/index.ts';

/** A scenario, for the list. */
export interface ScenarioSummary {
  readonly name: string;
  readonly title: BothLanguages;
  /** Part of the seed report that it belongs to; empty when it belongs to none. */
  readonly part: string;
  readonly servers: number;
}

/** The mode of the lab: a live run, a recording, or nothing open. */
export type LabMode =
  /** Nothing open. */
  | { readonly mode: 'idle' }
  | { readonly mode: 'live'; readonly runId: string; readonly settings: RunSettings }
  /** An opened recording: it answers the same questions, but takes no actions. */
  | {
      readonly mode: 'past';
      readonly runId: string;
      readonly settings: RunSettings;
      readonly fromUs: number;
      readonly toUs: number;
      readonly atUs: number;
      /** The damaged or missing part. Later lines are not shown. Absent for a whole recording. */
      readonly flaw?: TraceFlaw;
      /** Name of the exported file that is open; absent for a run folder. */
      readonly file?: string;
    };

/** The contents of a live or dead server's disk, read from its files. */
export interface DiskView {
  readonly server: ServerId;
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly modifiedAt: string }[];
  /** The parsed state.json; null when it cannot be read. */
  readonly state: Json;
  readonly stateText: string;
  /** The newest entries, oldest first, at most 50. */
  readonly entries: readonly Json[];
  readonly lastIndex: LogIndex;
  readonly tornBytes: number;
  readonly problems: readonly string[];
  readonly durability: Durability;
}

/** Facts for the Process tab, from the operating system and from the server's own reports. */
export interface ProcessView {
  readonly server: ServerId;
  readonly pid: number | null;
  readonly life: number;
  readonly uptimeMs: number | null;
  readonly telemetry: Telemetry | null;
  /** Share of one core since the last report, 0–1 (may exceed 1). */
  readonly cpuShare: number | null;
  readonly exit: { readonly code: number | null; readonly signal: string | null; readonly ordered: boolean } | null;
  /** Last lines, ANSI stripped. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** A page of events in the order of time, and the number of matching events that it leaves out. */
export interface EventPage {
  readonly events: readonly TraceEvent[];
  /** Number of matching events of the same span that did not fit into the page. */
  readonly leftOut: number;
}

/** The graphs of a run. `share` of its events has been read, 0 to 1; ask again while it is below 1. */
export interface RunGraphsPage extends RunGraphs {
  readonly share: number;
}

/** The newest commands of a run, newest first, as they stood at a moment. */
export interface CommandPage {
  readonly commands: readonly AskedCommand[];
  /** Number of older commands that did not fit into the page. */
  readonly leftOut: number;
  /** Half of the answered commands of this page took at most this long, in microseconds; null without an answered one. */
  readonly halfWithinUs: number | null;
  /**
   * Null when every event up to the moment was read. Otherwise the reading ended at this time (microseconds since the run began),
   * and a command that is still open may have met its fate after it.
   */
  readonly readToUs: number | null;
}
