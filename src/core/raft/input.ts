/** Everything that can happen to a server's consensus state. Snapshots, reads, membership and transfer join this union when they are built. */

import type { EntryContent, EntryId } from '../vocabulary/index.ts';
import type { Message } from './messages.ts';
import type { HardState } from './ready.ts';

/** A request for a place in the log. */
export interface Proposal {
  /** The caller's own token, echoed in the reply; unique within a life. */
  readonly requestId: string;
  readonly content: EntryContent;
}

/** Everything that can happen to a server, one at a time. */
export type Input =
  /** The only notion of time. */
  | { readonly type: 'tick' }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'propose'; readonly proposals: readonly Proposal[] }
  /**
   * Storage answered: this hard state and the log up to `upTo` are durable. Stepped at once after the write,
   * before any input that arrived meanwhile; counts only if the log still has that term at that index.
   */
  | { readonly type: 'persisted'; readonly hardState: HardState; readonly upTo: EntryId };

/**
 * The inputs of one turn with all proposals gathered into one input at the end. They arrived at the same time as the
 * other inputs, so any order is legal; last, they meet the newest role and the newest commitIndex: a leader that is
 * deposed in this turn refuses them (`not-leader`) instead of leaving their outcome unknown.
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
