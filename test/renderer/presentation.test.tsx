// @vitest-environment happy-dom
/** Presentation: its key, its button, the faces that take the place of the logs, and Esc. */
import { act, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

afterEach(leaveDashboards);

const isPresented = () => document.querySelector('[data-presenting=true].app') !== null;
const hasLogs = () => document.querySelector('.logs') !== null;

test('presentation: B, then B → on for page and document, then off', async () => {
  const page = renderDashboard();
  await page.lead();
  await page.user.keyboard('b');
  expect(isPresented()).toBe(true);
  expect(document.documentElement.dataset.presenting).toBe('true');
  expect(screen.getByTestId('present').getAttribute('aria-pressed')).toBe('true');
  await page.user.keyboard('b');
  expect(isPresented()).toBe(false);
  expect(document.documentElement.dataset.presenting).toBeUndefined();
});

test('presentation: Esc → ends before it clears the selection', async () => {
  const page = renderDashboard();
  await page.lead();
  await page.user.keyboard('1');
  await page.user.click(screen.getByTestId('present'));
  expect(isPresented()).toBe(true);
  await page.user.keyboard('{Escape}');
  expect(isPresented()).toBe(false);
  expect(page.dashboard.store.getState().selection).toEqual({ kind: 'server', server: 'S1' });
});

test.each([
  ['w', 'face-why'],
  ['/', 'face-events'],
  ['a', 'face-asked'],
  ['g', 'face-graphs'],
])('presentation: key %s → its face in place of the logs, until Esc', async (key, face) => {
  const page = renderDashboard();
  await page.lead();
  await page.user.keyboard('b');
  expect(hasLogs()).toBe(true);
  await page.user.keyboard(key);
  expect(screen.queryByTestId(face)).not.toBeNull();
  expect(hasLogs()).toBe(false);
  await page.user.keyboard('{Escape}');
  expect(screen.queryByTestId(face)).toBeNull();
  expect(hasLogs()).toBe(true);
  expect(isPresented()).toBe(true);
  await page.user.keyboard('{Escape}');
  expect(isPresented()).toBe(false);
});

test('presentation: entry selected → its life in place of the logs, until Esc', async () => {
  const page = renderDashboard();
  const server = await page.lead();
  await page.user.keyboard('b');
  act(() => page.dashboard.actions.select({ kind: 'entry', index: 1, term: 1, server }));
  expect(screen.queryByTestId('entry-panel')).not.toBeNull();
  expect(hasLogs()).toBe(false);
  await page.user.keyboard('{Escape}');
  expect(screen.queryByTestId('entry-panel')).toBeNull();
  expect(hasLogs()).toBe(true);
  expect(isPresented()).toBe(true);
});

test('presentation: server selected → the logs stay', async () => {
  const page = renderDashboard();
  await page.lead();
  await page.user.keyboard('b1');
  expect(hasLogs()).toBe(true);
  expect(screen.queryByTestId('server-panel')).toBeNull();
});
