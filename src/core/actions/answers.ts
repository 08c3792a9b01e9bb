/** The answers of the lab that are more than a few fields: its mode, a server's disk and process, a page of events. */
import type { RunSettings, TraceEvent, TraceFlaw } from '../trace/index.ts';
import type { BothLanguages, Json, LogIndex, ServerId } from '../vocabulary/index.ts';
import type { Durability, Telemetry } from '../wire/index.ts';

/** A scenario, for the list. */
export interface ScenarioSummary {
  readonly name: string;
  readonly title: BothLanguages;
  /** Part of the seed report it belongs to; empty for none. */
  readonly part: string;
  readonly servers: number;
}

/** The mode of the lab: a live run, a recording, or nothing open. */
export type LabMode =
  /** Nothing open. */
  | { readonly mode: 'idle' }
  | { readonly mode: 'live'; readonly runId: string; readonly settings: RunSettings }
  /** An opened recording: the same questions, no commands. */
  | {
      readonly mode: 'past';
      readonly runId: string;
      readonly settings: RunSettings;
      readonly fromUs: number;
      readonly toUs: number;
      readonly atUs: number;
      /** The damaged or missing part; the lines behind it are not shown. Absent for a whole recording. */
      readonly flaw?: TraceFlaw;
      /** Name of the exported file that is open; absent for a run folder. */
      readonly file?: string;
    };

/** The contents of a disk, read from the files themselves, for a live or a dead server. */
export interface DiskView {
  readonly server: ServerId;
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly modifiedAt: string }[];
  /** state.json as parsed, or null with a problem. */
  readonly state: Json;
  readonly stateText: string;
  /** The newest entries, oldest first, at most 50. */
  readonly entries: readonly Json[];
  readonly lastIndex: LogIndex;
  readonly tornBytes: number;
  readonly problems: readonly string[];
  readonly durability: Durability;
}

/** The Process tab: what the operating system and the server's own telemetry say. */
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

/** Some events in the order of time, and how many that match are not among them. */
export interface EventPage {
  readonly events: readonly TraceEvent[];
  /** Events of the same span that were left out because the page is bounded. */
  readonly leftOut: number;
}
