/** Histories: what clients asked of something, when, and what they learnt. Times are any numbers that only grow. */

/** One operation of one client on one key. */
export interface Operation<Input, Output> {
  /** As reports name it: a line, an id. */
  readonly name: string;
  readonly client: string;
  readonly key: string;
  readonly input: Input;
  readonly invoked: number;
  /** Null: nobody learnt whether it happened; it may take effect at any later time, or never. */
  readonly returned: { readonly at: number; readonly output: Output } | null;
}

/** Something with a state, one key of it. States are compared by their text. */
export interface Model<Input, Output> {
  readonly initial: string;
  /**
   * The state after the input, or null when this output cannot be.
   *
   * @param output  null: nobody learnt it, anything can be
   */
  readonly step: (state: string, input: Input, output: Output | null) => string | null;
  /** As a report tells it: `write 4`, `read → 2`. */
  readonly describe: (input: Input, output: Output | null) => string;
  /** Without effect: one whose outcome nobody learnt proves nothing and is left out. */
  readonly isRead: (input: Input) => boolean;
  /** Its state afterwards does not depend on the state before: what came before it is overwritten. */
  readonly isBlind?: (input: Input) => boolean;
}
