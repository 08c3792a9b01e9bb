/** Operations of clients and models of what they operate on. Times are any numbers that only grow. */

/** One operation of one client on one key. */
export interface Operation<Input, Output> {
  /** The name that reports use: a line or an id. */
  readonly name: string;
  readonly client: string;
  readonly key: string;
  readonly input: Input;
  readonly invoked: number;
  /** The return. null: it is unknown whether the operation happened; it may take effect at any later time, or never. */
  readonly returned: { readonly at: number; readonly output: Output } | null;
}

/** The sequential behaviour of one key. States are compared as texts. */
export interface Model<Input, Output> {
  readonly initial: string;
  /**
   * Returns the state after the input, or null when the output is impossible.
   *
   * @param output  null when the output is unknown, so that any output is possible
   */
  readonly step: (state: string, input: Input, output: Output | null) => string | null;
  /** The operation as text in a report, such as `write 4` or `read → 2`. */
  readonly describe: (input: Input, output: Output | null) => string;
  /** Whether the operation has no effect. If its answer is unknown, it proves nothing and is left out. */
  readonly isRead: (input: Input) => boolean;
  /** Whether the state afterwards is independent of the state before, so that earlier effects are overwritten. */
  readonly isBlind?: (input: Input) => boolean;
}
