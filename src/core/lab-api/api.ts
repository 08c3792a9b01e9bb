/**
 * Messages from the lab to a door (window, browser, terminal) beside the answers to its requests (core/actions): errors, pushes,
 * and the interface that every door offers to the dashboard.
 */

import type { Answer, EventPage, LabMode, RequestName, Requests } from '../actions/index.ts';
import type { LabErrorCode } from '../catalogue/index.ts';
import type { ClusterView, ViewPatch } from '../trace/view.ts';

export type {
  Answer,
  DiskView,
  EndsLive,
  EventPage,
  EventQuery,
  KeptRuns,
  LabMode,
  ProcessView,
  RequestName,
  Requests,
  RunChoice,
  RunSummary,
  RunVerdict,
  ScenarioSummary,
  StartAnswer,
  SubmitAnswer,
} from '../actions/index.ts';
export type { Durability, ServerStateView, StoreView, Telemetry } from '../wire/control-protocol.ts';

/** `code` is a key of the words file (`error.<code>`); `message` is the same in English, for logs and terminals. */
export interface LabError {
  readonly code: LabErrorCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly message: string;
}

/** Result of every request: the value, or the error. */
export type LabResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: LabError };

/** How far picture and judges of a live run are behind what is recorded. */
export interface LabLag {
  /** Run time, µs. */
  readonly pictureUs: number;
  readonly judgesUs: number;
  /** Recorded events that the judges have not heard. */
  readonly judgesEvents: number;
}

/** A push of the lab to every door, at most 30 a second. */
export type LabPush =
  /** Sent first, and whenever another run is opened. */
  | { readonly type: 'mode'; readonly mode: LabMode; readonly view: ClusterView }
  | {
      readonly type: 'view';
      readonly patch: ViewPatch /** The lab's clock now, µs since the run began: ages are counted from it. */;
      readonly nowUs: number;
      /** Absent while picture and judges keep up. */
      readonly lag?: LabLag;
    }
  /** Part of a recording that has been read while it is opened, 0 to 1; null: it could not be opened. A `mode` ends it as well. */
  | { readonly type: 'reading'; readonly share: number | null }
  /** New events since the last page, sorted, at most 500; the rest are counted. */
  | { readonly type: 'events'; readonly page: EventPage };

/**
 * How the door to the lab stands. `restarted`: the lab there is another launch, whose address is a new one; `full`: as many
 * pages are open as it takes. Lost, restarted and full are tried again.
 */
export type DoorConnection = 'open' | 'lost' | 'restarted' | 'full';

/** A file that a person gave to the page: the page's `File`, of which the core, without a DOM, knows no more. */
export interface GivenFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** The interface between a dashboard and its door; the window and the browser each implement it. */
export interface LabDoor {
  readonly kind: 'window' | 'browser';
  ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<LabResult<Answer<Name>>>;
  /** Calls back with pushes in order; the first is always `mode`. Returns how to stop. */
  listen(onPush: (push: LabPush) => void, onConnection: (state: DoorConnection) => void): () => void;
  /** Opens an exported file without a cluster; a browser uploads it to the lab. @param endLive  as in `EndsLive` */
  openRecording(file: GivenFile, endLive: boolean): Promise<LabResult<LabMode>>;
  /** Opens the recording that the window's main process named (menu, double click, second start); absent in a browser. */
  readonly openNamed?: (endLive: boolean) => Promise<LabResult<LabMode>>;
  /** Saves the run as JSONL where the person chooses (dialog) or downloads it. */
  exportRun(): Promise<LabResult<{ readonly savedAs: string | null }>>;
  /** Shows the exported file in its folder; absent where the door does not know where it is (a browser's download). */
  readonly showExported?: () => void;
}
