// @vitest-environment happy-dom
/** The experiment of a new run and of the running cluster: its fields, its warnings and what they ask of the lab. */
import { screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { leaveDashboards, type OnScreen, renderDashboard } from './render-dashboard.tsx';

// These tests render the whole page, perhaps on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

async function type(page: OnScreen, name: string, text: string): Promise<void> {
  const input = screen.getByTestId(`timing-${name}`);
  await page.user.clear(input);
  await page.user.type(input, `${text}{Enter}`);
}

const warnings = (): readonly (string | undefined)[] =>
  [...screen.getByTestId('experiment-warnings').querySelectorAll('p')].map((one) => one.dataset.code);

test('new run: narrow range typed → ruler and warning say so, and Start sends it', async () => {
  const page = renderDashboard();
  await page.lead();
  await page.user.click(screen.getByTestId('runs'));
  await page.user.click(await screen.findByRole('menuitem', { name: 'New run…' }));
  expect([warnings(), screen.queryByTestId('timing-own')]).toEqual([[], null]);
  await type(page, 'electionMaxTicks', '1800');
  expect(warnings()).toEqual(['narrow-range']);
  expect(screen.getByTestId('experiment-warnings').textContent).toContain(
    'The range is only 300 ms wide, and a vote needs 400 ms to come back',
  );
  expect(screen.getByTestId('ruler').getAttribute('aria-label')).toContain('between 1500 and 1800 ms');
  await type(page, 'jitterTicks', '20');
  await page.user.clear(screen.getByTestId('new-run-seed'));
  await page.user.type(screen.getByTestId('new-run-seed'), '42');
  await page.user.click(screen.getByTestId('new-run-start'));
  expect(page.lab.asked.find(({ name }) => name === 'createRun')?.ask).toMatchObject({
    ...{ electionTicks: 15, electionMaxTicks: 18, jitterTicks: 0.2, seed: 42 },
  });
});

test('new run: timing typed, back to the pace’s own → no timing is sent', async () => {
  const page = renderDashboard();
  await page.lead();
  await page.dashboard.actions.setDialog('new-run');
  await screen.findByRole('dialog');
  await type(page, 'lossPercent', '50');
  expect(warnings()).toEqual(['high-loss']);
  await page.user.click(screen.getByTestId('timing-own'));
  expect(warnings()).toEqual([]);
  await page.user.click(screen.getByTestId('new-run-start'));
  expect(page.lab.asked.find(({ name }) => name === 'createRun')?.ask).not.toHaveProperty('lossPercent');
});

test('again, same seed: chosen for the open run → its seed, and what it repeats', async () => {
  const page = renderDashboard();
  await page.lead();
  await page.user.click(screen.getByTestId('runs'));
  await page.user.click(await screen.findByRole('menuitem', { name: 'Again, same seed…' }));
  const dialog = await screen.findByRole('dialog');
  expect((screen.getByTestId('new-run-seed') as HTMLInputElement).value).toBe(String(page.lab.view().settings?.seed));
  expect(dialog.textContent).toContain('It does not repeat the order in which processes run.');
  await page.user.click(screen.getByTestId('seed-another'));
  expect(dialog.textContent).not.toContain('It does not repeat');
});

test('running cluster: hop and timeouts changed → setTiming, and the view has them', async () => {
  const page = renderDashboard();
  await page.lead();
  await page.user.click(screen.getByTestId('pace'));
  await page.user.click(await screen.findByTestId('timing-open'));
  const dialog = await screen.findByRole('dialog');
  await type(page, 'hopTicks', '300');
  await page.user.click(within(dialog).getByTestId('timing-apply'));
  const asked = page.lab.asked.find(({ name }) => name === 'setTiming');
  expect(asked?.ask).toEqual({ electionTicks: 15, heartbeatTicks: 5, hopTicks: 3, paceHop: true });
  await page.advance(100);
  expect(page.lab.view().hopDelayMs).toBe(300);
});

test('pace menu: timing that works at real pace only → the others greyed, with the reason', async () => {
  const page = renderDashboard();
  await page.lead();
  page.lab.tell({ event: 'PaceChanged', pace: 'real', tickMs: 10, hopDelayMs: 0 });
  page.lab.tell({ event: 'TimingChanged', electionTicks: 4, electionMaxTicks: 7, heartbeatTicks: 1 });
  await page.advance(100);
  await page.user.click(screen.getByTestId('pace'));
  const classroom = await screen.findByRole('menuitem', { name: /^classroom/ });
  expect((classroom as HTMLButtonElement).disabled).toBe(true);
  expect(classroom.textContent).toContain('A vote needs 400 ms to come back');
  expect((screen.getByRole('menuitem', { name: /^real/ }) as HTMLButtonElement).disabled).toBe(false);
});
