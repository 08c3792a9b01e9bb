/**
 * The error thrown when the core's own state is impossible; its message contains the numbers. Input from the network
 * never causes it: invalid input is ignored or answered.
 */

/** A broken invariant of the core. It is fatal to the server, because continuing could only spread the damage. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * Checks an invariant of the core, in the lab and in every test.
 *
 * @param holds    whether the invariant holds
 * @param sentence describes the violation with its numbers; called only when the invariant is broken
 * @throws InvariantError when it does not hold
 */
export function assertInvariant(holds: boolean, sentence: () => string): asserts holds {
  if (!holds) {
    throw new InvariantError(sentence());
  }
}
