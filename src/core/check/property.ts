/** The parts of every property: it hears events, may tell at the end what it could not settle, and has an account. */

import type { TraceEvent } from '../trace/index.ts';
import type { ServerId } from '../wire/index.ts';
import type { Digests } from './digest.ts';
import type { EntryTree } from './entry-tree.ts';
import type { Pieces } from './pieces.ts';
import type { UntoldCommands } from './untold-commands.ts';
import type { Account } from './verdict.ts';

/** One property of one run. */
export interface Property {
  readonly account: Account;
  /** In the order of arrival; only the order within a source may matter. */
  observe(event: TraceEvent): void;
  /** Events of this source were lost: what was known of where it stands is no longer so. */
  gap?(source: string): void;
  /** The run is over: what is still open cannot be settled any more. */
  finish?(): void;
  /** The same in pieces, where it takes longer the more is open. */
  finishing?(): Pieces<void>;
  /** An estimate of the memory its facts take, bytes (bytes.ts). */
  keptBytes(): number;
}

/** The data that all properties share. */
export interface Ground {
  readonly servers: readonly ServerId[];
  readonly tree: EntryTree;
  readonly digests: Digests;
  readonly untold: UntoldCommands;
}

/** Which events a property needs; what falls into a gap of theirs is unknown. */
export type Witness = 'server' | 'network' | 'client' | 'lab';
