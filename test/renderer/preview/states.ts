/**
 * States of the dashboard for the preview. Each state is reached from a new cluster with a leader, by actions that a person has.
 * The list page shows all of them; `?state=<name>` opens one.
 */
import type { Actions } from '../../../src/renderer/store/actions.ts';
import type { OneThreadLab } from '../one-thread-lab.ts';

/** The parts of a preview that a state uses. */
export interface Page {
  readonly lab: OneThreadLab;
  readonly actions: Actions;
}

export interface State {
  readonly title: string;
  readonly make: (page: Page) => Promise<void> | void;
  /** Selector of an element that is on the page in this state only. */
  readonly sign: string;
}

const leaderOf = ({ lab }: Page): string => lab.view().leader?.server ?? '';
const followersOf = (page: Page): readonly string[] =>
  Object.keys(page.lab.view().servers).filter((id) => id !== leaderOf(page));

/** A leader that is cut off takes a command, which another leader's command then overwrites. */
async function cutLeaderTakesCommand(page: Page): Promise<void> {
  const deposed = leaderOf(page);
  await page.actions.cutOff([deposed, followersOf(page)[0] ?? '']);
  await page.actions.startCommand(deposed, { op: 'set', key: 'lost', value: '1' });
  page.lab.advanceUntil(({ leader }) => leader !== null && leader.server !== deposed);
  void page.actions.submit({ op: 'set', key: 'kept', value: '2' });
  page.lab.advance(4000);
}

function openTab(page: Page, tab: Parameters<Actions['setServerTab']>[0]): void {
  page.actions.setServerTab(tab);
  page.actions.select({ kind: 'server', server: leaderOf(page) });
}

/** Leaves an entry of the old leader on two disks while the others commit another one there. Returns its index. */
async function leaveEntryBehind(page: Page): Promise<number> {
  const { lab, actions } = page;
  const old = leaderOf(page);
  await actions.cutOff([old, followersOf(page)[0] ?? '']);
  const taken = await actions.startCommand(old, { op: 'set', key: 'lost', value: '1' });
  lab.advanceUntil(({ leader }) => leader !== null && leader.server !== old);
  await actions.startCommand(leaderOf(page), { op: 'set', key: 'kept', value: '2' });
  lab.advance(20_000);
  return taken.ok ? (taken.value.index ?? 1) : 1;
}

export const STATES = {
  memory: { title: 'A server: memory', make: (page) => openTab(page, 'memory'), sign: '.mono-names' },
  disk: { title: 'A server: disk', make: (page) => openTab(page, 'disk'), sign: '.disk' },
  store: {
    title: 'A server: store',
    make(page) {
      void page.actions.submit({ op: 'set', key: 'x', value: '5' });
      page.lab.advance(4000);
      openTab(page, 'store');
    },
    sign: '[data-testid=store]',
  },
  process: { title: 'A server: process', make: (page) => openTab(page, 'process'), sign: '.kill-line' },
  link: {
    title: 'A link, cut in one direction',
    async make(page) {
      const [a = '', b = ''] = [leaderOf(page), followersOf(page)[0] ?? ''].sort();
      page.actions.select({ kind: 'link', a, b });
      await page.actions.setLinks([`${a}>${b}`], { mode: 'cut' });
    },
    sign: '.lane-stopped',
  },
  events: {
    title: 'The face of events',
    make: ({ actions }) => actions.showFace('events'),
    sign: '[data-testid=events-list]',
  },
  graphs: {
    title: 'The face of the graphs',
    async make(page) {
      for (const value of ['5', '6', '7']) {
        void page.actions.submit({ op: 'set', key: 'x', value });
        page.lab.advance(1_500);
      }
      page.actions.showFace('graphs');
    },
    sign: '[data-testid=graph-cursor]',
  },
  asked: {
    title: 'The face of the commands',
    async make(page) {
      await cutLeaderTakesCommand(page);
      page.actions.showFace('asked');
    },
    sign: '.asked-row',
  },
  story: {
    title: 'The story, behind the events',
    make(page) {
      const [first = '', second = '', third = ''] = followersOf(page);
      page.lab.killFromOutside(first);
      page.lab.advance(100);
      page.actions.skipStory();
      for (const id of [second, third]) page.lab.killFromOutside(id);
      page.lab.advance(100);
    },
    sign: '[data-code=server-died]',
  },
  'story-long': {
    title: 'The story: a sentence of more than two lines',
    make({ lab, actions }) {
      const message = `the disk is full: ${'a long name of a folder / '.repeat(12)}events.jsonl`;
      lab.tell({ event: 'LabFailed', message });
      lab.advance(100);
      actions.skipStory();
    },
    sign: '[data-code=lab-failed]',
  },
  presentation: {
    title: 'The presentation',
    async make(page) {
      await page.actions.kill(followersOf(page)[0] ?? '');
      void page.actions.submit({ op: 'set', key: 'x', value: '5' });
      page.lab.advance(2000);
      page.actions.togglePresentation();
    },
    sign: '[data-presenting=true]',
  },
  why: {
    title: 'The face of why: the leader is elected',
    make({ lab, actions }) {
      const elected = lab.view().story.findLast(({ code }) => code === 'leader-elected');
      actions.askWhy(elected?.seq ?? 0);
    },
    sign: '.why-evidence',
  },
  killed: {
    title: 'The leader is killed, another leads',
    async make(page) {
      const killed = leaderOf(page);
      await page.actions.kill(killed);
      page.lab.advanceUntil(({ leader }) => leader !== null && leader.server !== killed);
    },
    sign: '.shape-down',
  },
  'log-conflict': {
    title: 'Two logs against the leader’s',
    make: async (page) => void (await leaveEntryBehind(page)),
    sign: '.cell[data-conflict=true]',
  },
  'log-long': {
    title: 'A log of 24 entries: the oldest folded',
    make(page) {
      for (let index = 1; index <= 24; index += 1) {
        void page.actions.submit({ op: 'set', key: `key${index}`, value: '城市'.repeat(index % 9) });
        page.lab.advance(800);
      }
    },
    sign: '[aria-colcount="25"]',
  },
  'index-life': {
    title: 'The life of an index: an entry was overwritten',
    async make(page) {
      const index = await leaveEntryBehind(page);
      await page.actions.heal(null);
      page.lab.advance(4000);
      page.actions.select({ kind: 'entry', server: leaderOf(page), index, term: 1 });
    },
    sign: '.life-end',
  },
  frozen: {
    title: 'A frozen server',
    make: async (page) => page.actions.toggleFreeze(followersOf(page)[0] ?? ''),
    sign: '.shape-frozen',
  },
  cut: {
    title: 'Two servers cut off',
    make: async (page) => page.actions.cutOff([leaderOf(page), followersOf(page)[0] ?? '']),
    sign: '.wall',
  },
  unreliable: {
    title: 'The unreliable network',
    make: async ({ actions }) => actions.toggleUnreliable(),
    sign: '.lane-faulty',
  },
  'no-leader': {
    title: 'No majority, no leader',
    make(page) {
      for (const id of [leaderOf(page), ...followersOf(page).slice(0, 2)]) page.lab.killFromOutside(id);
      page.lab.advance(4000);
    },
    sign: '.sentence .amber',
  },
  violation: {
    title: 'A broken promise',
    make({ lab }) {
      const params = { term: 4, one: 'S1', other: 'S2' };
      lab.tell({ event: 'PropertyViolated', property: 'election-safety', rule: 'Figure 3, §5.2', params, proof: [] });
      lab.advance(100);
    },
    sign: '[data-testid=banner-violation]',
  },
  paused: {
    title: 'A paused view',
    make: ({ actions }) => actions.togglePauseView(),
    sign: '[data-testid=banner-frozen]',
  },
  lost: {
    title: 'The connection is lost',
    make: ({ lab }) => lab.setConnection('lost'),
    sign: '[data-testid=banner-lost]',
  },
  recording: {
    title: 'A recording',
    make: async ({ actions }) => void (await actions.openRun('earlier')),
    sign: '[data-testid=banner-past]',
  },
  scenario: {
    title: 'A scenario',
    make: async ({ actions }) => actions.playScenario('TestReElection', null),
    sign: '[data-testid=scenario]',
  },
  settings: { title: 'Dialog: settings', make: ({ actions }) => actions.setDialog('settings'), sign: '[role=dialog]' },
  runs: { title: 'Dialog: recordings', make: ({ actions }) => actions.setDialog('runs'), sign: '.run-row' },
  'new-run-warned': {
    title: 'Dialog: new run with a warning, like another run',
    make: ({ lab, actions }) => {
      const { settings } = lab.view();
      if (settings !== null) actions.newRunLike({ ...settings, electionMaxTicks: 18, jitterTicks: 0.2 });
    },
    sign: '[data-code=narrow-range]',
  },
  timing: {
    title: 'Dialog: timing of the running cluster',
    make: ({ actions }) => actions.setDialog('timing'),
    sign: '[data-testid=timing-apply]',
  },
  'new-run': { title: 'Dialog: new run', make: ({ actions }) => actions.setDialog('new-run'), sign: '[role=dialog]' },
  scenarios: { title: 'Dialog: scenarios', make: ({ actions }) => actions.setDialog('scenarios'), sign: '.scenarios' },
  help: { title: 'Dialog: keys', make: ({ actions }) => actions.setDialog('help'), sign: '.keys' },
} satisfies Readonly<Record<string, State>>;

export type StateName = keyof typeof STATES;

/** The state of this name; undefined for another name. */
export function stateOf(name: string | null): State | undefined {
  return name !== null && Object.hasOwn(STATES, name) ? STATES[name as StateName] : undefined;
}
