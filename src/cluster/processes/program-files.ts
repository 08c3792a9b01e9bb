/** Paths of the built programs. */

/** Paths of the built programs that the lab spawns. */
export interface ProgramFiles {
  readonly peer: string;
  readonly network: string;
  readonly reaper: string;
  /** Folder of the scenarios that come with Raft Lab; absent when none do. */
  readonly scenarios?: string;
}
