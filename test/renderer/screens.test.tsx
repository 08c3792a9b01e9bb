// @vitest-environment happy-dom
/** Further states of the dashboard: keys, paused view, lost connection, recordings, errors at their places, languages. */
import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { leaveDashboards, renderDashboard } from './render-dashboard.tsx';

// These tests render the whole page many times, perhaps on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

const text = (id: string): string => screen.getByTestId(id).textContent ?? '';

describe('keys', () => {
  test('destructive key: no selection → nothing; server selected → acts on it', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.keyboard('kri');
    const names = () => page.lab.asked.map((one) => one.name);
    expect(names().filter((name) => ['kill', 'restart', 'cut'].includes(name))).toEqual([]);
    await page.user.keyboard('2k');
    await page.advance(50);
    expect(page.lab.view().servers.S2?.status).toBe('down');
    await page.user.keyboard('r');
    await page.advance(3000);
    expect(page.lab.view().servers.S2?.status).toBe('up');
    await page.user.keyboard('i');
    await page.advance(50);
    expect(page.lab.view().faults.map((fault) => fault.servers)).toEqual([['S2']]);
    await page.user.keyboard('{Shift>}h{/Shift}');
    await page.advance(50);
    expect(page.lab.view().faults).toEqual([]);
  });

  test('keys: pressed in a text field or during composition → only text', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.keyboard('1c');
    const input = screen.getByTestId('command-input') as HTMLInputElement;
    expect(document.activeElement).toBe(input);
    await page.user.keyboard('k r i?');
    expect(input.value).toBe('k r i?');
    input.blur();
    const press = new KeyboardEvent('keydown', { key: 'k', bubbles: true, isComposing: true });
    document.body.dispatchEvent(press);
    expect(page.lab.asked.some((one) => one.name === 'kill')).toBe(false);
  });

  test('arrow keys: on the ring → move the focus around it; Tab reaches one server', async () => {
    const page = renderDashboard();
    await page.lead();
    const stops = () => [1, 2, 3, 4, 5].filter((n) => screen.getByTestId(`server-S${n}`).tabIndex === 0);
    expect(stops()).toEqual([1]);
    act(() => screen.getByTestId('server-S1').focus());
    await page.user.keyboard('{ArrowLeft}');
    expect(document.activeElement).toBe(screen.getByTestId('server-S5'));
    expect(stops()).toEqual([5]);
    await page.user.keyboard('{Enter}');
    expect(screen.getByTestId('server-panel')).toBeDefined();
    await page.user.keyboard('{Escape}');
    expect(screen.queryByTestId('server-panel')).toBeNull();
  });

  test('key ?: pressed → list of keys; Esc → closed', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.keyboard('?');
    expect((await screen.findByRole('dialog')).textContent).toContain('Freeze the view');
    await page.user.keyboard('{Escape}');
    await page.advance(300);
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('the view', () => {
  test('Space: live run → view pauses, cluster continues, waiting events are counted', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.keyboard(' ');
    await act(() => page.lab.door.ask('kill', { servers: ['S3'], signal: 'SIGKILL' }));
    await page.advance(3000);
    expect(screen.getByTestId('server-S3').dataset.look).not.toBe('down');
    expect(Number(/\d+/.exec(text('banner-frozen'))?.[0])).toBeGreaterThan(10);
    await page.user.keyboard(' ');
    expect(screen.queryByTestId('banner-frozen')).toBeNull();
    expect(screen.getByTestId('server-S3').dataset.look).toBe('down');
  });
});

describe('Space', () => {
  test('Space: recording → not paused, no note about a running cluster', async () => {
    const page = renderDashboard();
    await page.lead();
    await act(() => page.lab.door.ask('openRun', { runId: 'run-1' }));
    await page.user.keyboard(' ');
    expect(screen.queryByTestId('banner-frozen')).toBeNull();
    expect(page.dashboard.store.getState().isPaused).toBe(false);
  });

  test('Space: no run open → not paused', async () => {
    const page = renderDashboard();
    await page.user.keyboard(' ');
    expect(screen.queryByTestId('banner-frozen')).toBeNull();
  });

  test('paused view: connection lost or run ended → no note that the cluster runs on', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.keyboard(' ');
    expect(text('banner-frozen')).toContain('the cluster runs on');
    act(() => page.lab.setConnection('lost'));
    expect(text('banner-frozen')).toMatch(/^View frozen\d/);
    act(() => page.lab.setConnection('open'));
    page.lab.tell({ event: 'RunEnded', reason: 'disk-cap' });
    await page.advance(10);
    expect(text('banner-frozen')).toContain('View frozen; the run has ended since');
  });
});

describe('states', () => {
  test('start: run cannot start → the stage shows why until a run starts', async () => {
    const page = renderDashboard();
    const params = { runId: 'run-7', pid: 4711, since: '2026-11-23T20:23:28.000Z' };
    page.lab.failNext('ready', { code: 'run-locked', params, message: 'locked' });
    await act(() => page.dashboard.actions.begin());
    expect(screen.getByRole('alert').textContent).toContain('Another Raft Lab uses this data folder');
    await page.lead();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('continue: run left open elsewhere → asks, and continues after agreement', async () => {
    const page = renderDashboard();
    await page.lead();
    const params = { runId: 'run-7', host: 'box', pid: 7, seen: '2026-11-23T20:23:28.000Z' };
    page.lab.failNext('continueRun', { code: 'run-left-elsewhere', params, message: 'left' });
    await act(() => page.dashboard.actions.continueRun());
    expect(screen.getByRole('alert').textContent).toContain('(box, process 7 there');
    await page.user.click(screen.getByTestId('take-over'));
    const asked = page.lab.asked.filter(({ name }) => name === 'continueRun').map(({ ask }) => ask);
    expect(asked).toEqual([{ runId: null }, { runId: 'run-7', takeOver: true }]);
    expect(screen.queryByTestId('take-over')).toBeNull();
  });

  test('list of runs: button of a recorded run → the run is continued', async () => {
    const page = renderDashboard();
    await page.lead();
    act(() => page.dashboard.actions.setDialog('runs'));
    const [button] = await screen.findAllByTestId(/^continue-/);
    await page.user.click(button ?? expect.fail('no run is listed'));
    const asked = page.lab.asked.filter(({ name }) => name === 'continueRun').map(({ ask }) => ask);
    expect(asked).toEqual([{ runId: expect.stringMatching(/^\d{4}-/) }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('list of runs: delete → asks once, then removed from the list', async () => {
    const page = renderDashboard();
    await page.lead();
    act(() => page.dashboard.actions.setDialog('runs'));
    const find = () => screen.findByTestId(/^delete-/);
    const requests = () => page.lab.asked.filter(({ name }) => name === 'deleteRun').map(({ ask }) => ask);
    await page.user.click(await find());
    expect((await find()).textContent).toBe('Delete for good?');
    // Moving the focus elsewhere withdraws the question.
    act(() => (document.activeElement as HTMLElement).blur());
    expect((await find()).textContent).toBe('Delete');
    await page.user.click(await find());
    expect(requests()).toEqual([]);
    await page.user.click(await find());
    expect(requests()).toEqual([{ runId: expect.stringMatching(/^\d{4}-/) }]);
    await waitFor(() => expect(screen.queryByTestId(/^delete-/)).toBeNull());
  });

  test('connection: lost → banner, commands disabled; restored → both end', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    act(() => page.lab.setConnection('lost'));
    expect(text('banner-lost')).toContain('Connection to the lab lost');
    expect((screen.getByTestId('command-input') as HTMLInputElement).disabled).toBe(true);
    expect(screen.queryByTestId(`kill-${leader}`)).toBeNull();
    act(() => page.lab.setConnection('open'));
    expect(screen.queryByTestId('banner-lost')).toBeNull();
  });

  test('recording: damaged → its line, in both languages; without an end → no alarm', async () => {
    const flaw = { kind: 'checksum-differs', line: 7, offset: 812, params: { stated: 1, actual: 2 } } as const;
    const english = renderDashboard();
    await english.lead();
    english.lab.spoil('run-1', flaw);
    english.lab.spoil('run-2', { kind: 'no-end', line: 9, offset: 1000, params: {} });
    await act(() => english.lab.door.ask('openRun', { runId: 'run-1' }));
    expect(text('banner-flaw')).toBe(
      'This recording is damaged, and shown up to there: line 7, byte 812: the line was changed: its checksum is 1, and its bytes give 2.',
    );
    expect(screen.getByTestId('banner-flaw').className).toContain('banner-bad');
    await act(() => english.lab.door.ask('openRun', { runId: 'run-2' }));
    expect(text('banner-flaw')).toContain('This recording is incomplete: line 9, byte 1000: ');
    expect(screen.getByTestId('banner-flaw').className).not.toContain('banner-bad');
    await act(() => english.lab.door.ask('openRun', { runId: 'run-3' }));
    expect(screen.queryByTestId('banner-flaw')).toBeNull();
    english.leave();
    const chinese = renderDashboard({ language: 'zh-CN' });
    await chinese.lead();
    chinese.lab.spoil('run-1', flaw);
    await act(() => chinese.lab.door.ask('openRun', { runId: 'run-1' }));
    expect(text('banner-flaw')).toContain('已损坏，只显示到损坏处：第 7 行，字节 812：');
  });

  test('Disk tab: recording → note that files are those of its end; live run → no note', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    const says = 'The files as of the end of the run, at whatever moment you look.';
    const showDisk = async (): Promise<void> => {
      await page.user.click(screen.getByTestId(`server-${leader}`));
      await page.user.click(screen.getByRole('tab', { name: 'Disk' }));
      await page.advance(200);
    };
    await showDisk();
    expect(text('disk')).toContain('currentTerm');
    expect(screen.queryByText(says)).toBeNull();
    await act(() => page.lab.door.ask('openRun', { runId: 'run-1' }));
    await showDisk();
    expect(screen.getByText(says)).toBeDefined();
  });

  test('recording: opened → marked as such, no commands, any moment can be shown', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    await act(() => page.lab.door.ask('openRun', { runId: 'run-1' }));
    expect(text('banner-past')).toContain('Recording run-1');
    expect(text('command-result')).toBe('A recording takes no commands.');
    expect(screen.getByText('The logs are empty at this moment.')).toBeDefined();
    expect(screen.queryByTestId(`kill-${leader}`)).toBeNull();
    const slider = screen.getByRole('slider') as HTMLInputElement;
    await act(async () => {
      const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
      set?.call(slider, '100000');
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      slider.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await page.advance(10);
    expect(screen.getByTestId(`server-${leader}`).dataset.look).toBe('starting');
  });

  test('error: of an action → its sentence beside the control', async () => {
    const page = renderDashboard();
    await page.lead();
    page.lab.failNext('kill', { code: 'already-down', params: { server: 'S2' }, message: '' });
    await page.user.click(screen.getByTestId('kill-S2'));
    const server = screen.getByTestId('server-S2').parentElement as HTMLElement;
    expect(within(server).getByRole('alert').textContent).toBe('S2 is not running. Restart it first.');
  });

  test('all servers down → sentence that files are kept, and a button that restarts all', async () => {
    const page = renderDashboard();
    await page.lead();
    const servers = ['S1', 'S2', 'S3', 'S4', 'S5'];
    await act(() => page.lab.door.ask('kill', { servers, signal: 'SIGKILL' }));
    await page.advance(50);
    expect(text('sentence')).toContain('All servers are down, their files are kept');
    await page.user.click(screen.getByRole('button', { name: 'Restart all' }));
    await page.advanceUntil((view) => view.leader !== null);
    expect(text('sentence')).toContain('5 of 5 up');
  });
});

describe('choices', () => {
  test('new run: three servers and the production preset chosen → created with both', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.click(screen.getByTestId('runs'));
    await page.user.click(await screen.findByRole('menuitem', { name: 'New run…' }));
    const dialog = await screen.findByRole('dialog');
    await page.user.click(within(dialog).getByRole('radio', { name: '3' }));
    await page.user.click(within(dialog).getByRole('radio', { name: /^Production/ }));
    await page.user.click(screen.getByTestId('new-run-start'));
    const asked = page.lab.asked.find((one) => one.name === 'createRun');
    const seed = expect.any(Number);
    expect(asked?.ask).toEqual({ servers: 3, pace: 'classroom', preset: 'production', durability: 'fsync', seed });
    await page.advance(50);
    expect(screen.queryByTestId('server-S4')).toBeNull();
    expect(document.body.textContent).toContain('production · fsync');
  });

  test('new run: wrong rule chosen for a server → created with this mutant', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.click(screen.getByTestId('runs'));
    await page.user.click(await screen.findByRole('menuitem', { name: 'New run…' }));
    expect(screen.queryByTestId('new-run-mutant-server')).toBeNull();
    await page.user.selectOptions(screen.getByTestId('new-run-mutant'), 'old-term-commit');
    await page.user.selectOptions(screen.getByTestId('new-run-mutant-server'), 'S4');
    await page.user.click(screen.getByTestId('new-run-start'));
    const asked = page.lab.asked.find((one) => one.name === 'createRun');
    expect(asked?.ask).toMatchObject({ servers: 5, mutants: { S4: 'old-term-commit' } });
  });

  test('scenario: chosen → steps are ticked; stopped → can play again with its seed', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.click(screen.getByTestId('runs'));
    await page.user.click(await screen.findByRole('menuitem', { name: 'Play a scenario…' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByRole('region', { name: 'Experiment 1' }).textContent).toContain('TestReElection');
    await page.user.click(within(dialog).getByTestId('play-TestReElection'));
    await page.advance(50);
    const panel = screen.getByTestId('scenario');
    const states = () =>
      within(panel)
        .getAllByRole('listitem')
        .map((item) => item.dataset.state);
    expect(states()).toEqual(['done', 'now', 'ahead']);
    expect(panel.textContent).toContain('report: 4.51 s');
    await page.user.click(within(panel).getByTestId('scenario-stop'));
    await page.advance(50);
    expect(states()).toEqual(['done', 'stopped', 'ahead']);
    expect(within(panel).getByTestId('scenario-verdict').textContent).toBe('Unknown');
    expect(panel.textContent).toContain('a slow machine');
    expect(panel.textContent).toContain('it was called off');
    await page.user.click(within(panel).getByTestId('scenario-again'));
    expect(page.lab.asked.findLast(({ name }) => name === 'playScenario')?.ask).toEqual({
      name: 'TestReElection',
      seed: 7,
      again: true,
    });
  });

  test('list of events: filter by source or event → the lab filters', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    await page.user.keyboard('/');
    await page.user.type(screen.getByTestId('events-filter'), `source:${leader} event:LeaderElected`);
    const lastQuery = () => page.lab.asked.findLast((one) => one.name === 'events')?.ask;
    const wanted = { sources: [leader], names: ['LeaderElected'], newest: true };
    await waitFor(() => expect(lastQuery()).toMatchObject(wanted), { timeout: 5000 });
    await page.user.clear(screen.getByTestId('events-filter'));
    await page.user.type(screen.getByTestId('events-filter'), 'color:red');
    expect(screen.getByRole('alert').textContent).toContain('color:red');
  });

  test('list of events: filter by text → matching lines, also in Chinese and while paused', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    await page.advance(700);
    await page.user.keyboard(' /');
    const filter = screen.getByTestId('events-filter');
    const none = () => screen.queryByText(/^No event fits|^没有符合/);
    const lines = () => screen.queryByTestId('events-list');
    await page.user.type(filter, 'no such words');
    await waitFor(() => expect(none()).not.toBeNull(), { timeout: 5000 });
    await page.user.clear(filter);
    await page.user.type(filter, 'leads term 1, elected by');
    await waitFor(() => expect([none(), lines() === null]).toEqual([null, false]), { timeout: 5000 });
    await page.user.click(screen.getByTestId('language'));
    await waitFor(() => expect(none()).not.toBeNull(), { timeout: 5000 });
    await page.user.clear(filter);
    await page.user.type(filter, `${leader} 成为任期 1 的领袖`);
    await waitFor(() => expect([none(), lines() === null]).toEqual([null, false]), { timeout: 5000 });
  });

  test('Chinese: roles → the terms of the course with the English name', async () => {
    const page = renderDashboard({ language: 'zh-CN' });
    const leader = await page.lead();
    await page.advance(700);
    expect(text('sentence')).toBe(`${leader} 是任期 1 的领袖 · 已提交 0 项 · 5 台中 5 台在运行`);
    expect(screen.getByTestId(`server-${leader}`).textContent).toContain('领袖Leader');
    await page.user.click(screen.getByTestId('language'));
    expect(text('sentence')).toContain(`${leader} leads term 1`);
    const shown = ['header', 'main', 'footer'].map((tag) => document.querySelector(tag)?.textContent).join(' ');
    expect(shown.replace('中文', '')).not.toMatch(/[\u4e00-\u9fff]/);
  });
});
