/** Adds up what vitest reported and what else was checked, to the one line `npm test` ends with. */

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * Counts one vitest run.
 *
 * @param {{ testResults?: readonly { status: string, assertionResults: readonly { status: string }[] }[] } | null} report  the JSON reporter's file, null when there is none
 * @param {number} exitCode  vitest's own
 * @returns {Counts} a file that failed without a failed test (it could not be loaded) is one failure, and so is a run
 *   that failed for a reason no test shows (an unhandled rejection)
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
  for (const one of all) for (const key of Object.keys(sum)) sum[key] += one[key];
  return sum;
}

/** @param {Counts} counts @returns {string} the last line */
export function lastLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** @param {Counts} counts @returns {number} nothing tested is not a success */
export function exitCodeOf({ passed, failed }) {
  return failed === 0 && passed > 0 ? 0 : 1;
}

/**
 * Which stages run, and with which file filters.
 *
 * @param {readonly string[]} args
 * @returns {{ ok: true, stages: readonly string[], filters: readonly string[] } | { ok: false, option: string }}
 */
export function readTestArgs(args) {
  const names = ['check', 'unit', 'process', 'e2e'];
  const option = args.find((word) => word.startsWith('-'));
  if (option !== undefined) return { ok: false, option };
  const chosen = names.filter((name) => args.includes(name));
  const filters = args.filter((word) => !names.includes(word));
  if (chosen.length > 0) return { ok: true, stages: chosen, filters };
  // A filter is about tests; without one, everything.
  return { ok: true, stages: filters.length > 0 ? names.slice(1) : names, filters };
}
