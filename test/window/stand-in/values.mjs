/**
 * Serialises values for the way between main and page. Electron sends structured clones. The stand-in sends JSON, with
 * marks for values that JSON loses. Values that a structured clone refuses are refused with Electron's message. Maps,
 * dates and other objects that Electron would copy are refused too, because the window's channels carry plain data
 * only.
 */

const REFUSED = new Set(['function', 'symbol']);

/**
 * @returns {string}
 * @throws {Error} for a value that cannot be cloned or is not plain data
 */
export function pack(value) {
  return JSON.stringify(marked(value, 'value'));
}

/** @param {string} text  result of `pack`, from this process or from the page */
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
