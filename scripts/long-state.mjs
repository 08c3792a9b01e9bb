/**
 * State of a part of `npm run test:long`, stored between starts. This module is pure, so resuming can be tested without
 * running a unit.
 */

/**
 * @typedef {{ outcome: 'passed' | 'failed', code: number, seconds: number }} Finished
 *
 * @typedef {object} Kept
 * @property {1} format
 * @property {string} part
 * @property {string} sources  hash of all files that the part depends on
 * @property {number} seed
 * @property {string} began  ISO time
 * @property {string} last  ISO time at which the last unit ended, or the part began
 * @property {number} total  number of units
 * @property {Record<string, Finished>} units  finished units, by name
 */

/** @type {1} */
const FORMAT = 1;

/** Longest time that a part runs before it stops by itself. The next start continues with the next unit. */
export const LIMIT_MINUTES = 60;

/**
 * Decides whether a part continues or begins again. It begins again when no usable state is stored, when the sources
 * have changed, or when all its units are finished.
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
 * Decides whether another unit may begin. The part must end within its limit if the next unit takes as long as the
 * longest one did.
 *
 * @param {Kept} kept
 * @param {number} elapsedSeconds  time since this start
 */
export function hasTimeLeft(kept, elapsedSeconds) {
  const longest = Math.max(0, ...Object.values(kept.units).map(({ seconds }) => seconds));
  return elapsedSeconds + longest <= LIMIT_MINUTES * 60;
}

/**
 * Returns one line with the last run's time and result.
 *
 * @param {Kept | null} kept
 * @param {string} sources  hash of the current sources
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
 * Parses the stored state.
 *
 * @param {string} text  content of the file
 * @returns {Kept | null} null when the text is incomplete or invalid, so the part begins again
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
 * @returns {{ ok: true, parts: readonly string[] } | { ok: false, sentence: string }} `parts` is empty when the parts
 *   should be listed
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
