// @vitest-environment happy-dom
/** Links of a group that is cut off: the wall stands for them. */
import { act, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

test('links: group cut off → wall without bars; one link cut by itself → bars', async () => {
  const page = renderDashboard();
  await page.lead();
  await act(() => page.dashboard.actions.cutOff(['S1', 'S2']));
  await act(() => page.dashboard.actions.setLinks(['S4>S5', 'S5>S4'], { mode: 'cut' }));
  await page.advance(50);
  const walled = screen.getByTestId('link-S1-S3');
  expect(walled.querySelector('.lane-stopped')).toBeNull();
  expect(walled.getAttribute('aria-label')).toBe('Link S1 – S3, cut');
  expect(screen.getByTestId('link-S4-S5').querySelectorAll('.lane-stopped')).toHaveLength(2);
});
