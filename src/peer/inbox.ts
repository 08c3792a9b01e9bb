/**
 * The inputs that arrived while the last batch was being written. They are drained together, which is group commit: one
 * step and one write serve any number of callers.
 */
import type { Input } from '../core/raft/input.ts';
import type { Message } from '../core/raft/messages.ts';

/** Maximum number of waiting messages; further ones are dropped. Raft repeats lost messages, but memory is limited. */
const MAX_MESSAGES = 10_000;

/** The inputs of one turn. */
export interface Batch {
  readonly inputs: readonly Input[];
  /** Ids of the messages among them. */
  readonly messageIds: readonly string[];
}

/** Collects inputs between turns. */
export interface Inbox {
  push(input: Exclude<Input, { readonly type: 'message' | 'persisted' }>): void;
  /** Queues a message. @returns false when the inbox is full and the message was dropped */
  pushMessage(message: Message, id: string): boolean;
  /** Empties the inbox and returns its inputs. */
  drain(): Batch;
  isEmpty(): boolean;
}

/** Creates an empty inbox. @param onInput  called after each push */
export function createInbox(onInput: () => void): Inbox {
  let inputs: Input[] = [];
  let messageIds: string[] = [];
  return {
    push(input) {
      inputs.push(input);
      onInput();
    },
    pushMessage(message, id) {
      if (messageIds.length >= MAX_MESSAGES) return false;
      inputs.push({ type: 'message', message });
      messageIds.push(id);
      onInput();
      return true;
    },
    drain() {
      const batch = { inputs, messageIds };
      inputs = [];
      messageIds = [];
      return batch;
    },
    isEmpty: () => inputs.length === 0,
  };
}
