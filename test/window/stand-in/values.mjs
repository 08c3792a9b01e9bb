/**
 * Values on their way between main and page. Electron copies them as structured clones; here they travel as JSON, with
 * marks for what JSON loses. What a structured clone refuses is refused with Electron's sentence. Maps, dates and other
 * objects that Electron would copy are refused too: the window's channels carry plain data only.
 */

const REFUSED = new Set(['function', 'symbol']);

/** @returns {string} @throws {Error} for what cannot be cloned, or is not plain data */
export function pack(value) {
  return JSON.stringify(marked(value, 'value'));
}

/** @param {string} text  of `pack`, here or in the page */
export function unpack(text) {
  return revived(JSON.parse(text));
}

function marked(value, at) {
  if (value === undefined) return { $undefined: 1 };
  if (REFUSED.has(typeof value) || value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
    throw new Error(`An object could not be cloned: ${at}`);
  }
  if (typeof value === 'bigint') throw new Error(`not plain data: ${at} is a bigint`);
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one, index) => marked(one, `${at}[${index}]`));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw new Error(`not plain data: ${at} is a ${prototype.constructor?.name ?? 'strange object'}`);
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, marked(one, `${at}.${key}`)]));
}

function revived(value) {
  if (value === null || typeof value !== 'object') return value;
  if ('$undefined' in value) return undefined;
  if ('$number' in value) return Number(value.$number);
  if (Array.isArray(value)) return value.map(revived);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, revived(one)]));
}
