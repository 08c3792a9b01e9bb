/**
 * The parts of every property: it handles events, may report at the end what it could not settle, and has an account.
 */

import type { ServerId } from '../wire/index.ts';
import type { Digests } from './digest.ts';
import type { EntryTree } from './entry-tree.ts';
import type { Handlers } from './handlers.ts';
import type { Pieces } from './pieces.ts';
import type { UntoldCommands } from './untold-commands.ts';
import type { Account } from './verdict.ts';

/** One property of one run. */
export interface Property {
  readonly account: Account;
  /** The events that it observes, in the order of arrival. Only the order within a source may matter. */
  readonly handlers: Handlers;
  /** Reports that events of this source were lost, so that its known state may be outdated. */
  gap?(source: string): void;
  /** Ends the run. Everything that is still open becomes unknown. */
  finish?(): void;
  /** `finish` in pieces, for a property that needs longer the more is open. */
  finishing?(): Pieces<void>;
  /** Estimated memory of the property's facts, in bytes (bytes.ts). */
  keptBytes(): number;
}

/** The data that all properties share. */
export interface Ground {
  readonly servers: readonly ServerId[];
  readonly tree: EntryTree;
  readonly digests: Digests;
  readonly untold: UntoldCommands;
}

/** A kind of source whose events a property needs. Lost events of such a source make facts unknown. */
export type Witness = 'server' | 'network' | 'client' | 'lab';
