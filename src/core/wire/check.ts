/**
 * Small checks from which the codecs of the wire are built. Data from a socket, a file or the environment is `unknown`
 * until these checks accept it. A refusal is returned as a `Problem`, never thrown.
 */

/** Why an input was refused, in one English sentence without the secret or payload that it contained. */
export interface Problem {
  readonly problem: string;
}

/** @returns true when a parse function refused its input */
export function isProblem<Value extends object>(value: Value | Problem): value is Problem {
  return 'problem' in value;
}

/** Returns a problem with this sentence, which must not contain the offending bytes. */
export function problem(sentence: string): Problem {
  return { problem: sentence };
}

/** Quotes and shortens a foreign field name or value for use in a sentence. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/**
 * Parses JSON and returns a problem instead of throwing. A number that JSON cannot express (1e999) passes here; the
 * field checks refuse it.
 */
export function parseJson(text: string): { readonly value: unknown } | Problem {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    // The engine's message quotes the input, which may be large or secret. The kind of error is enough.
    return problem(error instanceof SyntaxError ? 'not JSON' : 'JSON that cannot be read');
  }
}

/** An object whose fields are not checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** True for a plain object: neither null nor a list. */
export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a safe integer ≥ 0. Negative zero is refused because it does not survive JSON. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}

/** True for a safe integer ≥ 1. */
export function isPositive(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** True for true and false. */
export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** True for a string of any length. */
export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

/**
 * Checks that `value` is an object with exactly these fields: every check passes, no field is missing and no field is
 * unknown.
 *
 * @param optional  fields that may be absent
 * @returns null when the object is valid
 */
export function checkFields(
  value: unknown,
  required: Readonly<Record<string, (field: unknown) => boolean>>,
  optional: Readonly<Record<string, (field: unknown) => boolean>> = {},
): Problem | null {
  if (!isRecord(value)) return problem('not an object');
  for (const key of Object.keys(value)) {
    const check = Object.hasOwn(required, key) ? required[key] : Object.hasOwn(optional, key) ? optional[key] : null;
    if (!check) return problem(`unknown field ${quote(key)}`);
    if (!check(value[key])) return problem(`field ${quote(key)} has no allowed value`);
  }
  for (const key of Object.keys(required)) {
    if (!Object.hasOwn(value, key)) return problem(`field ${quote(key)} is missing`);
  }
  return null;
}
