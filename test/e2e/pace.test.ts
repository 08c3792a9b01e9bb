/** Changing the pace slows the running cluster. The test counts heartbeats by time, so this file runs alone. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { type Dashboard, dashboardOf, type ExportedEvent } from './dashboard.ts';
import { type Host, startHost } from './host.ts';

let host: Host;
let browser: Browser;
let page: Page;
let dashboard: Dashboard;

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US', acceptDownloads: true });
  dashboard = dashboardOf(page);
  await page.goto(host.address);
  await dashboard.leader();
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

/** Empty AppendEntries that the leader sent each second, for each part of the trace with one pace. */
function heartbeatsPerSecond(
  events: readonly ExportedEvent[],
): readonly { readonly pace: unknown; readonly rate: number }[] {
  const turns = events.filter(({ event }) => event === 'PaceChanged');
  return turns.map((turn, place) => {
    const untilUs = turns[place + 1]?.timeUs ?? events.at(-1)?.timeUs ?? 0;
    const sent = events.filter(
      ({ event, timeUs, rpc, kind, last }) =>
        event === 'MessageSent' &&
        rpc === 'AppendEntries' &&
        kind === 'request' &&
        last === undefined &&
        timeUs > turn.timeUs &&
        timeUs <= untilUs,
    );
    return { pace: turn.pace, rate: sent.length / ((untilUs - turn.timeUs) / 1_000_000) };
  });
}

/** Waits until this number of messages was sent after the last change of pace, as the export tells. */
async function untilMessages(count: number): Promise<void> {
  const sent = async (): Promise<number> => {
    const events = await dashboard.exported();
    const since = events.findLast(({ event }) => event === 'PaceChanged')?.timeUs ?? 0;
    return events.filter(({ event, timeUs }) => event === 'MessageSent' && timeUs > since).length;
  };
  await expect.poll(sent, { timeout: 30_000, interval: 500 }).toBeGreaterThanOrEqual(count);
}

test('pace: changed while the cluster runs → heartbeats follow; changed back → as before', async () => {
  const setPace = async (name: RegExp, shown: string): Promise<void> => {
    await dashboard.choose('pace', name);
    await page.getByTestId('pace').filter({ hasText: shown }).waitFor();
    await dashboard.storyFits(new RegExp(`Pace: ${shown}\\.`));
  };
  await setPace(/^real time/, 'real time');
  await dashboard.leader();
  await untilMessages(400);
  await setPace(/^classroom/, 'classroom');
  await dashboard.leader();
  await untilMessages(60);
  const [real, classroom] = heartbeatsPerSecond(await dashboard.exported());
  expect([real?.pace, classroom?.pace]).toEqual(['real', 'classroom']);
  // Heartbeats come every 50 ms or every 500 ms. Half of this factor of ten allows for a busy machine.
  expect((real?.rate ?? 0) / (classroom?.rate ?? 1)).toBeGreaterThan(5);
  expect(classroom?.rate).toBeLessThan(16);
  // A slower pace is no fault: no chip is shown, and the leader keeps its lead.
  expect(await page.getByTestId('fault-chip').count()).toBe(0);
});
