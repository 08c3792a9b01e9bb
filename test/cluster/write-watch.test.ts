/** Writes watched from outside: a write that does not end is reported once, with its age. */
import { expect, test } from 'vitest';
import { createWriteWatch, READ_FIRST_MS, SILENT_AFTER_MS } from '../../src/cluster/write-watch.ts';

/** A clock that the test moves, with one timer. */
function watched() {
  let nowMs = 0;
  let due: { readonly atMs: number; readonly then: () => void } | null = null;
  const reports: number[] = [];
  const watch = createWriteWatch((forMs) => reports.push(forMs), {
    now: () => nowMs,
    after: (ms, then) => {
      due = { atMs: nowMs + ms, then };
      return () => {
        due = null;
      };
    },
  });
  const pass = (ms: number): void => {
    const untilMs = nowMs + ms;
    while (due !== null && due.atMs <= untilMs) {
      const { atMs, then } = due;
      due = null;
      nowMs = atMs;
      then();
    }
    nowMs = untilMs;
  };
  return { watch, reports, pass, isArmed: () => due !== null };
}

test('write watch: a write that does not end → reported once, with its age', () => {
  const { watch, reports, pass } = watched();
  watch.heard(true);
  pass(SILENT_AFTER_MS + READ_FIRST_MS - 1);
  expect(reports).toEqual([]);
  pass(10_000);
  expect(reports).toEqual([SILENT_AFTER_MS + READ_FIRST_MS]);
});

test('write watch: many writes that end, none too long → no report', () => {
  const { watch, reports, pass } = watched();
  for (let count = 0; count < 20; count += 1) {
    watch.heard(true);
    pass(SILENT_AFTER_MS - 100);
    watch.heard(false);
  }
  pass(10_000);
  expect(reports).toEqual([]);
});

test('write watch: a stopped lab reads the end of a write late → no report', () => {
  const { watch, reports, pass } = watched();
  watch.heard(true);
  pass(SILENT_AFTER_MS);
  watch.heard(false);
  watch.heard(true);
  pass(READ_FIRST_MS);
  watch.heard(false);
  pass(10_000);
  expect(reports).toEqual([]);
});

test('write watch: second write does not end → reported too; server gone → no report', () => {
  const { watch, reports, pass, isArmed } = watched();
  watch.heard(true);
  pass(5_000);
  watch.heard(false);
  watch.heard(true);
  pass(5_000);
  expect(reports).toHaveLength(2);
  watch.heard(true);
  watch.stop();
  expect(isArmed()).toBe(false);
});
