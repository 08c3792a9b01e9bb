// @vitest-environment happy-dom
/** Presentation: its key, its button and Esc. */
import { screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

afterEach(leaveDashboards);

const isPresented = () => document.querySelector('[data-presenting=true].app') !== null;

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
