// @vitest-environment happy-dom
/** axe finds no violation on any screen. Contrast is tested in a real browser, because it needs layout. */
import { act, screen } from '@testing-library/react';
import axe from 'axe-core';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { SERVER_TABS } from '../../src/renderer/servers/server-tabs.ts';
import { TRANSLATIONS } from '../../src/translations/index.ts';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

// These tests render the whole page many times, perhaps on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);
// axe sets a global variable when it is loaded. This file uses only its import.
afterAll(() => Reflect.deleteProperty(globalThis, 'axe'));

async function expectNothingSerious(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 200))])).toEqual([]);
}

test('axe: nothing open → no violation', async () => {
  renderDashboard();
  await expectNothingSerious();
});

test('axe: healthy cluster, server selected, a face open → no violation', async () => {
  const page = renderDashboard();
  const leader = await page.lead();
  await page.user.click(screen.getByTestId('command-input'));
  await page.user.keyboard('set x 5{Enter}');
  await page.advance(2500);
  await expectNothingSerious();
  await page.user.click(screen.getByTestId(`server-${leader}`));
  const tabs = Object.keys(SERVER_TABS) as (keyof typeof SERVER_TABS)[];
  for (const tab of tabs) {
    await page.user.click(screen.getByRole('tab', { name: TRANSLATIONS.en.serverTab[tab] }));
    await page.advance(200);
    expect(screen.getByRole('tabpanel').textContent, tab).not.toBe('');
    await expectNothingSerious();
  }
  await page.user.click(screen.getByTestId('show-events'));
  await page.advance(800);
  await expectNothingSerious();
  await page.user.click(screen.getByTestId('show-asked'));
  await page.advance(300);
  await page.user.click(screen.getByText('set x 5'));
  await expectNothingSerious();
});

test('axe: faults, dead server, toast, dialog, Chinese → no violation', async () => {
  const page = renderDashboard({ language: 'zh-CN' });
  const leader = await page.lead();
  await act(() => page.lab.door.ask('cutOff', { servers: ['S1', 'S2'] }));
  await page.user.click(screen.getByTestId(`kill-${leader}`));
  await page.advance(100);
  await expectNothingSerious();
  await page.user.click(screen.getByTestId('link-S1-S3'));
  await expectNothingSerious();
  await page.user.click(screen.getByTestId('help'));
  await page.advance(100);
  await expectNothingSerious();
});
