/**
 * The small checks every codec of the wire is made of. Data from a socket, a file or the environment is `unknown` until
 * they have checked it; a refusal is returned as a `Problem`, never thrown.
 */

/** Why something was refused, in one English sentence without the offending secret or payload. */
export interface Problem {
  readonly problem: string;
}

/** @returns true when a parse function refused its input */
export function isProblem<Value extends object>(value: Value | Problem): value is Problem {
  return 'problem' in value;
}

/** Something malformed, in a sentence without the offending bytes. */
export function problem(sentence: string): Problem {
  return { problem: sentence };
}

/** A foreign field name or value as it may appear in a sentence: quoted and short. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** JSON.parse that returns. A number JSON cannot give back (1e999) passes here and is refused by the field checks. */
export function parseJson(text: string): { readonly value: unknown } | Problem {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    // The engine's message quotes the input, which may be large or secret; its kind is enough.
    return problem(error instanceof SyntaxError ? 'not JSON' : 'JSON that cannot be read');
  }
}

/** An object whose fields are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** True for a plain object: neither null nor a list. */
export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A safe integer ≥ 0; negative zero is refused because it does not survive JSON. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}

/** A safe integer ≥ 1. */
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
 * Checks that `value` is an object with exactly these fields: each check passes, none is missing, none is unknown.
 *
 * @param optional  fields that may be absent
 * @returns null when all is well
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
