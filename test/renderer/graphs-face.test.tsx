// @vitest-environment happy-dom
/** The face of the graphs: shapes and scales, the cursor of pointer and keys, and nothing later than the shown moment. */
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { GRAPH_NAMES } from '../../src/renderer/graphs/graph-table.ts';
import { linePath, scaleTop, stepsPath } from '../../src/renderer/graphs/plot.ts';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

test('scale: largest value → next of 1, 2 or 5 times a power of ten', () => {
  expect([[], [0], [1], [1.1], [21], [0.3], [5_000], [9]].map((values) => scaleTop(values))).toEqual([
    ...[1, 1, 1, 2, 50, 0.5, 5_000, 10],
  ]);
});

test('steps: one shape for each span with a value, on top of the row below', () => {
  expect(stepsPath([], [1, 0, 2], 2)).toBe('M0 1V0.5H1V1ZM2 1V0H3V1Z');
  expect(stepsPath([1, 0], [2, 1], 2)).toBe('M0 0.5V0H1V0.5ZM1 1V0.5H2V1Z');
});

test('line: spans without a value → a gap; a value alone → its own span', () => {
  expect(linePath([1, 2, null, 1, null], 2)).toBe('M0.5 0.5L1.5 0M3 0.5H4');
  expect(linePath([], 2)).toBe('');
});

async function openGraphs() {
  const page = renderDashboard();
  await page.lead();
  await page.user.keyboard('g');
  return { page, cursor: await screen.findByTestId('graph-cursor') };
}

test('graphs: opened by its key → four graphs with their scales, and words for a reader', async () => {
  const { page, cursor } = await openGraphs();
  for (const name of GRAPH_NAMES) expect(screen.getByTestId(`graph-${name}`).textContent).toMatch(/up to /);
  expect(cursor.getAttribute('aria-valuetext')).toMatch(/Elections: begun \d+, won \d+/);
  await page.user.keyboard('g');
  expect(screen.queryByTestId('graph-cursor')).toBeNull();
});

test('cursor: arrow keys → the span of the election, and no walk around the ring', async () => {
  const { cursor } = await openGraphs();
  cursor.focus();
  fireEvent.keyDown(cursor, { key: 'Home' });
  expect(cursor.getAttribute('aria-valuenow')).toBe('0');
  const last = Number(cursor.getAttribute('aria-valuemax'));
  const texts = [screen.getByTestId('graph-elections').textContent];
  for (let at = 0; at < last; at += 1) {
    expect(fireEvent.keyDown(cursor, { key: 'ArrowRight' })).toBe(false);
    texts.push(screen.getByTestId('graph-elections').textContent);
  }
  expect(cursor.getAttribute('aria-valuenow')).toBe(String(last));
  expect(texts.filter((text) => text.includes('won 1'))).toHaveLength(1);
  fireEvent.blur(cursor);
  expect(screen.getByTestId('graph-elections').textContent).toMatch(/up to /);
});

test('graphs: a paused view → no span after the shown moment', async () => {
  const { page, cursor } = await openGraphs();
  const before = Number(cursor.getAttribute('aria-valuemax'));
  await page.user.keyboard(' ');
  await page.advance(3_000);
  expect(Number(cursor.getAttribute('aria-valuemax'))).toBe(before);
  await page.user.keyboard(' ');
  await page.advance(2_000);
  await waitFor(() => expect(Number(cursor.getAttribute('aria-valuemax'))).toBeGreaterThan(before));
});
