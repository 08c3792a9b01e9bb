// @vitest-environment happy-dom
/** A person's file, dropped on the page or chosen in a dialog: it is opened, or the page shows why not. */
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { LIMITS } from '../../src/core/lab-api/index.ts';
import { openFile } from '../../src/renderer/open-file.tsx';
import { leaveDashboards, type OnScreen, renderDashboard } from './render-dashboard.tsx';

afterEach(leaveDashboards);

const TEXT = 'name: Own\n';
const scenario = (name = 'own.yaml', text = TEXT): File => new File([text], name);

/** Drags files over the page or drops them there. @returns whether the page prevented the browser's own action */
function drag(kind: 'dragover' | 'drop', files: readonly File[], types = ['Files']): boolean {
  const event = new Event(kind, { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { types, files } });
  act(() => void document.body.dispatchEvent(event));
  return event.defaultPrevented;
}

const asked = ({ lab }: OnScreen): unknown => lab.asked.findLast(({ name }) => name === 'playScenarioFile')?.ask;
const banner = async (): Promise<string> => (await screen.findByTestId('banner-file')).textContent ?? '';

test.each(['own.yaml', 'own.yml', 'Own.RAFTSCENARIO'])('drop: %s → played with its text', async (name) => {
  const page = renderDashboard();
  expect(drag('dragover', [])).toBe(true);
  expect(screen.getByTestId('drop-hint').textContent).toBe(
    'Drop the scenario file to play it, or the recording to look at it.',
  );
  expect(drag('drop', [scenario(name)])).toBe(true);
  await waitFor(() => expect(asked(page)).toEqual({ file: name, text: TEXT, seed: null }));
  expect(screen.queryByTestId('drop-hint')).toBeNull();
  expect(await screen.findByTestId('scenario')).toBeTruthy();
});

test.each([
  ['en', 'Recording from the file exam.jsonl'],
  ['zh-CN', '文件 exam.jsonl 中的记录'],
] as const)(
  'drop, %s: a recording → opened without reading it in the page, named in the header',
  async (language, name) => {
    const page = renderDashboard({ language });
    await page.lead();
    act(() => page.dashboard.actions.setDialog('scenarios'));
    drag('drop', [new File(['{"seq":1}'], 'exam.jsonl')]);
    await waitFor(() => expect(screen.getByTestId('banner-past').textContent).toContain(name));
    expect(page.dashboard.store.getState().dialog).toBe('none');
    expect(asked(page)).toBeUndefined();
  },
);

test.each([
  ['en', 'exam.jsonl is not a recording'],
  ['zh-CN', 'exam.jsonl 不是记录'],
] as const)('drop, %s: not a recording → error shown until the next file', async (language, says) => {
  const page = renderDashboard({ language });
  await page.lead();
  page.lab.failNext('openRun', { code: 'not-a-recording', params: { file: 'exam.jsonl' }, message: 'no' });
  drag('drop', [new File(['hello'], 'exam.jsonl')]);
  expect(await banner()).toContain(says);
  drag('drop', [new File(['{"seq":1}'], 'exam.jsonl')]);
  await waitFor(() => expect(screen.queryByTestId('banner-file')).toBeNull());
});

test('drop: several files → error shown, and none is opened', async () => {
  const page = renderDashboard();
  drag('drop', [scenario(), new File(['{"seq":1}'], 'exam.jsonl')]);
  expect(await banner()).toContain('Several files were dropped (2), and one is opened at a time.');
  expect(page.lab.asked.filter(({ name }) => name === 'playScenarioFile' || name === 'openRun')).toEqual([]);
});

test('menu of the runs: a file is chosen → opened like a dropped file', async () => {
  const page = renderDashboard();
  await page.lead();
  const input = screen.getByLabelText('Open a file…', { selector: 'input' });
  expect((input as HTMLInputElement).accept).toBe('.yaml,.yml,.raftscenario,.jsonl');
  fireEvent.change(input, { target: { files: [new File(['{"seq":1}'], 'exam.jsonl')] } });
  await waitFor(() => expect(screen.getByTestId('banner-past').textContent).toContain('exam.jsonl'));
});

test.each(['Disk', 'Store'])('%s tab: exported file without files of servers → a note, not an error', async (tab) => {
  const page = renderDashboard();
  const leader = await page.lead();
  drag('drop', [new File(['{"seq":1}'], 'exam.jsonl')]);
  await screen.findByTestId('banner-past');
  const params = { file: 'exam.jsonl' };
  page.lab.failNext(tab === 'Disk' ? 'disk' : 'stores', { code: 'no-server-files', params, message: 'none' });
  act(() => page.dashboard.actions.select({ kind: 'server', server: leader }));
  act(() => page.dashboard.actions.setServerTab(tab === 'Disk' ? 'disk' : 'store'));
  const line = await screen.findByText(/exam\.jsonl holds the events of a run\./);
  expect(line.className).toBe('faint');
});

test('drop: file in Latin-1 → refused, and the line is named', async () => {
  const page = renderDashboard();
  drag('drop', [new File([Uint8Array.from(Buffer.from('name: Own\n# caf\u00e9\n', 'latin1'))], 'own.yaml')]);
  expect(await banner()).toContain('own.yaml, line 2: this is not UTF-8 text.');
  expect(asked(page)).toBeUndefined();
});

test('drag: text or link instead of a file → ignored', () => {
  renderDashboard();
  expect([drag('dragover', [], ['text/plain']), drag('drop', [], ['text/plain'])]).toEqual([false, false]);
});

test.each([
  ['en', 'own.yaml, line 3, column 5: there is no step named "kil".'],
  ['zh-CN', 'own.yaml 第 3 行第 5 列：there is no step named "kil"。'],
] as const)(
  'drop, %s: mistake in the file → file, line and column until closed or corrected',
  async (language, says) => {
    const page = renderDashboard({ language });
    const params = { file: 'own.yaml', line: 3, column: 5, detail: 'there is no step named "kil"' };
    page.lab.failNext('playScenarioFile', { code: 'bad-scenario', params, message: 'bad' });
    drag('drop', [scenario()]);
    expect(await banner()).toContain(says);
    await page.user.click(screen.getByTestId('banner-file').querySelector('button') as HTMLElement);
    expect(screen.queryByTestId('banner-file')).toBeNull();
    page.lab.failNext('playScenarioFile', { code: 'bad-scenario', params, message: 'bad' });
    drag('drop', [scenario()]);
    await banner();
    drag('drop', [scenario()]);
    await waitFor(() => expect(screen.queryByTestId('banner-file')).toBeNull());
  },
);

test('drop: not a scenario, or too large → error shown, no request to the lab', async () => {
  const page = renderDashboard();
  drag('drop', [scenario('run.txt')]);
  expect(await banner()).toContain(
    'run.txt is neither a scenario nor a recording: the name of one ends in .yaml, .yml, .raftscenario, .jsonl.',
  );
  const read = vi.fn();
  drag('drop', [{ name: 'huge.yaml', size: 1e9, text: read } as unknown as File]);
  await waitFor(async () => expect(await banner()).toContain('huge.yaml is too large for a scenario'));
  expect([asked(page), read.mock.calls]).toEqual([undefined, []]);
  drag('drop', [scenario('long.yaml', 'x'.repeat(LIMITS.scenarioLength + 1))]);
  await waitFor(async () => expect(await banner()).toContain('long.yaml is too large'));
  expect(asked(page)).toBeUndefined();
});

test('drop: file disappears before it is read → error with the browser’s reason', async () => {
  const showFileError = vi.fn();
  const gone = {
    name: 'own.yaml',
    size: 1,
    arrayBuffer: async () => Promise.reject(new DOMException('gone', 'NotFoundError')),
  };
  await openFile(gone as unknown as File, { playFile: vi.fn(), openRecording: vi.fn(), showFileError });
  expect(showFileError.mock.calls[0]?.[0]).toMatchObject({
    code: 'cannot-read',
    params: { path: 'own.yaml', errno: 'NotFoundError' },
  });
});

test('dialog: a file is chosen → played, the dialog closes, the file can be chosen again', async () => {
  const page = renderDashboard();
  act(() => page.dashboard.actions.setDialog('scenarios'));
  const input = await screen.findByLabelText('Open a scenario file…', { selector: 'input' });
  fireEvent.change(input, { target: { files: [scenario()] } });
  await waitFor(() => expect(asked(page)).toEqual({ file: 'own.yaml', text: TEXT, seed: null }));
  await waitFor(() => expect(page.dashboard.store.getState().dialog).toBe('none'));
  expect((input as HTMLInputElement).value).toBe('');
});

test('ready: file named at the start is bad → error shown, and the usual run starts', async () => {
  const page = renderDashboard();
  page.lab.failNext('ready', { code: 'cannot-read', params: { path: '/a/b.yaml', errno: 'ENOENT' }, message: 'no' });
  await act(() => page.dashboard.actions.begin());
  expect(await banner()).toContain('/a/b.yaml cannot be read (ENOENT).');
  expect(page.lab.asked.filter(({ name }) => name === 'ready')).toHaveLength(2);
  expect(page.dashboard.store.getState().mode?.mode).toBe('live');
});
