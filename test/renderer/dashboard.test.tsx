// @vitest-environment happy-dom
/** The whole page over a cluster in one thread: what a person sees and does in the first minute and with faults. */
import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { leaveDashboards, type OnScreen, renderDashboard } from './render-dashboard.tsx';

// These tests render the whole page many times, perhaps on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

const text = (id: string): string => screen.getByTestId(id).textContent ?? '';
const followerOf = (page: OnScreen, leader: string): string =>
  Object.keys(page.lab.view().servers).find((id) => id !== leader) ?? '';

async function submit(page: OnScreen, line: string): Promise<void> {
  await page.user.click(screen.getByTestId('command-input'));
  await page.user.keyboard(`${line}{Enter}`);
  await page.advance(2500);
}

describe('the first minute', () => {
  test('start: one server wins in view → the sentence names the leader', async () => {
    const page = renderDashboard();
    expect(text('sentence')).toContain('No run is open');
    await act(() => page.lab.door.ask('ready', { autoStart: true }));
    await page.advance(100);
    expect(text('sentence')).toBe('5 servers are starting');
    expect(screen.getByRole('button', { name: 'S1, starting' })).toBe(screen.getByTestId('server-S1'));
    await page.advance(600);
    expect(text('sentence')).toMatch(/^Nobody leads yet, \d+\.\d s · no server stands .* · 5 of 5 up$/);
    await page.advanceUntil((view) => view.leader !== null);
    const leader = page.lab.view().leader?.server ?? '';
    expect(text('sentence')).toBe(`${leader} leads term 1 · 0 committed · 5 of 5 up`);
    expect(screen.getByRole('button', { name: `${leader}, leader, term 1, up` })).toBeDefined();
    expect(page.story()[0]).toMatch(new RegExp(`^${leader} (.* → )?won .*3 of 5 votes: `));
  });

  test('set x 5: sent → in every log and store, index shown, first step ticked', async () => {
    const page = renderDashboard();
    await page.lead();
    expect(screen.getByTestId('try-submit').dataset.done).toBe('false');
    await submit(page, 'set x 5');
    expect(text('command-result')).toMatch(/^done @1 · \d+ ms · x = 5$/);
    expect(screen.getByTestId('try-submit').dataset.done).toBe('true');
    for (const server of ['S1', 'S2', 'S3', 'S4', 'S5']) {
      const cell = within(screen.getByTestId(`log-row-${server}`)).getAllByRole('gridcell')[0];
      expect(cell?.getAttribute('aria-label')).toContain(`${server}, index 1, term 1, x=5, committed`);
    }
    await page.user.click(screen.getByTestId('server-S2'));
    await page.user.click(screen.getByRole('tab', { name: 'Store' }));
    await page.advance(300);
    expect(text('store')).toContain('x5the same on all');
  });

  test('leader: killed → another leads; restarted → restored from its files', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    await submit(page, 'set x 5');
    await page.user.click(screen.getByTestId(`kill-${leader}`));
    await page.advance(60);
    const toast = screen.getByTestId('toast');
    expect(toast.textContent).toMatch(new RegExp(`^${leader} killed`));
    expect(screen.getByTestId(`server-${leader}`).dataset.look).toBe('down');
    expect(text('sentence')).toMatch(/^Nobody has led for \d+\.\d s · no server stands .* · 4 of 5 up$/);
    await page.advanceUntil((view) => view.leader !== null);
    expect(text('sentence')).toMatch(/leads term \d+ · 1 committed · 4 of 5 up/);
    await page.user.click(within(screen.getByTestId('toast')).getByRole('button', { name: 'Restart' }));
    await page.advance(4000);
    await page.user.click(screen.getByTestId(`server-${leader}`));
    expect(text('restored')).toMatch(/^read from disk: term 1, vote S\d, 1 entry$/);
    await page.user.keyboard('{Escape}');
    expect(screen.getByTestId('try-kill-leader').dataset.done).toBe('true');
    expect(screen.getByTestId('try-restart').dataset.done).toBe('true');
  });

  test('server: killed from a terminal → shown as not ordered', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    act(() => page.lab.killFromOutside(leader));
    await page.advance(60);
    expect(page.story()[0]).toContain('nobody here ordered it');
    await page.user.click(screen.getByTestId(`server-${leader}`));
    await page.user.click(screen.getByRole('tab', { name: 'Process' }));
    await page.advance(300);
    expect(text('process-exit')).toBe('by SIGKILL, not ordered by the lab');
  });
});

describe('freezing', () => {
  test('key F: leader selected → freezes, another leads; button → resumes as a follower', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    await page.user.click(screen.getByTestId(`server-${leader}`));
    await page.user.keyboard('f');
    await page.advance(60);
    expect(screen.getByTestId(`server-${leader}`).dataset.look).toBe('frozen');
    expect(page.story()[0]).toContain(`${leader} is frozen`);
    expect(text('sentence')).toBe(`Nothing can be committed · ${leader}, leader of term 1, is frozen · 4 of 5 up`);
    await page.advanceUntil((view) => view.leader !== null && view.leader.server !== leader);
    expect(text('sentence')).toMatch(/4 of 5 up$/);
    await page.user.click(screen.getByTestId(`freeze-${leader}`));
    await page.advanceUntil((view) => view.servers[leader]?.role === 'follower');
    expect(screen.getByTestId(`server-${leader}`).dataset.look).toBe('follower');
  });
});

describe('cutting off', () => {
  test('group: shift-clicked, P → cut off, minority commits nothing; chip → healed', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    const other = followerOf(page, leader);
    await page.user.keyboard('{Shift>}');
    await page.user.click(screen.getByTestId(`server-${leader}`));
    await page.user.click(screen.getByTestId(`server-${other}`));
    await page.user.keyboard('{/Shift}');
    expect(screen.getByRole('button', { name: /Cut these off/ })).toBeDefined();
    await page.user.keyboard('p');
    await page.advance(200);
    expect(text('fault-chip')).toContain(`${[leader, other].sort().join(' ')} cut off`);
    const command = { op: 'set', key: 'y', value: '1' } as const;
    await act(() => page.lab.door.ask('startCommand', { server: leader, command }));
    await page.advanceUntil(({ story }) => story.some(({ code }) => code === 'minority-cannot-commit'));
    expect(page.story().join()).toMatch(/cannot commit set .*, index 1: it is on 2 of the 3 disks it needs/);
    await page.user.click(within(screen.getByTestId('fault-chip')).getByRole('button'));
    await page.advance(100);
    expect(screen.queryByTestId('fault-chip')).toBeNull();
  });

  test('link: selected → its policy and counters', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    await page.user.click(screen.getByTestId(`cut-${leader}`));
    await page.advance(1500);
    const [a, b] = [leader, followerOf(page, leader)].sort();
    await page.user.click(screen.getByTestId(`link-${a}-${b}`));
    const panel = screen.getByTestId('link-panel');
    expect(panel.textContent).toContain(`${a} → ${b}cut`);
    const lost = within(panel).getAllByRole('row')[leader === a ? 1 : 2]?.lastElementChild?.textContent;
    expect(Number(lost)).toBeGreaterThan(0);
  });
});

describe('single links', () => {
  test('link panel: one direction cut → chip names it, other direction passes, chip heals it', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    const [a, b] = [leader, followerOf(page, leader)].sort();
    await page.user.click(screen.getByTestId(`link-${a}-${b}`));
    await page.user.selectOptions(screen.getByTestId(`choice-${a}>${b}`), 'cut');
    await page.advance(100);
    expect(text('fault-chip')).toContain(`cut: ${a} → ${b}`);
    expect(page.lab.view().links[`${a}>${b}`]?.policy).toEqual({ mode: 'cut' });
    expect(page.lab.view().links[`${b}>${a}`]?.policy).toEqual({ mode: 'pass' });
    expect(page.story()[0]).toContain('in this direction only');
    await page.user.click(within(screen.getByTestId('fault-chip')).getByRole('button'));
    await page.advance(100);
    expect(screen.queryByTestId('fault-chip')).toBeNull();
    expect(page.lab.view().links[`${a}>${b}`]?.policy).toEqual({ mode: 'pass' });
  });

  test('line across links: long → cut both ways as one fault; short → nothing cut', async () => {
    const page = renderDashboard();
    await page.lead();
    const picture = document.querySelector('svg.links');
    if (picture === null) throw new Error('no links');
    picture.setPointerCapture = () => undefined;
    const draw = async (from: [number, number], to: [number, number]) => {
      const at = ([clientX, clientY]: [number, number]) => ({
        clientX,
        clientY,
        isPrimary: true,
        button: 0,
        pointerId: 1,
      });
      fireEvent.pointerDown(picture, at(from));
      fireEvent.pointerMove(picture, at(to));
      fireEvent.pointerUp(picture, at(to));
      await page.advance(100);
    };
    await draw([300, 100], [303, 103]);
    expect(screen.queryByTestId('fault-chip')).toBeNull();
    // A vertical line left of the middle crosses the links from S4 and S5 to the others.
    await draw([340, 5], [340, 515]);
    const cut = Object.values(page.lab.view().links).filter(({ policy }) => policy.mode === 'cut');
    expect(cut.map(({ id }) => id).sort()).toEqual([
      'S1>S4',
      'S2>S4',
      'S2>S5',
      'S3>S4',
      'S3>S5',
      'S4>S1',
      'S4>S2',
      'S4>S3',
      'S5>S2',
      'S5>S3',
    ]);
    expect(text('fault-chip')).toContain('S1 ↔ S4');
    expect(screen.getAllByTestId('fault-chip')).toHaveLength(1);
  });

  test('key U: pressed twice → network unreliable, then reliable', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.keyboard('u');
    await page.advance(100);
    expect(text('fault-chip')).toContain('unreliable network');
    await page.user.keyboard('u');
    await page.advance(100);
    expect(screen.queryByTestId('fault-chip')).toBeNull();
  });
});

describe('the corner of faults', () => {
  test('fault chips: frozen server → one; many → newest shown, others counted, all healed', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    const other = followerOf(page, leader);
    for (const to of Object.keys(page.lab.view().servers).filter((id) => id !== leader)) {
      await act(() => page.lab.door.ask('setLinks', { links: [`${leader}>${to}`], policy: { mode: 'cut' } }));
    }
    await act(() => page.lab.door.ask('freeze', { servers: [other] }));
    await page.advance(100);
    const chips = screen.getAllByTestId('fault-chip').map((chip) => chip.textContent);
    expect(chips).toHaveLength(3);
    expect(chips.at(-1)).toContain(`${other} frozen, `);
    expect(text('faults-hidden')).toBe('and 2 more');
    await page.user.click(screen.getByTestId('heal-all'));
    await page.advance(100);
    expect(screen.queryByTestId('fault-chip')).toBeNull();
    expect(page.lab.view().servers[other]?.status).toBe('up');
  });
});

describe('the nemesis', () => {
  test('key N: pressed → random faults at the pace’s rate, rate can be set, chip stops them', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.keyboard('n');
    await page.advance(100);
    expect(text('fault-chip')).toContain('nemesis: 0 acts');
    expect(page.lab.view().nemesis).toMatchObject({ perMinute: 6, phase: 'on' });
    expect(screen.getByTestId<HTMLInputElement>('switch-nemesis').checked).toBe(true);
    await page.user.selectOptions(screen.getByTestId('nemesis-rate'), '60 a minute');
    await page.advance(100);
    expect(page.lab.view().nemesis).toMatchObject({ perMinute: 60, phase: 'on' });
    await page.user.click(within(screen.getByTestId('fault-chip')).getByRole('button'));
    await page.advance(100);
    expect(page.lab.view().nemesis).toBeNull();
    expect(screen.queryByTestId('fault-chip')).toBeNull();
    await page.user.click(screen.getByTestId('switch-nemesis'));
    await page.advance(100);
    expect(page.lab.view().nemesis).toMatchObject({ perMinute: 60, phase: 'on' });
  });
});

describe('banners', () => {
  test.each([
    ['en', { judgesUs: 12_400_000 }, 'The judges are 12 s behind (150000 events).'],
    [
      'en',
      { pictureUs: 3_000_000, judgesUs: 12_000_000 },
      'The picture is 3 s behind, the judges 12 s (150000 events)',
    ],
    ['zh-CN', { pictureUs: 3_000_000 }, '画面落后 3 秒'],
  ] as const)('%s: the lab is behind by %o → a strip shows it until the lab keeps up', async (language, lag, says) => {
    const { dashboard, lead } = renderDashboard({ language });
    await lead();
    expect(screen.queryByTestId('banner-lag')).toBeNull();
    const whole = { pictureUs: 0, judgesUs: 0, judgesEvents: 150_000, ...lag };
    act(() => dashboard.store.setState({ lag: whole }));
    expect(text('banner-lag')).toContain(says);
    act(() => dashboard.store.setState({ lag: null }));
    expect(screen.queryByTestId('banner-lag')).toBeNull();
  });

  test.each([
    ['en', 'Reading the recording: 43 %'],
    ['zh-CN', '正在读取记录：43%'],
  ] as const)('%s: a recording is being read → a strip shows the share until it is open', async (language, shown) => {
    const page = renderDashboard({ language });
    await page.lead();
    act(() => page.lab.push({ type: 'reading', share: 0.439 }));
    expect(text('banner-reading')).toBe(shown);
    act(() => page.lab.push({ type: 'reading', share: null }));
    expect(screen.queryByTestId('banner-reading')).toBeNull();
    act(() => page.lab.push({ type: 'reading', share: 0.9 }));
    const { mode, view } = page.dashboard.store.getState();
    if (mode === null || view === null) throw new Error('nothing is open');
    act(() => page.lab.push({ type: 'mode', mode, view }));
    expect(screen.queryByTestId('banner-reading')).toBeNull();
  });

  test('violation: found → red sentence with its source, view paused, mutant named', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    expect(screen.queryByTestId('banner-violation')).toBeNull();
    const proof = [{ seq: 1, source: 'S1', life: 1, nseq: 1, event: 'LeaderElected' }];
    const params = { term: 3, one: 'S1', other: 'S2' };
    act(() => {
      page.lab.tell({ event: 'PropertyViolated', property: 'election-safety', rule: 'Figure 3, §5.2', params, proof });
    });
    await page.advance(200);
    const sentence = text('banner-violation');
    expect(sentence).toContain('Two leaders in term 3: S1 and S2.');
    expect(sentence).toContain('Figure 3, §5.2');
    expect(screen.getByTestId('banner-frozen')).toBeDefined();
    expect(page.lab.view().leader?.server).toBe(leader);
  });
});

describe('health', () => {
  test('health: cluster idle for half a minute → no problem shown', async () => {
    const page = renderDashboard();
    await page.lead();
    for (let turn = 0; turn < 60; turn += 1) page.lab.advance(500);
    await page.advance(100);
    const { servers, network } = page.lab.view();
    expect([...Object.values(servers), network].map(({ health }) => health.state)).toEqual(Array(6).fill('ok'));
  });

  test('health: late ticks → word under the server; network gone → sentence', async () => {
    const page = renderDashboard();
    await page.lead();
    page.lab.tell({ event: 'NetworkExited', pid: 9, code: null, signal: 'SIGKILL', cause: 'not-ordered' });
    page.lab.tellAs('S2', { event: 'TicksLate', lateMs: 900, missed: 40 });
    await page.advance(50);
    expect(screen.getByTestId('server-S2').textContent).toMatch(/term \d+ · late/);
    expect(screen.getByRole('button', { name: /^S2, .*, late$/ })).toBeDefined();
    expect(text('network-health')).toBe('The network process is gone: no message passes.');
  });
});

describe('a paused view', () => {
  test('paused view: tab opened → its answer comes', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.keyboard(' ');
    await page.user.click(screen.getByTestId('server-S2'));
    await page.user.click(screen.getByRole('tab', { name: 'Disk' }));
    await page.advance(1500);
    expect(text('disk-state')).toContain('"currentTerm": 1');
  });

  test('paused view: kill and restart → toast says that the picture does not show it', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.keyboard('2 k');
    await page.advance(50);
    expect(screen.getByTestId('toast').textContent).toMatch(
      /^S2 killed. The view is frozen and shows an earlier moment./,
    );
    await page.user.click(within(screen.getByTestId('toast')).getByRole('button', { name: 'Restart' }));
    await page.advance(3000);
    expect(screen.getByTestId('server-S2').dataset.look).not.toBe('down');
    expect(screen.getByTestId('toast').textContent).toMatch(
      /^S2 started, pid \d+. The view is frozen and shows an earlier moment./,
    );
  });
});

describe('selection', () => {
  test('Disk tab: dead server → its parsed files', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    await submit(page, 'set x 5');
    await act(() => page.lab.door.ask('kill', { servers: [leader], signal: 'SIGKILL' }));
    await page.user.click(screen.getByTestId(`server-${leader}`));
    await page.user.click(screen.getByRole('tab', { name: 'Disk' }));
    await page.advance(200);
    expect(text('disk-state')).toContain('"currentTerm": 1');
    expect(text('disk')).toContain('set x 5');
    expect(text('disk')).toContain('tail-1.jsonl');
  });

  test('Memory tab: leader → its progress records; dead server → its memory is gone', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    await page.user.click(screen.getByTestId(`server-${leader}`));
    expect(text('memory-role')).toBe('Leader');
    expect(screen.getByTestId('server-panel').textContent).toContain('What the leader knows of the others');
    await act(() => page.lab.door.ask('kill', { servers: [leader], signal: 'SIGKILL' }));
    await page.advance(100);
    expect(screen.getByTestId('server-panel').textContent).toContain('its memory with it');
  });

  test('stores: differ → marked', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    const cutOff = followerOf(page, leader);
    await act(() => page.lab.door.ask('cutOff', { servers: [cutOff] }));
    await submit(page, 'set x 5');
    await page.user.click(screen.getByTestId(`server-${leader}`));
    await page.user.click(screen.getByRole('tab', { name: 'Store' }));
    await page.advance(300);
    expect(text('store')).toContain(`≠ ${cutOff}: absent`);
  });
});

describe('the Process tab', () => {
  test('Process tab: server is down → its end, without its last figures', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.click(screen.getByTestId('server-S2'));
    await page.user.click(screen.getByRole('tab', { name: 'Process' }));
    await page.advance(300);
    expect(screen.getByTestId('server-panel').textContent).toMatch(/memory61\.0 MB/);
    await act(() => page.lab.door.ask('kill', { servers: ['S2'], signal: 'SIGKILL' }));
    await page.advance(1500);
    const exit = await screen.findByTestId('process-exit', {}, { timeout: 10_000 });
    expect(exit.textContent).toBe('by SIGKILL, ordered here');
    const shown = screen.getByTestId('server-panel').textContent ?? '';
    expect(shown).toMatch(/uptime–CPU–memory–last write–missed ticks–/);
  });
});

describe('the command line', () => {
  test('command: invalid → error with its column, nothing sent', async () => {
    const page = renderDashboard();
    await page.lead();
    await submit(page, 'set x');
    expect(text('command-result')).toBe('value is missing: set key value (column 6)');
    expect(page.lab.asked.some((one) => one.name === 'submit')).toBe(false);
  });

  test('command: target is a follower → Start(), answer names the leader', async () => {
    const page = renderDashboard();
    const leader = await page.lead();
    const follower = followerOf(page, leader);
    await page.advance(500);
    await page.user.click(screen.getByTestId('command-target'));
    await page.user.click(await screen.findByRole('menuitem', { name: new RegExp(`^${follower}`) }));
    await submit(page, 'set x 1');
    expect(text('command-result')).toBe(`${follower} does not lead; ${leader} does`);
  });

  test('another run: opened → old answer and missing target are gone', async () => {
    const page = renderDashboard();
    await page.lead();
    await submit(page, 'set x 5');
    expect(text('command-result')).toMatch(/^done @1/);
    await page.user.click(screen.getByTestId('command-target'));
    await page.user.click(await screen.findByRole('menuitem', { name: /^S5/ }));
    await act(() => page.lab.door.ask('playScenario', { name: 'TestReElection', seed: 7 }));
    await page.advance(50);
    expect(text('command-result')).toBe('');
    expect(text('command-target')).toBe('leader');
  });

  test('command: answer comes in another run → not shown', async () => {
    const page = renderDashboard();
    await page.lead();
    let answer: () => void = () => expect.fail('nothing was asked');
    const ask = vi.spyOn(page.lab.door, 'ask').mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          answer = () => resolve({ ok: true, value: { outcome: 'unknown', attempts: 1 } } as never);
        }),
    );
    await page.user.click(screen.getByTestId('command-input'));
    await page.user.keyboard('set x 5{Enter}');
    ask.mockRestore();
    await act(() => page.lab.door.ask('createRun', {}));
    await act(async () => answer());
    expect(text('command-result')).toBe('');
  });

  test('command: invalid text typed before an answer → its error stays', async () => {
    const page = renderDashboard();
    await page.lead();
    await page.user.click(screen.getByTestId('command-input'));
    await page.user.keyboard('set x 5{Enter}set x{Enter}');
    await page.advance(2500);
    expect(page.lab.view().commitIndex).toBe(1);
    expect(text('command-result')).toBe('value is missing: set key value (column 6)');
  });

  test('command line: arrow up → earlier command; Tab → completion', async () => {
    const page = renderDashboard();
    await page.lead();
    await submit(page, 'set alpha 1');
    const input = screen.getByTestId('command-input') as HTMLInputElement;
    await page.user.type(input, 'ge{Tab}al{Tab}');
    expect(input.value).toBe('get alpha ');
    await page.user.keyboard('{ArrowUp}');
    expect(input.value).toBe('set alpha 1');
    await page.user.keyboard('{ArrowDown}');
    expect(input.value).toBe('get alpha ');
  });
});
