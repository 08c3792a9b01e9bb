/** The lab's interface for every door: ask, listen, export, close. */
import type { Readable } from 'node:stream';
import type { ProgramFiles } from '../cluster/processes/program-files.ts';
import type { Answer, LabMode, LabPush, LabResult, RequestName } from '../core/lab-api/api.ts';
import type { ExportFormat } from '../core/trace/index.ts';
import type { PlayRequest, ScenarioOutcome } from '../play/index.ts';
import type { OpenedSource } from '../recording/opened/stage-file.ts';

/** The data folder, and the programs to spawn. */
export interface LabOptions {
  /**
   * Folder that holds the runs (`<dataFolder>/runs/<runId>/…`), relative to the working folder. Created with mode 0700
   * when it is missing.
   */
  readonly dataFolder: string;
  readonly programs: ProgramFiles;
}

/** The system's announcements of sleep. */
export type PowerChange = 'suspended' | 'resumed';

/** The lab of every door. */
export interface Lab {
  /**
   * Answers a request. `ask` is checked by the codecs of core/lab-api, so a door may pass on what it received. Never
   * rejects.
   */
  ask<Name extends RequestName>(name: Name, ask: unknown): Promise<LabResult<Answer<Name>>>;
  /** Sends pushes to a door, the first of which is `mode`, at once. Returns a function that stops this. */
  listen(onPush: (push: LabPush) => void): () => void;
  /**
   * Exports the open run (live or past) as it is recorded at the time of the request: one JSON object a line, or a
   * table.
   */
  exportRun(format?: ExportFormat): Promise<LabResult<{ readonly fileName: string; readonly stream: Readable }>>;
  /**
   * Opens a recording anywhere, without a cluster, and closes the open run. Only doors call this, with a person's
   * choice; a page must not name a place.
   *
   * @param place    absolute path of an exported JSONL file or of a run folder, or the name of a run in the data folder
   * @param endLive  true: the person agreed that a used live run is closed for it
   */
  openPlace(place: string, endLive?: boolean): Promise<LabResult<LabMode>>;
  /** Opens an exported file that arrives as bytes. After an error, the remaining bytes are left unread. */
  openBytes(source: OpenedSource, endLive?: boolean): Promise<LabResult<LabMode>>;
  /**
   * Closes the open run, plays a scenario on a cluster of its own, stops that cluster and judges its run.
   *
   * @param request.seed  determines every draw of the scenario, its servers and its links
   */
  play(request: PlayRequest): Promise<LabResult<ScenarioOutcome>>;
  /** Stops the cluster in order (SIGCONT, SIGTERM, 1.5 s, SIGKILL), ends the recording, leaves no process. */
  close(): Promise<void>;
  /**
   * Marks a sleep of the computer in the live run. On Linux the lab also notices sleep by itself; each sleep is noted
   * once.
   */
  notePower(change: PowerChange): void;
  /** Kills every child with SIGKILL, synchronously: for a second Ctrl-C and for crashes. */
  killNow(): void;
}
