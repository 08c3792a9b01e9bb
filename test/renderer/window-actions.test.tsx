// @vitest-environment happy-dom
/** The window's menu does the same as the page's own buttons: same requests, texts and choices. */
import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WindowAction, WindowBridge } from '../../src/core/lab-api/window-channels.ts';
import { leaveDashboards, type OnScreen, renderDashboard } from './render-dashboard.tsx';

const setTheme = vi.fn();
let actors: Set<(action: WindowAction) => void>;

beforeEach(() => {
  actors = new Set();
  setTheme.mockClear();
  const bridge: Partial<WindowBridge> = {
    setTheme,
    onAction(actor) {
      actors.add(actor);
      return () => void actors.delete(actor);
    },
  };
  Object.assign(window, { raftLab: bridge });
});

afterEach(() => {
  leaveDashboards();
  Object.assign(window, { raftLab: undefined });
  localStorage.clear();
});

async function choose(action: WindowAction): Promise<void> {
  await act(async () => {
    for (const actor of actors) actor(action);
  });
}

function watchAsks({ lab }: OnScreen) {
  return vi.spyOn(lab.door, 'ask');
}

test('kill the leader: a leader is shown → killed as by its button, toast offers a restart', async () => {
  const page = renderDashboard();
  const leader = await page.lead();
  const asks = watchAsks(page);
  await choose({ action: 'kill-leader' });
  expect(asks).toHaveBeenCalledWith('kill', { servers: [leader], signal: 'SIGKILL' });
  await waitFor(() => expect(screen.getByTestId('toast').textContent).toContain(`${leader} killed`));
});

test.each([
  ['en', 'No leader is elected now, so none was killed.'],
  ['zh-CN', '现在没有领袖，因此没有杀死任何服务器。'],
] as const)('kill the leader, %s: no leader → no request, and a message', async (language, says) => {
  const page = renderDashboard({ language });
  const asks = watchAsks(page);
  await choose({ action: 'kill-leader' });
  expect(asks).not.toHaveBeenCalled();
  expect(screen.getByTestId('toast').textContent).toContain(says);
});

test('runs and scenarios: each item → the request of the page’s own button', async () => {
  const page = renderDashboard();
  const asks = watchAsks(page).mockResolvedValue({ ok: false, error: { code: 'no-runs', params: {}, message: '' } });
  await choose({ action: 'open-run', runId: 'run-1' });
  await choose({ action: 'play-scenario', name: 'Tour' });
  await choose({ action: 'stop-scenario' });
  expect(asks.mock.calls.filter(([name]) => name !== 'events')).toEqual([
    ['openRun', { runId: 'run-1' }],
    ['playScenario', { name: 'Tour', seed: null }],
    ['stopScenario', {}],
  ]);
});

test('opened file: its text → played like a dropped file; an error → shown on the page', async () => {
  const page = renderDashboard();
  await choose({ action: 'play-file', file: 'own.yaml', text: 'name: Own' });
  expect(page.lab.asked.findLast(({ name }) => name === 'playScenarioFile')?.ask).toEqual({
    file: 'own.yaml',
    text: 'name: Own',
    seed: null,
  });
  const error = { code: 'cannot-read', params: { path: '/a/b.yaml', errno: 'EACCES' }, message: '' } as const;
  await choose({ action: 'show-file-error', error });
  expect((await screen.findByTestId('banner-file')).textContent).toContain('/a/b.yaml cannot be read (EACCES).');
});

test('export: a run is open → saved through the door, and the confirmation offers its folder', async () => {
  const page = renderDashboard();
  await page.lead();
  const showExported = vi.fn();
  Object.assign(page.lab.door, {
    exportRun: async () => ({ ok: true, value: { savedAs: '/home/me/r.jsonl' } }),
    showExported,
  });
  await choose({ action: 'export-run' });
  expect(screen.getByTestId('toast').textContent).toContain('Run saved: /home/me/r.jsonl');
  await page.user.click(screen.getByRole('button', { name: 'Show in folder' }));
  expect(showExported).toHaveBeenCalledOnce();
});

test('export: downloaded by a browser → no folder is offered', async () => {
  const page = renderDashboard();
  await page.lead();
  Object.assign(page.lab.door, { exportRun: async () => ({ ok: true, value: { savedAs: null } }) });
  await choose({ action: 'export-run' });
  await waitFor(() => expect(screen.getByTestId('toast')).toBeTruthy());
  expect(screen.queryByRole('button', { name: 'Show in folder' })).toBeNull();
});

test.each(['new-run', 'runs', 'scenarios'] as const)('dialog %s: chosen → open', async (dialog) => {
  const page = renderDashboard();
  await choose({ action: 'show-dialog', dialog });
  expect(page.dashboard.store.getState().dialog).toBe(dialog);
});

test('language and theme: chosen → page changes, saves them, and reports to the window', async () => {
  renderDashboard();
  await choose({ action: 'set-language', language: 'zh-CN' });
  expect(await screen.findByText('运行')).toBeTruthy();
  expect(localStorage.getItem('raft-lab.language')).toBe('zh-CN');
  await choose({ action: 'set-theme', theme: 'dark' });
  await choose({ action: 'set-theme', theme: 'system' });
  expect(setTheme.mock.calls.slice(-2)).toEqual([['dark'], ['system']]);
});

test('page: closed → no longer listens to the menu', () => {
  renderDashboard();
  expect(actors.size).toBe(1);
  leaveDashboards();
  expect(actors.size).toBe(0);
});
