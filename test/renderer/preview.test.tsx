// @vitest-environment happy-dom
/** The states of the preview: each can be reached and shows its own sign. */
import { act } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { STATES, type State } from './preview/states.ts';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

afterEach(leaveDashboards);

test.each(Object.entries<State>(STATES))('preview: state %s → its sign is on the page', async (_name, state) => {
  const page = renderDashboard();
  await page.lead();
  expect(document.querySelector(state.sign)).toBeNull();
  await act(async () => state.make({ lab: page.lab, actions: page.dashboard.actions }));
  await page.advance(20);
  expect(document.querySelector(state.sign)).not.toBeNull();
});
