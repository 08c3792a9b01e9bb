// @vitest-environment happy-dom
/** The face *why?* on the whole page: asked by key, followed along the evidence, closed. */
import { act, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

// These tests render the whole page, perhaps on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

const says = (): string => screen.getByTestId('why-reason').querySelector('.why-says')?.textContent ?? '';

test('key W: newest sentence told → its reason; Esc → the face closes', async () => {
  const page = renderDashboard();
  const leader = await page.lead();
  page.story();
  await page.user.keyboard('w');
  await page.advance(100);
  expect(says()).toMatch(new RegExp(`voted for ${leader} in term 1: 3 of 5, and a majority is 3`));
  expect(screen.getByTestId('why-reason').textContent).toContain('Rule E2, paper §5.2');
  await page.user.keyboard('{Escape}');
  expect(screen.queryByTestId('face-why')).toBeNull();
});

test('key W with the focus on an older sentence → the reason of that sentence', async () => {
  const page = renderDashboard();
  const leader = await page.lead();
  act(() => page.lab.killFromOutside(leader));
  await page.advance(100);
  page.story();
  const older = screen.getAllByTestId('story-line').find((line, at) => at > 0 && line.querySelector('[role=button]'));
  older?.querySelector<HTMLElement>('[role=button]')?.focus();
  await page.user.keyboard('w');
  expect(older).toBeDefined();
  expect(page.dashboard.store.getState().whyAsked).toEqual([{ seq: Number(older?.dataset.seq) }]);
});

test('key W with the focus on a row of the events → the reason of that event', async () => {
  const page = renderDashboard();
  await page.lead();
  await page.user.keyboard('/');
  await page.advance(1000);
  const row = screen.getByTestId('face-events').querySelector<HTMLElement>('.event-row');
  row?.querySelector('button')?.focus();
  await page.user.keyboard('w');
  expect(row).not.toBeNull();
  expect(page.dashboard.store.getState().whyAsked).toEqual([{ seq: Number(row?.dataset.seq), of: 'event' }]);
});

test('key W while the page still tells an earlier sentence → the reason of that sentence', async () => {
  const page = renderDashboard();
  await page.lead();
  const [told] = screen.getAllByTestId('story-line');
  expect(Number(told?.dataset.seq)).toBeLessThan(page.dashboard.store.getState().view?.story.at(-1)?.seq ?? 0);
  await page.user.keyboard('w');
  expect(page.dashboard.store.getState().whyAsked).toEqual([{ seq: Number(told?.dataset.seq) }]);
});

test('evidence: why? pressed → the reason of that event; Back → the first question', async () => {
  const page = renderDashboard();
  const leader = await page.lead();
  page.story();
  await page.user.keyboard('w');
  await page.advance(100);
  const stood = within(screen.getByTestId('face-why')).getByRole('button', { name: /^Why\? stands for election/ });
  await page.user.click(stood);
  await page.advance(100);
  expect(says()).toMatch(new RegExp(`^${leader} has heard no leader since it started`));
  await page.user.click(screen.getByTestId('why-back'));
  await page.advance(100);
  expect(says()).toContain(`voted for ${leader} in term 1`);
});

test('server selected: face of why open → the panel of the server takes its place', async () => {
  const page = renderDashboard();
  const leader = await page.lead();
  page.story();
  await page.user.keyboard('w');
  await page.advance(100);
  await page.user.click(screen.getByTestId(`server-${leader}`));
  expect(screen.queryByTestId('face-why')).toBeNull();
});

test('event of another run: not in the recording → said so', async () => {
  const page = renderDashboard();
  await page.lead();
  act(() => page.dashboard.store.setState({ face: 'why', whyAsked: [{ seq: 999_999 }] }));
  await page.advance(100);
  expect(screen.getByTestId('face-why').textContent).toContain('not in the recording any more');
});
