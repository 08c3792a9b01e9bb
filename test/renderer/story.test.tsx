// @vitest-environment happy-dom
/** The story below the ring: its sentences, their subjects, its delay, the live region. */
import { act, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { leaveDashboards, type OnScreen, renderDashboard } from './render-dashboard.tsx';

afterEach(leaveDashboards);

const lines = () => screen.getAllByTestId('story-line').map(({ textContent }) => textContent ?? '');

/** Kills two followers, so that two sentences come at once. */
async function killTwo(page: OnScreen): Promise<readonly string[]> {
  const leader = page.lab.view().leader?.server ?? '';
  const victims = Object.keys(page.lab.view().servers)
    .filter((id) => id !== leader)
    .slice(0, 2);
  page.story();
  act(() => {
    for (const id of victims) page.lab.killFromOutside(id);
  });
  await page.advance(100);
  return victims;
}

test('story: two deaths at once → one sentence stands, the other waits until it is skipped', async () => {
  const page = renderDashboard();
  await page.lead();
  const [first = '', second = ''] = await killTwo(page);
  // The sentence that was on top has not stood for its time yet, so both wait.
  expect(lines().join()).not.toContain(`${second} died`);
  const said = page.story();
  expect(said[0]).toContain(`${second} died`);
  expect(said[1]).toContain(`${first} died`);
  expect(screen.queryByTestId('story-skip')).toBeNull();
});

test('story: click and Enter on a sentence → select its server', async () => {
  const page = renderDashboard();
  await page.lead();
  const [first = '', second = ''] = await killTwo(page);
  page.story();
  const [newest, older] = screen
    .getAllByTestId('story')
    .flatMap((block) => [...block.querySelectorAll('[role=button]')]);
  await page.user.click(newest as HTMLElement);
  expect(page.dashboard.store.getState().selection).toEqual({ kind: 'server', server: second });
  (older as HTMLElement).focus();
  await page.user.keyboard('{Enter}');
  expect(page.dashboard.store.getState().selection).toEqual({ kind: 'server', server: first });
});

test('story: why? behind a sentence → opens its reason as a face of the side', async () => {
  const page = renderDashboard();
  await page.lead();
  page.story();
  const [line] = screen.getAllByTestId('story-line');
  await page.user.click(within(line as HTMLElement).getByTestId('why'));
  expect(page.dashboard.store.getState().face).toBe('why');
  expect(page.dashboard.store.getState().whyAsked.at(-1)?.seq).toBe(Number(line?.dataset.seq));
});

test('story: click on a commit → selects its entry', async () => {
  const page = renderDashboard();
  const leader = await page.lead();
  page.story();
  void page.dashboard.actions.submit({ op: 'set', key: 'x', value: '5' });
  await page.advanceUntil((view) => view.commitIndex === 1);
  page.story();
  await page.user.click(screen.getByRole('button', { name: /^set x 5 is (committed|done) at index 1/i }));
  expect(page.dashboard.store.getState().selection).toMatchObject({ kind: 'entry', index: 1, server: leader });
});

test('story: behind the events → says by how much; skip → tells the rest', async () => {
  const page = renderDashboard();
  await page.lead();
  await killTwo(page);
  expect(page.dashboard.store.getState().told.behindSeconds).toBe(0);
  const skip = await screen.findByTestId('story-skip', {}, { timeout: 8000 });
  expect(skip.parentElement?.textContent).toMatch(/^told [1-7] s later · skip$/);
  await page.user.click(skip);
  expect(screen.queryByTestId('story-skip')).toBeNull();
});

test('story: paused picture → newest sentences at once; resumed → no queue', async () => {
  const page = renderDashboard();
  await page.lead();
  const [, second = ''] = await killTwo(page);
  await page.user.keyboard(' ');
  expect(lines()[0]).toContain(`${second} died`);
  await page.user.keyboard(' ');
  expect(lines()[0]).toContain(`${second} died`);
});

test('story: recording opened → its newest four sentences stand', async () => {
  const page = renderDashboard();
  await page.lead();
  await act(() => page.dashboard.actions.openRun('earlier'));
  await page.advance(20);
  const story = page.dashboard.store.getState().view?.story ?? [];
  expect(story.length).toBeGreaterThan(0);
  const shown = screen.getAllByTestId('story-line').map(({ dataset }) => Number(dataset.seq));
  expect(shown[0]).toBe(story.at(-1)?.seq);
});

test('live region: each sentence on top → announced once, politely', async () => {
  const page = renderDashboard();
  await page.lead();
  await killTwo(page);
  const live = screen.getByTestId('live');
  expect(live.getAttribute('aria-live')).toBe('polite');
  const heard: string[] = [];
  const observer = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) heard.push(node.textContent ?? '');
  });
  observer.observe(live, { childList: true });
  const said = page.story();
  await page.advance(200);
  observer.disconnect();
  expect(heard).toEqual([said[0]]);
});
