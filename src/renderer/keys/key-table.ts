/**
 * Every key of the page in one table, in the order of the help: how it is printed, the character that it writes, and its action.
 * The help and the listener follow from it; the text of a row is `key.<name>`. A destructive key acts only on a live run, and on
 * a server only with a selection.
 */
import type { Dashboard } from '../store/dashboard-context.ts';
import { troublesOf } from '../store/troubles.ts';

/** The action of a key. */
interface KeyAction {
  /** Precondition of the key: an open run, a live run, or a selected server of a live run. */
  readonly needs: 'nothing' | 'run' | 'live' | 'server';
  /** @param server  the selected server; empty unless the key needs one */
  readonly run: (dashboard: Dashboard, server: string) => unknown;
}

export interface KeyRow {
  readonly printed: readonly string[];
  /** The character that the key writes, in lower case; absent when the key is found in another way. */
  readonly writes?: string;
  /** True: only with Shift. `any`: with or without Shift, since some layouts need it for the sign. Absent: only without. */
  readonly shift?: true | 'any';
  /** Absent when another component handles the key. */
  readonly action?: KeyAction;
}

const ROWS = {
  select: { printed: ['1', '…', '9'] },
  arrows: { printed: ['←', '→'] },
  kill: row('K', 'server', ({ actions }, server) => actions.kill(server)),
  restart: row('R', 'server', ({ actions }, server) => actions.restart([server])),
  freezeServer: row('F', 'server', ({ actions }, server) => actions.toggleFreeze(server)),
  isolate: row('I', 'server', ({ actions }, server) => actions.toggleCutOff(server)),
  cutGroup: row('P', 'live', ({ actions }) => actions.cutGroup()),
  unreliable: row('U', 'live', ({ actions }) => actions.toggleUnreliable()),
  nemesis: row('N', 'live', ({ actions }) => actions.toggleNemesis()),
  healAll: { ...row('H', 'live', healAll), printed: ['Shift', 'H'], shift: true },
  command: row('C', 'nothing', () => document.querySelector<HTMLInputElement>('#command-input')?.focus()),
  filter: { ...row('/', 'nothing', openEvents), shift: 'any' },
  asked: row('A', 'run', ({ actions }) => actions.showFace('asked')),
  graphs: row('G', 'run', ({ actions }) => actions.showFace('graphs')),
  why: row('W', 'nothing', askWhy),
  freeze: { ...row(' ', 'nothing', ({ actions }) => actions.togglePauseView()), printed: ['Space'] },
  live: row('L', 'nothing', ({ actions }) => actions.backToNewest()),
  present: row('B', 'nothing', ({ actions }) => actions.togglePresentation()),
  export: row('E', 'run', ({ actions }) => actions.exportRun()),
  help: { ...row('?', 'nothing', ({ actions }) => actions.setDialog('help')), shift: 'any' },
  escape: { ...row('Escape', 'nothing', ({ actions }) => actions.escape()), printed: ['Esc'] },
} as const satisfies Readonly<Record<string, KeyRow>>;

/** Name of a row. */
export type KeyName = keyof typeof ROWS;

export const KEYS: Readonly<Record<KeyName, KeyRow>> = ROWS;

/** All rows, in the order of the help. */
export const KEY_NAMES = Object.keys(KEYS) as readonly KeyName[];

/** Makes a row for a key whose printed form is its character. */
function row(key: string, needs: KeyAction['needs'], run: KeyAction['run']): KeyRow {
  return { printed: [key], writes: key.length === 1 ? key.toLowerCase() : key, action: { needs, run } };
}

/** Opens the face of events, whose filter then takes the focus. When the face is open, only the focus moves there. */
function openEvents({ actions, store }: Dashboard): unknown {
  if (store.getState().face !== 'events') return actions.showFace('events');
  return document.querySelector<HTMLInputElement>('#events-filter')?.focus();
}

/** Asks *why?* of the focused event or sentence; otherwise of the newest sentence of the story. */
function askWhy({ actions, store }: Dashboard): unknown {
  const focused = document.activeElement?.closest<HTMLElement>('[data-why-seq]')?.dataset;
  if (focused?.whySeq !== undefined) {
    return actions.askWhy(Number(focused.whySeq), focused.whyOf === 'event' ? 'event' : undefined);
  }
  const { told, view } = store.getState();
  // The page may still tell an earlier sentence, and that is the one that a person reads.
  const newest = told.lines[0]?.item ?? view?.story.at(-1);
  return newest === undefined ? undefined : actions.askWhy(newest.seq);
}

/** Heals all faults; does nothing without a fault. */
function healAll({ actions, store }: Dashboard): unknown {
  const { view } = store.getState();
  return view === null || troublesOf(view).length === 0 ? undefined : actions.heal(null);
}
