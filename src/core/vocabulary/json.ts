/** JSON values as entries and requests carry them, and the check that a value survives the way to disk and back. */

/** Anything JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Deepest nesting a command may have: beyond it JSON.stringify could exhaust the stack of a server. */
export const MAX_JSON_DEPTH = 16;

/**
 * True for what JSON gives back exactly as it is: finite numbers, no negative zero, at most MAX_JSON_DEPTH deep.
 * A value that changed on the way to disk would change its entry's chain.
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
