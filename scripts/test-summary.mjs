/**
 * Adds up the results of Vitest and of the other checks, writes the last lines of `npm test`, and reads its arguments.
 */

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * Counts the results of one Vitest run.
 *
 * @param {{ testResults?: readonly { status: string, assertionResults: readonly { status: string }[] }[] } | null}
 *   report  content of the JSON reporter's file; null when the file is missing
 * @param {number} exitCode  Vitest's exit code
 * @returns {Counts} A file that failed without a failed test (it could not be loaded) counts as one failure. So does a
 *   run that failed for a reason outside the tests (an unhandled rejection).
 */
export function countReport(report, exitCode) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    let failedHere = 0;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed') failedHere += 1;
      else counts.skipped += 1;
    }
    if (file.status === 'failed' && failedHere === 0) failedHere = 1;
    counts.failed += failedHere;
  }
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** @param {readonly Counts[]} all @returns {Counts} */
export function addUp(all) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const one of all) {
    sum.passed += one.passed;
    sum.failed += one.failed;
    sum.skipped += one.skipped;
  }
  return sum;
}

/** @param {Counts} counts @returns {string} the last line */
export function lastLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * @param {Counts} counts
 * @returns {number} the exit code; 1 also when no test ran
 */
export function exitCodeOf({ passed, failed }) {
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** Number of files in the list of the slowest. */
const SLOWEST = 10;

/**
 * Lists the slowest files.
 *
 * @param {readonly { file: string, seconds: number }[]} files  in any order
 * @returns {readonly string[]} a line for each file, the slowest first; empty without files
 */
export function slowestFiles(files) {
  const slowest = [...files].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  if (slowest.length === 0) return [];
  return ['The slowest files:', ...slowest.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`)];
}

/** Stages in the order in which they run. */
export const STAGES = ['check', 'unit', 'process', 'e2e'];

const USAGE = 'Usage: npm test -- [check] [unit] [process] [e2e] [part of a file name…] [--seed N]';

/**
 * Reads the arguments of `npm test`: stages, filters of file names, and the seed that orders the files.
 *
 * @param {readonly string[]} args
 * @returns {{ ok: true, stages: readonly string[], filters: readonly string[], seed: number | null } | { ok: false, sentence: string }}
 */
export function readTestArgs(args) {
  /** @type {string[]} */
  const words = [];
  let seed = null;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--seed') {
      at += 1;
      seed = readSeed(args[at]);
      if (seed === null) return refused('--seed needs a whole number from 0 to 999999999.');
    } else if (word.startsWith('-')) return refused(`Unknown option ${word}.`);
    else words.push(word);
  }
  const chosen = STAGES.filter((name) => words.includes(name));
  const filters = words.filter((word) => !STAGES.includes(word));
  if (chosen.length > 0) return { ok: true, stages: chosen, filters, seed };
  // A filter chooses tests, so the checks are left out.
  return { ok: true, stages: filters.length > 0 ? STAGES.slice(1) : STAGES, filters, seed };
}

/** @param {string} sentence @returns {{ ok: false, sentence: string }} */
function refused(sentence) {
  return { ok: false, sentence: `${sentence}\n${USAGE}` };
}

/** @param {string | undefined} text @returns {number | null} */
function readSeed(text) {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
