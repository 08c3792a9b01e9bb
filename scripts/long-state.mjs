/** State of a part of `npm run test:long`, kept between starts. Pure, so that resuming can be tested without running anything. */

/**
 * @typedef {{ outcome: 'passed' | 'failed', code: number, seconds: number }} Finished
 *
 * @typedef {object} Kept
 * @property {1} format
 * @property {string} part
 * @property {string} sources  a hash of everything the part depends on
 * @property {number} seed
 * @property {string} began  ISO time
 * @property {string} last  ISO time of the last unit that ended, or of the beginning
 * @property {number} total  number of units
 * @property {Record<string, Finished>} units  the finished ones, by name
 */

/** @type {1} */
const FORMAT = 1;

/** Longest time a part runs before it stops by itself; it goes on where it was when it is started again. */
export const LIMIT_MINUTES = 60;

/**
 * Decides whether a part goes on or begins anew. It begins anew when nothing usable is kept, when the sources are
 * others, and when all its units are finished.
 *
 * @template {{ name: string }} Unit
 * @param {Kept | null} kept
 * @param {{ part: { name: string, units: (seed: number) => readonly Unit[] }, sources: string, seed: number, now: string }} with  `seed` is used when it begins
 * @returns {{ kept: Kept, left: readonly Unit[], goesOn: boolean }}
 */
export function planPart(kept, { part, sources, seed, now }) {
  if (kept !== null && kept.sources === sources && !isComplete(kept)) {
    const left = part.units(kept.seed).filter(({ name }) => kept.units[name] === undefined);
    if (left.length > 0) return { kept, left, goesOn: true };
  }
  const left = part.units(seed);
  /** @type {Kept} */
  const fresh = {
    format: FORMAT,
    part: part.name,
    sources,
    seed,
    began: now,
    last: now,
    total: left.length,
    units: {},
  };
  return { kept: fresh, left, goesOn: false };
}

/** @param {Kept} kept @returns {boolean} true when every unit is finished */
export function isComplete(kept) {
  return Object.keys(kept.units).length >= kept.total;
}

/**
 * Adds a finished unit.
 *
 * @param {Kept} kept
 * @param {string} name
 * @param {{ code: number, seconds: number, now: string }} ended  exit code 0 means passed
 * @returns {Kept}
 */
export function withUnit(kept, name, { code, seconds, now }) {
  /** @type {Finished} */
  const finished = { outcome: code === 0 ? 'passed' : 'failed', code, seconds: Math.round(seconds) };
  return { ...kept, last: now, units: { ...kept.units, [name]: finished } };
}

/** @param {Kept} kept @returns {{ passed: number, failed: number, skipped: number }} `skipped`: not run yet */
export function countUnits(kept) {
  const outcomes = Object.values(kept.units).map(({ outcome }) => outcome);
  const failed = outcomes.filter((outcome) => outcome === 'failed').length;
  return { passed: outcomes.length - failed, failed, skipped: kept.total - outcomes.length };
}

/**
 * Decides whether another unit may begin: a part ends within its limit if the next unit takes as long as the longest.
 *
 * @param {Kept} kept
 * @param {number} elapsedSeconds  of this start
 */
export function hasTimeLeft(kept, elapsedSeconds) {
  const longest = Math.max(0, ...Object.values(kept.units).map(({ seconds }) => seconds));
  return elapsedSeconds + longest <= LIMIT_MINUTES * 60;
}

/**
 * Says when a part ran last and what came of it, in one line.
 *
 * @param {Kept | null} kept
 * @param {string} sources  of now
 */
export function statusLine(kept, sources) {
  if (kept === null) return 'never ran';
  const { passed, failed, skipped } = countUnits(kept);
  const result = [`${passed} passed`, ...(failed > 0 ? [`${failed} failed`] : [])];
  if (skipped > 0) result.push(`${skipped} not run yet`);
  const when = kept.last.slice(0, 16).replace('T', ' ');
  return `${when} UTC: ${result.join(', ')}${kept.sources === sources ? '' : ' (of other sources)'}`;
}

/**
 * Reads what was kept.
 *
 * @param {string} text  of the file
 * @returns {Kept | null} null for anything that is not whole: the part begins anew
 */
export function readKept(text) {
  try {
    const kept = JSON.parse(text);
    return kept?.format === FORMAT && typeof kept.units === 'object' && Number.isInteger(kept.total) ? kept : null;
  } catch {
    return null;
  }
}

/**
 * Reads the arguments of `npm run test:long`.
 *
 * @param {readonly string[]} args
 * @param {readonly string[]} names  of all parts
 * @returns {{ ok: true, parts: readonly string[] } | { ok: false, sentence: string }} no parts: the list is wanted
 */
export function readLongArgs(args, names) {
  const words = args.filter((word) => word !== '--list');
  const option = words.find((word) => word.startsWith('-'));
  if (option !== undefined) return { ok: false, sentence: `Unknown option ${option}. There is only --list.` };
  const stranger = words.find((word) => word !== 'all' && !names.includes(word));
  if (stranger !== undefined) {
    return {
      ok: false,
      sentence: `There is no part ${stranger}. There are: ${names.join(', ')}; all runs each of them.`,
    };
  }
  if (words.length !== args.length) return { ok: true, parts: [] };
  return { ok: true, parts: words.includes('all') ? names : names.filter((name) => words.includes(name)) };
}
