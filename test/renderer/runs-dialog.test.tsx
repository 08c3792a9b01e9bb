// @vitest-environment happy-dom
/** The dialog of recordings: list, filter, names, deletion; and the question before a live run is closed. */
import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import type { RunSummary } from '../../src/core/lab-api/index.ts';
import { settings } from '../core/trace/story.ts';
import { leaveDashboards, type OnScreen, renderDashboard } from './render-dashboard.tsx';

afterEach(leaveDashboards);

function run(at: number, more: Partial<RunSummary> = {}): RunSummary {
  const runId = `2026-11-30T10-00-00-${at.toString(16).padStart(4, '0')}`;
  return {
    runId,
    startedAt: '2026-11-30T10:00:00Z',
    settings,
    bytes: 1_000,
    live: false,
    ok: true,
    problem: '',
    title: '',
    note: '',
    scenario: null,
    verdict: 'valid',
    isUnfinished: false,
    ...more,
  };
}

async function listing(runs: readonly RunSummary[], language: 'en' | 'zh-CN' = 'en'): Promise<OnScreen> {
  const page = renderDashboard({ language });
  await page.lead();
  page.lab.answerNext('listRuns', runs);
  act(() => page.dashboard.actions.setDialog('runs'));
  await screen.findByTestId('runs-count');
  return page;
}

const requests = (page: OnScreen, wanted: string): readonly unknown[] =>
  page.lab.asked.filter(({ name }) => name === wanted).map(({ ask }) => ask);
const rows = (): readonly string[] => [...document.querySelectorAll('.run-row')].map((row) => row.textContent ?? '');

describe('list of recordings', { timeout: 30_000 }, () => {
  test('list of runs: verdict of each run → shown; only a violation or damage → red', async () => {
    await listing([
      run(1, { title: 'for the talk', note: 'leader dies twice', scenario: 'Tour' }),
      run(2, { verdict: 'violated' }),
      run(3, { verdict: 'damaged', ok: false, problem: 'manifest.json is missing' }),
      run(4, { verdict: 'incomplete', isUnfinished: true }),
      run(5, { live: true, verdict: 'not-judged' }),
    ]);
    const [named, violated, damaged, unfinished, live] = rows();
    expect(named).toMatch(/for the talk.*0001.*Tour · 5 servers · 1\.0 kB · valid.*leader dies twice/);
    expect([violated, damaged]).toEqual([
      expect.stringContaining('violated'),
      expect.stringContaining('manifest.json'),
    ]);
    expect(unfinished).toContain('Nothing was recorded');
    expect(live).toContain('running now');
    const red = [...document.querySelectorAll('.run-row .problem')].map((one) => one.textContent);
    expect(red).toEqual(['violated', 'damaged · manifest.json is missing']);
  });

  test('list of runs: damaged or incomplete recording → line and byte; only damage is red', async () => {
    const flaw = { line: 7, offset: 812, params: {} } as const;
    const both: readonly RunSummary[] = [
      run(1, { verdict: 'damaged', flaw: { ...flaw, kind: 'checksum-missing' } }),
      run(2, { verdict: 'incomplete', flaw: { ...flaw, kind: 'no-end' } }),
    ];
    const english = await listing(both);
    expect(rows()[0]).toMatch(/damaged.*line 7, byte 812: the line does not end in a checksum/);
    expect(rows()[1]).toMatch(/incomplete.*line 7, byte 812: the recording ends here/);
    const red = [...document.querySelectorAll('.run-row .problem')].map((one) => one.closest('.run-row')?.textContent);
    expect(red).toEqual([rows()[0]]);
    english.leave();
    await listing(both, 'zh-CN');
    expect(rows()[0]).toContain('第 7 行，字节 812：这一行末尾没有校验和');
  });

  test('list of runs: 10,000 runs → few rows are drawn, and the filter finds one run', async () => {
    const page = await listing(
      Array.from({ length: 10_000 }, (_, at) => run(at, at === 7_777 ? { title: 'Leader lost' } : {})),
    );
    expect(rows().length).toBeLessThan(100);
    expect(screen.getByTestId('runs-count').textContent).toBe('10000 recordings');
    await page.user.click(screen.getByTestId('runs-filter'));
    await page.user.paste('LEADER LOST');
    await waitFor(() => expect(rows()).toEqual([expect.stringContaining('Leader lost')]), { timeout: 5000 });
    expect(screen.getByTestId('runs-count').textContent).toBe('1 of 10000');
  });

  test('list of runs: filter by a verdict in the page’s language → only runs with it', async () => {
    const page = await listing([run(1), run(2, { verdict: 'violated' })], 'zh-CN');
    await page.user.type(screen.getByTestId('runs-filter'), '违反');
    await waitFor(() => expect(rows()).toEqual([expect.stringContaining('0002')]));
  });

  test('list of runs: name and note saved → sent to the lab, and the list is reloaded', async () => {
    const page = await listing([run(1)]);
    const { runId } = run(1);
    await page.user.click(screen.getByTestId(`edit-${runId}`));
    await page.user.type(screen.getByTestId(`title-${runId}`), ' For the talk ');
    await page.user.type(screen.getByTestId(`note-${runId}`), 'why');
    page.lab.answerNext('listRuns', [run(1, { title: 'For the talk', note: 'why' })]);
    await page.user.click(screen.getByTestId(`save-${runId}`));
    await waitFor(() => expect(rows()).toEqual([expect.stringMatching(/^For the talk.*why/)]));
    expect(requests(page, 'labelRun')).toEqual([{ runId, title: 'For the talk', note: 'why' }]);
  });

  test('list of runs: one deleted, list reloaded → counted as deleted only once', async () => {
    const page = await listing([run(1), run(2), run(3)]);
    const button = screen.getByTestId(`delete-${run(3).runId}`);
    await page.user.click(button);
    page.lab.answerNext('deleteRun', {});
    await page.user.click(button);
    await waitFor(() => expect(screen.getByTestId('runs-count').textContent).toBe('2 recordings'));
    await page.user.click(screen.getByTestId(`edit-${run(1).runId}`));
    page.lab.answerNext('listRuns', [run(1), run(2)]);
    await page.user.click(screen.getByTestId(`save-${run(1).runId}`));
    await waitFor(() => expect(requests(page, 'listRuns').length).toBe(2));
    await waitFor(() => expect(rows().length).toBe(2));
    expect(screen.getByTestId('runs-count').textContent).toBe('2 recordings');
  });

  test('keep the newest: first press → number and size; confirmation → deleted', async () => {
    const page = await listing([run(1), run(2)]);
    await page.user.clear(screen.getByTestId('keep-newest'));
    await page.user.type(screen.getByTestId('keep-newest'), '5');
    const newest = Number((screen.getByTestId('keep-newest') as HTMLInputElement).value);
    page.lab.answerNext('keepRuns', { count: 2, bytes: 3_000_000, first: run(2).runId, isDone: false });
    await page.user.click(screen.getByTestId('keep-look'));
    expect((await screen.findByTestId('keep-found')).textContent).toBe('2 recordings would be deleted, 3.0 MB.');
    page.lab.answerNext('keepRuns', { count: 2, bytes: 3_000_000, first: run(2).runId, isDone: true });
    await page.user.click(screen.getByTestId('keep-delete'));
    await waitFor(() => expect(screen.getByTestId('keep-found').textContent).toBe('2 recordings deleted.'));
    const agreed = { count: 2, first: run(2).runId };
    expect(requests(page, 'keepRuns')).toEqual([{ newest }, { newest, agreed }]);
    await waitFor(() => expect(requests(page, 'listRuns').length).toBe(2));
  });
});

describe('question before a live run is closed', { timeout: 30_000 }, () => {
  const opens: readonly [string, (page: OnScreen) => Promise<unknown>][] = [
    ['createRun', ({ dashboard }) => dashboard.actions.createRun({})],
    ['continueRun', ({ dashboard }) => dashboard.actions.continueRun()],
    ['openRun', ({ dashboard }) => dashboard.actions.openRun('run-7')],
    ['playScenario', ({ dashboard }) => dashboard.actions.playScenario('Tour', null)],
    ['openRun', ({ dashboard }) => dashboard.actions.openRecording(new File(['{}'], 'exam.jsonl'))],
    ['openRun', ({ dashboard }) => dashboard.actions.openNamed()],
    ['playScenarioFile', ({ dashboard }) => dashboard.actions.playFile('own.yaml', 'name: Own')],
  ];

  test.for(opens)('%s: live run was used → asks first, and acts only after agreement', async ([name, open]) => {
    const page = renderDashboard();
    await page.lead();
    const inUse = { code: 'run-in-use', params: { runId: 'run-1' }, message: 'in use' } as const;
    page.lab.failNext(name as 'openRun', inUse);
    act(() => void open(page));
    await page.user.click(await screen.findByTestId('end-run-keep'));
    await waitFor(() => expect(screen.queryByTestId('end-run-keep')).toBeNull());
    expect(requests(page, name).length).toBe(1);
    page.lab.failNext(name as 'openRun', inUse);
    act(() => void open(page));
    expect((await screen.findByRole('dialog')).textContent).toContain('run-1');
    await page.user.click(screen.getByTestId('end-run-close'));
    await waitFor(() => expect(requests(page, name)).toHaveLength(3));
    expect(requests(page, name)[2]).toMatchObject({ endLive: true });
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
