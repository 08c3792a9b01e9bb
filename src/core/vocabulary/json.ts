/**
 * JSON values as entries and requests carry them, and the check that a value is the same after it was written and read.
 */

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Maximum nesting of a command. Deeper values could exhaust a server's stack in JSON.stringify. */
export const MAX_JSON_DEPTH = 16;

/**
 * True for a value that JSON returns unchanged: finite numbers, no negative zero, at most MAX_JSON_DEPTH levels. A
 * value that changed on its way to disk would change its entry's chain.
 */
export function isJson(value: unknown, depth: number = MAX_JSON_DEPTH): value is Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object': {
      if (value === null) return true;
      if (depth === 0) return false;
      if (Array.isArray(value)) return value.every((item) => isJson(item, depth - 1));
      const fields = value as Readonly<Record<string, unknown>>;
      return Object.keys(fields).every((key) => isJson(fields[key], depth - 1));
    }
    default:
      return false;
  }
}
