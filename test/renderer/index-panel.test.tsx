// @vitest-environment happy-dom
/** The panel of an index, opened from the log grid. */
import { screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

// The test renders the whole page, perhaps on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

test('log cell: clicked → the life of its index: proposed, on disks, committed, applied', async () => {
  const page = renderDashboard();
  const leader = await page.lead();
  await page.user.click(screen.getByTestId('command-input'));
  await page.user.keyboard('append log "a b"{Enter}');
  await page.advance(2500);
  const [cell] = within(screen.getByTestId(`log-row-${leader}`)).getAllByRole('gridcell');
  await page.user.click(cell as HTMLElement);
  const lines = (await screen.findByTestId('life-lines')).textContent;
  expect(screen.getByTestId('entry-panel').textContent).toContain('Index 11 entry stood here');
  // The lab in one thread proposes commands without a session, so nothing names their client.
  expect(lines).toContain(`log+=a b: ${leader} wrote it first, in term`);
  expect(lines).toMatch(/On the disks of S1 S2 S3 S4 S5, the last at 0:0\d\.\d/);
  expect(lines).toMatch(new RegExp(`Committed: ${leader} counted [345] of 5 disks`));
  expect(lines).toContain('Applied by S1');
});

test('axis of an index: moments of one second → each time stands once', async () => {
  const page = renderDashboard();
  const leader = await page.lead();
  for (const command of ['set x 1', 'set x 2', 'set x 3']) {
    await page.user.click(screen.getByTestId('command-input'));
    await page.user.keyboard(`${command}{Enter}`);
    await page.advance(350);
  }
  for (const cell of within(screen.getByTestId(`log-row-${leader}`)).getAllByRole('gridcell')) {
    await page.user.click(cell);
    await screen.findByTestId('life-lines');
    const times = [...document.querySelectorAll('.life-times span')].map(({ textContent }) => textContent);
    expect(times).not.toEqual([]);
    expect(times).toEqual([...new Set(times)]);
  }
});
