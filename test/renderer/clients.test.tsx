// @vitest-environment happy-dom
/** The clients' hexagon: absent without a client, then its command and one sentence, in both languages. */
import { screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { clientsText } from '../../src/renderer/stage/clients.tsx';
import { createTranslations } from '../../src/renderer/texts/translations.ts';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

const set = { operation: 'C1.1.op1', command: 'set z 9' };
const one = { ids: ['C1'], hasMore: false, cutFrom: [], waiting: [] };

test.each([
  [one, 'Client C1, no command is waiting', '客户端 C1, 没有命令在等待'],
  [{ ...one, waiting: [set] }, 'Client C1, set z 9 is waiting for its answer', '客户端 C1, set z 9 正在等待应答'],
  [
    { ...one, ids: ['C1', 'C2', 'C3'], waiting: [set, set], cutFrom: ['S10', 'S2'] },
    '3 clients, 2 commands are waiting, cut off from S2 S10',
    '3 个客户端, 2 条命令在等待, 与 S2 S10 的连接已切断',
  ],
  [{ ...one, hasMore: true }, 'More than 1 client, no command is waiting', '1 个以上的客户端, 没有命令在等待'],
] as const)('clients: case %# → one sentence in both languages', (clients, english, chinese) => {
  const texts = (['en', 'zh-CN'] as const).map((language) => clientsText(createTranslations(language).t, clients));
  expect(texts).toEqual([english, chinese]);
});

test('clients: none has asked → absent; command sent → hexagon and the command, until its answer', async () => {
  const page = renderDashboard();
  await page.lead();
  expect(screen.queryByTestId('clients')).toBeNull();
  void page.dashboard.actions.submit({ op: 'set', key: 'z', value: '9' });
  await page.advance(100);
  const clients = screen.getByRole('img', { name: 'Client C1, set z 9 is waiting for its answer' });
  expect(clients.querySelector('text')?.textContent).toBe('C1');
  expect(clients.querySelector('.client-waits')?.textContent).toBe('set z 9 …');
  await page.advance(3000);
  expect(clients.getAttribute('aria-label')).toBe('Client C1, no command is waiting');
  expect(clients.querySelector('.client-waits')).toBeNull();
});
