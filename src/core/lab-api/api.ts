/**
 * Messages from the lab to a door (window, browser, terminal) besides the answers of core/actions: errors and pushes. Also the
 * interface that every door offers to the dashboard.
 */

import type { Answer, EventPage, LabMode, RequestName, Requests } from '../actions/index.ts';
import type { LabErrorCode } from '../catalogue/index.ts';
import type { ClusterView, ViewPatch } from '../trace/view.ts';

export type {
  Answer,
  CommandPage,
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
  RunGraphsPage,
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

/** How far the picture and the judges of a live run are behind the recording. */
export interface LabLag {
  /** Delay of the picture in µs of run time. */
  readonly pictureUs: number;
  readonly judgesUs: number;
  /** Number of recorded events that the judges have not read. */
  readonly judgesEvents: number;
}

/** A push of the lab to every door, at most 30 a second. */
export type LabPush =
  /** The first push, and one more whenever another run is opened. */
  | { readonly type: 'mode'; readonly mode: LabMode; readonly view: ClusterView }
  | {
      readonly type: 'view';
      readonly patch: ViewPatch /** The lab's current time in µs since the run began; screens compute ages from it. */;
      readonly nowUs: number;
      /** Absent while picture and judges keep up. */
      readonly lag?: LabLag;
    }
  /** Share of an opening recording that has been read, 0 to 1; null when it cannot be opened. A `mode` also ends the opening. */
  | { readonly type: 'reading'; readonly share: number | null }
  /** New events since the last page, sorted; at most 500, and the number of the others. */
  | { readonly type: 'events'; readonly page: EventPage };

/**
 * State of the connection to the lab. `restarted`: the lab was launched again and has a new address. `full`: the maximum number
 * of pages is connected. The door retries in all states but `open`.
 */
export type DoorConnection = 'open' | 'lost' | 'restarted' | 'full';

/** A file that a person gave to the page. It is the page's `File`; the core has no DOM types, so only these fields are named. */
export interface GivenFile {
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
}

/** The interface between a dashboard and its door; the window and the browser each implement it. */
export interface LabDoor {
  readonly kind: 'window' | 'browser';
  ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<LabResult<Answer<Name>>>;
  /** Calls back with pushes in order; the first is always `mode`. Returns a function that ends the subscription. */
  listen(onPush: (push: LabPush) => void, onConnection: (state: DoorConnection) => void): () => void;
  /** Opens an exported file as a recording; a browser uploads it to the lab. @param endLive  as in `EndsLive` */
  openRecording(file: GivenFile, endLive: boolean): Promise<LabResult<LabMode>>;
  /** Opens the recording that the window's main process named (menu, double click, second start); absent in a browser. */
  readonly openNamed?: (endLive: boolean) => Promise<LabResult<LabMode>>;
  /** Exports the run: the window shows a save dialog, the browser downloads the file. */
  exportRun(): Promise<LabResult<{ readonly savedAs: string | null }>>;
  /** Shows the exported file in its folder; absent in a browser, which does not report the place of a download. */
  readonly showExported?: () => void;
}
