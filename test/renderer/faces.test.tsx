// @vitest-environment happy-dom
/** The faces of the side: one at a time, each opened by its word, its key or what leads there, and closed again. */
import { screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { FACE_NAMES, FACES } from '../../src/renderer/side/faces.ts';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

// These tests render the whole page many times, perhaps on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

const openFaces = (): readonly string[] => FACE_NAMES.filter((name) => screen.queryByTestId(`face-${name}`) !== null);
const pressedWords = (): readonly string[] =>
  FACE_NAMES.filter((name) => screen.queryByTestId(`show-${name}`)?.getAttribute('aria-pressed') === 'true');

test('face: word clicked → shown alone, its word pressed; clicked again → the selection', async () => {
  const page = renderDashboard();
  await page.lead();
  for (const name of FACE_NAMES) {
    if (FACES[name].key === null) continue;
    await page.user.click(screen.getByTestId(`show-${name}`));
    expect([openFaces(), pressedWords()], name).toEqual([[name], [name]]);
    expect(screen.queryByTestId('try-submit'), name).toBeNull();
  }
  const [last = ''] = openFaces();
  await page.user.click(screen.getByTestId(`show-${last}`));
  expect([openFaces(), pressedWords()]).toEqual([[], []]);
  expect(screen.getByTestId('try-submit')).toBeDefined();
});

test('face: a server is selected → its panel instead; Esc and the close button → closed', async () => {
  const page = renderDashboard();
  await page.lead();
  await page.user.click(screen.getByTestId('show-events'));
  await page.user.click(screen.getByTestId('server-S1'));
  expect([openFaces(), screen.queryByTestId('server-panel') !== null]).toEqual([[], true]);
  await page.user.click(screen.getByTestId('show-events'));
  await page.user.click(screen.getByTestId('face-close'));
  expect([openFaces(), screen.queryByTestId('server-panel') !== null]).toEqual([[], true]);
  await page.user.click(screen.getByTestId('show-events'));
  // The focus is in the filter, which has no text, so Esc closes the face and not the selection.
  await page.user.keyboard('{Escape}');
  expect([openFaces(), screen.queryByTestId('server-panel') !== null]).toEqual([[], true]);
});

test('key /: face closed or open → the filter of events has the focus', async () => {
  const page = renderDashboard();
  await page.lead();
  await page.user.keyboard('/');
  expect(document.activeElement).toBe(screen.getByTestId('events-filter'));
  await page.user.click(screen.getByTestId('face-events'));
  expect(document.activeElement).not.toBe(screen.getByTestId('events-filter'));
  await page.user.keyboard('/');
  expect([openFaces(), document.activeElement]).toEqual([['events'], screen.getByTestId('events-filter')]);
});

test('key A: pressed → the commands; pressed again → the selection', async () => {
  const page = renderDashboard();
  await page.user.keyboard('a');
  expect(openFaces()).toEqual([]);
  await page.lead();
  await page.user.keyboard('a');
  expect(openFaces()).toEqual(['asked']);
  await page.user.keyboard('a');
  expect(openFaces()).toEqual([]);
});

test('newest events: a line clicked → the face of events, and no stop of the Tab key', async () => {
  const page = renderDashboard();
  await page.lead();
  const line = screen.getByTestId('events-recent').querySelector('button');
  expect(line?.tabIndex).toBe(-1);
  if (line !== null) await page.user.click(line);
  expect(openFaces()).toEqual(['events']);
});

test('faces: no open run → no words', () => {
  renderDashboard();
  expect(screen.queryByTestId('show-events')).toBeNull();
});
