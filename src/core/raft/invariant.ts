/**
 * The error thrown when the core's own state is impossible; its message contains the numbers. It is never thrown for
 * input from the network, which is ignored or answered instead.
 */

/** A promise the core makes to itself is broken. Fatal to the server: continuing could only spread the damage. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * Checks a promise of the core; stays on in the lab and in every test.
 *
 * @param holds    the promise
 * @param sentence what is broken, with the numbers; built only when needed
 * @throws InvariantError when it does not hold
 */
export function assertInvariant(holds: boolean, sentence: () => string): asserts holds {
  if (!holds) {
    throw new InvariantError(sentence());
  }
}
