/** Everything that can happen to a server's consensus state. Snapshots, reads, membership and transfer join this union when they are built. */
import type { Message } from './messages.ts';
import type { HardState } from './ready.ts';
import type { EntryContent, EntryId } from './types.ts';

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
