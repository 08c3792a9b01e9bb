/**
 * The whole dashboard at many widths, zooms, cluster sizes, terms and values, in both languages. For every row of a
 * pairwise table the test opens each panel, dialog and list and measures its boxes. No box is cut off, covered or
 * outside the page.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dashboard } from '../../src/renderer/store/dashboard-context.ts';
import { TRANSLATIONS } from '../../src/translations/index.ts';
import { pairwiseRows } from '../helpers/pairs.ts';
import type { OneThreadLab } from '../renderer/one-thread-lab.ts';
import { lostBoxes } from './boxes.ts';
import { openBrowser } from './browser.ts';
import { buildPreview, type Preview } from './preview.ts';

/** Globals that preview/main.tsx leaves for scripts. */
type PreviewWindow = Window & { readonly lab: OneThreadLab; readonly dashboard: Dashboard };

/** Sizes of the window in device pixels. A zoom divides the size of the page by its factor. */
const ROWS = pairwiseRows({
  size: ['640 × 480', '800 × 600', '960 × 600', '1280 × 800', '1920 × 1080'],
  zoom: [100, 125, 150],
  servers: [1, 5, 9],
  term: [0, 1233],
  value: [3, 60_000],
  state: ['well', 'in trouble'],
  language: ['en', 'zh-CN'],
});

/** The first rows of a greedy table hold most of its pairs. `npm run test:long -- layout` plays all rows. */
const PLAYED = ROWS.slice(0, Number(process.env.RAFT_LAB_TEST_ROWS ?? 8));

let preview: Preview;
let browser: Browser;
let page: Page;
/** One page for each zoom, because the zoom of a page cannot change after its start. */
const pages = new Map<number, Page>();

beforeAll(async () => {
  [preview, browser] = await Promise.all([buildPreview(), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  preview?.remove();
});

async function newPage(zoom: number): Promise<Page> {
  const context = await browser.newContext({ deviceScaleFactor: zoom / 100, reducedMotion: 'reduce' });
  await preview.serveTo(context);
  const created = await context.newPage();
  pages.set(zoom, created);
  return created;
}

async function open({ size, zoom, servers, term, value, state, language }: (typeof ROWS)[number]): Promise<void> {
  const [width = 0, height = 0] = size.split(' × ').map((side) => Math.round((Number(side) * 100) / zoom));
  page = pages.get(zoom) ?? (await newPage(zoom));
  await page.setViewportSize({ width, height });
  await page.goto(preview.address({ manual: '', lang: language, servers, term }));
  await page.evaluate(() => (window as unknown as PreviewWindow).lab.advanceUntil((view) => view.leader !== null));
  await page.getByTestId('command-input').fill(`set key ${'x'.repeat(value)}`);
  await page.keyboard.press('Enter');
  await page.evaluate(() => (window as unknown as PreviewWindow).lab.advance(4000));
  if (state === 'in trouble') await page.evaluate(makeTrouble);
}

/** Runs in the page. Starts every kind of fault at once and shows broken properties, silence and errors of the lab. */
async function makeTrouble(): Promise<void> {
  const { lab, dashboard } = window as unknown as PreviewWindow;
  const { actions } = dashboard;
  const all = Object.keys(lab.view().servers);
  const leader = lab.view().leader?.server ?? '';
  const followers = all.filter((id) => id !== leader);
  for (const id of followers) lab.tellAs(id, { event: 'TicksLate', lateMs: 900, missed: 40 });
  await actions.toggleUnreliable();
  if (followers.length > 0) await actions.cutOff(followers.slice(0, 4));
  if (followers[4] !== undefined) await actions.toggleFreeze(followers[4]);
  await actions.toggleNemesis();
  if (followers[5] !== undefined) lab.killFromOutside(followers[5]);
  const params = { term: 1234, one: 'S1', other: 'S2' };
  lab.tell({ event: 'PropertyViolated', property: 'election-safety', rule: 'Figure 3, §5.2', params, proof: [] });
  lab.advance(100);
}

/** Runs in the page. Opens one of the things in `SHOWN`. */
async function show(what: string): Promise<void> {
  const { lab, dashboard } = window as unknown as PreviewWindow;
  const { actions } = dashboard;
  const [kind = '', which = ''] = what.split(' ');
  const ids = Object.keys(lab.view().servers);
  const last = ids.at(-1) ?? '';
  const { term = 0 } = lab.view().leader ?? Object.values(lab.view().servers)[0] ?? {};
  actions.setDialog('none');
  actions.select({ kind: 'none' });
  if (kind === 'tab') {
    actions.setServerTab(which as 'memory');
    actions.select({ kind: 'server', server: lab.view().leader?.server ?? last });
  }
  if (kind === 'entry') actions.select({ kind: 'entry', server: last, index: 1, term });
  if (kind === 'link' && ids.length > 1) actions.select({ kind: 'link', a: 'S1', b: last });
  if (kind === 'dialog') actions.setDialog(which as 'help');
  if (kind === 'runs') {
    const listed = await lab.door.ask('listRuns', {});
    const runs = listed.ok ? listed.value : [];
    lab.answerNext(
      'listRuns',
      Array.from({ length: 500 }, (_, at) => runs.map((run) => ({ ...run, runId: `${run.runId}${at}` }))).flat(),
    );
    actions.setDialog('runs');
  }
  if (kind === 'events') actions.showFace('events');
  const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
  for (let frames = 0; frames < 2; frames += 1) await frame();
  while (kind === 'runs' && document.querySelector('.run-row') === null) await frame();
  while (kind === 'events' && document.querySelector('[data-testid=events-list] .event') === null) await frame();
}

/** Name of what is opened → the part of the page that is measured. The rest of the page does not change. */
const SHOWN = {
  nothing: '.app',
  ...Object.fromEntries(Object.keys(TRANSLATIONS.en.serverTab).map((tab) => [`tab ${tab}`, '.side'])),
  entry: '.side',
  link: '.side',
  events: '.face',
  'dialog help': '.mantine-Modal-content',
  'dialog new-run': '.mantine-Modal-content',
  'dialog runs': '.mantine-Modal-content',
  'runs many': '.mantine-Modal-content',
  'dialog scenarios': '.mantine-Modal-content',
  'dialog settings': '.mantine-Modal-content',
};

const titleOf = ({ size, zoom, servers, term, value, state, language }: (typeof ROWS)[number]): string =>
  `${size}, ${zoom} %, ${servers} × term ${term + 1}, ${value} x, ${state}, ${language}`;

test.each(PLAYED.map((row) => [titleOf(row), row] as const))('layout %s → nothing is lost', async (_title, row) => {
  await open(row);
  const lost: Record<string, readonly string[]> = {};
  for (const [what, part] of Object.entries(SHOWN)) {
    await page.evaluate(show, what);
    const found = await lostBoxes(page, part);
    if (found.length > 0) lost[what] = found;
  }
  expect(lost).toEqual({});
});
