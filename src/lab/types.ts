/** The lab as every door sees it: ask, listen, export, close. */
import type { Readable } from 'node:stream';
import type { ProgramFiles } from '../cluster/processes/program-files.ts';
import type { Answer, LabMode, LabPush, LabResult, RequestName } from '../core/lab-api/api.ts';
import type { ExportFormat } from '../core/trace/index.ts';
import type { PlayRequest, ScenarioOutcome } from '../play/index.ts';
import type { OpenedSource } from '../recording/opened/stage-file.ts';

/** The data folder, and the programs to spawn. */
export interface LabOptions {
  /** Folder that holds the runs (`<dataFolder>/runs/<runId>/…`). Made when missing, mode 0700; relative to the working folder. */
  readonly dataFolder: string;
  readonly programs: ProgramFiles;
}

/** The system's announcements of sleep. */
export type PowerChange = 'suspended' | 'resumed';

/** The lab of every door. */
export interface Lab {
  /** `ask` is checked by the codecs of core/lab-api: a door may pass what it received as it is. Never rejects. */
  ask<Name extends RequestName>(name: Name, ask: unknown): Promise<LabResult<Answer<Name>>>;
  /** The first push is `mode`, at once. Returns how to stop. */
  listen(onPush: (push: LabPush) => void): () => void;
  /** The open run (live or past) as it was recorded when it was asked for: one JSON object a line, or a table. */
  exportRun(format?: ExportFormat): Promise<LabResult<{ readonly fileName: string; readonly stream: Readable }>>;
  /**
   * Opens a recording anywhere, without a cluster, and closes what was open. Only doors call this, with a person's
   * choice; no page may name a place.
   *
   * @param place    absolute path of an exported JSONL file or of a run folder, or the name of a run in the data folder
   * @param endLive  true: the person agreed that a live run that was used is closed for it
   */
  openPlace(place: string, endLive?: boolean): Promise<LabResult<LabMode>>;
  /** Opens an exported file that arrives as bytes. After an error the rest of them is left unread. */
  openBytes(source: OpenedSource, endLive?: boolean): Promise<LabResult<LabMode>>;
  /**
   * Closes what is open, plays a scenario on a cluster of its own, stops that cluster and judges its run.
   *
   * @param request.seed  decides every draw of the scenario, its servers and its links
   */
  play(request: PlayRequest): Promise<LabResult<ScenarioOutcome>>;
  /** Stops the cluster in order (SIGCONT, SIGTERM, 1.5 s, SIGKILL), ends the recording, leaves no process. */
  close(): Promise<void>;
  /**
   * Marks the sleep of the computer in the live run. On Linux the lab also notices it by itself; a sleep is noted once.
   */
  notePower(change: PowerChange): void;
  /** Kills every child with SIGKILL, synchronously: for a second Ctrl-C and for crashes. */
  killNow(): void;
}
