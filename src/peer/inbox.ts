/**
 * The inputs that wait to be stepped: all that arrived while the last batch was being written. They are drained together,
 * which is group commit: one step and one write for any number of callers.
 */
import type { Input } from '../core/raft/input.ts';
import type { Message } from '../core/raft/messages.ts';

/** More messages than this may not wait: Raft repeats what is lost, memory does not come back. */
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
  /** @returns false when the inbox is full and the message was dropped */
  pushMessage(message: Message, id: string): boolean;
  /** Everything so far; the inbox is empty afterwards. */
  drain(): Batch;
  isEmpty(): boolean;
}

/** @param onInput  called after each push */
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
