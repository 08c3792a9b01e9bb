/** Where the built programs lie. */

/** The built programs the lab spawns; it knows them as files only. */
export interface ProgramFiles {
  readonly peer: string;
  readonly network: string;
  readonly reaper: string;
  /** Folder of the scenarios that come along; absent: none do. */
  readonly scenarios?: string;
}
