// @vitest-environment happy-dom
/** *Try this* played by its own buttons ends with an entry that a minority really dropped. */
import { screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { TryStep } from '../../src/core/trace/index.ts';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

// The test renders the whole page many times, perhaps on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

test('try this: every button pressed in turn → last line says who dropped which command', async () => {
  const page = renderDashboard();
  await page.lead();
  const isDone = (step: TryStep): boolean => screen.getByTestId(`try-${step}`).dataset.done === 'true';
  const press = async (step: TryStep, name: RegExp): Promise<void> => {
    await page.user.click(within(screen.getByTestId(`try-${step}`)).getByRole('button', { name }));
    await page.advance(100);
  };
  await press('submit', /^Submit$/);
  await page.advanceUntil((view) => view.tryThis.submit !== null);
  await press('kill-leader', /^Kill S\d$/);
  await press('restart', /^Restart S\d$/);
  await page.advanceUntil((view) => view.tryThis.restart !== null && view.leader !== null);
  await press('minority', /^Cut S\d S\d off$/);
  const old = page.lab.view().leader?.server ?? '';
  await press('minority', new RegExp(`^Send set lost 1 to ${old}$`));
  await page.advanceUntil((view) => view.tryThis.minority !== null && view.leader?.server !== old);
  expect(isDone('drop')).toBe(false);
  await press('drop', /^Submit set kept 1 to the others$/);
  await page.advance(3_000);
  await press('drop', /^Heal$/);
  await page.advanceUntil((view) => view.stranded?.droppedBy.length === 2);
  expect(screen.getByTestId('try-drop').textContent).toMatch(/S\d and S\d dropped lost=1$/);
  await page.user.click(screen.getByTestId('language'));
  expect(screen.getByTestId('try-drop').textContent).toMatch(/S\d和S\d丢弃了 lost=1$/);
});
