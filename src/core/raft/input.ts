/**
 * The inputs of a server's consensus state. Snapshots, reads, membership and leadership transfer will join this union
 * when they are built.
 */

import type { EntryContent, EntryId } from '../vocabulary/index.ts';
import type { Message } from './messages.ts';
import type { HardState } from './ready.ts';

/** A request to append one entry to the log. */
export interface Proposal {
  /** The caller's own id of the request, returned in the reply; unique within a life. */
  readonly requestId: string;
  readonly content: EntryContent;
}

/** One input of a server. Inputs are stepped one at a time. */
export type Input =
  /** One tick, the only notion of time in the core. */
  | { readonly type: 'tick' }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'propose'; readonly proposals: readonly Proposal[] }
  /**
   * The confirmation of a write: this hard state and the log up to `upTo` are durable. The driver steps it directly
   * after the write, before inputs that arrived meanwhile. It counts only if the log still has that term at that index.
   */
  | { readonly type: 'persisted'; readonly hardState: HardState; readonly upTo: EntryId };

/**
 * Returns the inputs of one turn with all proposals gathered into one input at the end. The inputs of a turn arrived at
 * the same time, so any order is legal. Proposals at the end are handled with the newest role and commitIndex: a leader that steps
 * down in this turn refuses them with `not-leader` instead of leaving their outcome unknown.
 *
 * @returns the given array when there is nothing to gather
 */
export function proposalsLast(inputs: readonly Input[]): readonly Input[] {
  if (inputs.length === 1) {
    return inputs;
  }
  const proposals = inputs.flatMap((input) => (input.type === 'propose' ? input.proposals : []));
  if (proposals.length === 0) {
    return inputs;
  }
  const others = inputs.filter((input) => input.type !== 'propose');
  return [...others, { type: 'propose', proposals }];
}
