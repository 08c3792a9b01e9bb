// @vitest-environment happy-dom
/** The face of events: what a row selects, which rows are bold, and honest counts. */
import { act, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { emptyView, type TraceEvent } from '../../src/core/trace/index.ts';
import { subjectOf } from '../../src/renderer/events/event-subject.ts';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

// These tests render the whole page many times, perhaps on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

const rows = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>('.event-row')];
const textOf = (row: HTMLElement | undefined): string => row?.querySelector('.event-text')?.textContent ?? '';

test('events: a kill → the newest row on top, bold; clicked → its server, beside the list', async () => {
  const page = renderDashboard();
  const leader = await page.lead();
  await act(() => page.lab.door.ask('kill', { servers: [leader], signal: 'SIGKILL' }));
  await page.advance(100);
  await page.user.click(screen.getByTestId('show-events'));
  await vi.waitFor(() => expect(rows().length).toBeGreaterThan(3), { timeout: 5000 });
  const times = rows().map((row) => row.querySelector('.event-time')?.textContent ?? '');
  expect(times).toEqual(times.toSorted().reverse());
  const killed = rows().find((row) => textOf(row).startsWith(`SIGKILL to ${leader}`));
  expect(killed?.dataset.marked).toBe('true');
  expect(rows().find((row) => textOf(row).includes('votes'))?.dataset.marked).not.toBe('true');
  const button = killed?.querySelector('button');
  if (button !== null && button !== undefined) await page.user.click(button);
  expect(page.dashboard.store.getState().selection).toEqual({ kind: 'server', server: leader });
  expect(screen.getByTestId('face-events')).toBeDefined();
});

test('events: filter by a server → the number of fitting events of all', async () => {
  const page = renderDashboard();
  const leader = await page.lead();
  await page.advance(500);
  await page.user.keyboard('/');
  const count = () => screen.queryByTestId('events-count')?.textContent ?? '';
  await vi.waitFor(() => expect(count()).toMatch(/^\d+ events$/), { timeout: 5000 });
  const all = Number.parseInt(count(), 10);
  await page.user.keyboard(`server:${leader}`);
  await vi.waitFor(() => expect(count()).toMatch(new RegExp(`^\\d+ of ${all}$`)), { timeout: 5000 });
  expect(Number.parseInt(count(), 10)).toBeLessThan(all);
  expect(Number.parseInt(count(), 10)).toBeGreaterThan(0);
});

const view = { ...emptyView, servers: { S1: { log: [{ term: 2, first: 1, last: 4 }] }, S2: { log: [] } } } as never;
const told = (source: string, event: object): TraceEvent =>
  ({ seq: 1, timeUs: 1, nseq: 1, life: 1, source, ...event }) as TraceEvent;

test.each([
  [
    told('S1', { event: 'CommitAdvanced', term: 2, from: 2, to: 3 }),
    { kind: 'entry', index: 3, term: 2, server: 'S1' },
  ],
  [told('S2', { event: 'CommitAdvanced', term: 2, from: 2, to: 3 }), { kind: 'server', server: 'S2' }],
  [
    told('C1', { event: 'CommandDone', index: 4, term: 2, server: 'S1' }),
    { kind: 'entry', index: 4, term: 2, server: 'S1' },
  ],
  [told('network', { event: 'MessageSent', link: 'S2>S1' }), { kind: 'link', a: 'S1', b: 'S2' }],
  [told('network', { event: 'MessageSent', link: 'C1>S2' }), { kind: 'server', server: 'S2' }],
  [told('lab', { event: 'ServerExited', server: 'S2' }), { kind: 'server', server: 'S2' }],
  [told('lab', { event: 'FaultBegan', servers: ['S1', 'S2'] }), { kind: 'server', server: 'S1' }],
  [told('C1', { event: 'CommandSent', to: 'S1' }), { kind: 'server', server: 'S1' }],
  [told('lab', { event: 'RunStarted' }), null],
  [told('lab', { event: 'ServerExited', server: 'S9' }), null],
] as const)('subject: event %# → the thing to select', (event, subject) => {
  expect(subjectOf(event, view)).toEqual(subject);
});
