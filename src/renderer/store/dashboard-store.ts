/**
 * The dashboard's state, as one zustand store outside React: the lab's mode and view as last published by the
 * feed, and what the person at the screen chose (selection, group, open panels, problems, toasts). Components read
 * it through selectors; only feed.ts, actions.ts and story/teller.ts write it.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DoorConnection, LabLag, LabMode, Requests } from '../../core/lab-api/index.ts';
import type { ClusterView, RunSettings, StoryItem, TraceEvent } from '../../core/trace/index.ts';
import type { Translations } from '../../translations/index.ts';
import type { LogIndex, Problem, ServerId, Term } from '../contract.ts';

/** One selection everywhere: every region highlights it. A link is an unordered pair, `a` before `b`. */
export type Selection =
  | { readonly kind: 'none' }
  | { readonly kind: 'server'; readonly server: ServerId }
  | { readonly kind: 'link'; readonly a: ServerId; readonly b: ServerId }
  | { readonly kind: 'entry'; readonly index: LogIndex; readonly term: Term; readonly server: ServerId };

/** A short confirmation; `restart` offers to bring these servers back, `isExport` to show the file in its folder. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly restart: readonly ServerId[];
  readonly isExport: boolean;
}

/** A sentence of the story that stands below the ring. */
export interface ToldItem {
  readonly item: StoryItem;
  /** Number of earlier items of the same kind that this sentence stands for. */
  readonly alike: number;
}

/** The story as it stands below the ring; story/teller.ts writes it. */
export interface ToldStory {
  /** Newest first, at most four. */
  readonly lines: readonly ToldItem[];
  /** Whole seconds that the story is behind the events; 0 while nothing waits. */
  readonly behindSeconds: number;
}

/** A tab of a server's panel, by the key of its title; servers/server-tabs.ts has the contents. */
export type ServerTab = keyof Translations['serverTab'];

/**
 * The content of the lower part of the side: the panel of the selection, or a face by the key of its title. side/faces.ts has the
 * components.
 */
export type Face = 'selection' | FaceName;
export type FaceName = keyof Translations['faceTitle'];

/** The question why an event happened, or why a sentence of the story is so. */
export type WhyQuestion = Requests['why']['ask'];

/** Whether this live run may be closed for another one; answered once. */
export interface Question {
  readonly runId: string;
  readonly answer: (mayClose: boolean) => void;
}

export type Dialog = 'none' | 'help' | 'new-run' | 'timing' | 'runs' | 'scenarios' | 'settings';

export interface DashboardState {
  readonly connection: 'connecting' | DoorConnection;
  /** Null until the first push. */
  readonly mode: LabMode | null;
  readonly view: ClusterView | null;
  readonly told: ToldStory;
  /** True while the view is paused; the cluster keeps running. */
  readonly isPaused: boolean;
  /** True when the run has ended, even if the paused view does not show it. */
  readonly hasEnded: boolean;
  /** Delay of picture and judges; null while both keep up. */
  readonly lag: LabLag | null;
  /** Share of an opening recording that has been read, 0 to 1; null when none is being opened, or it opens at once. */
  readonly reading: number | null;
  /** Number of events that came while the view was paused. */
  readonly waiting: number;
  /** Notable events (no messages, no timers), oldest first, at most 60. */
  readonly recent: readonly TraceEvent[];
  /** Increases whenever events have come that a list may show. */
  readonly eventVersion: number;
  readonly selection: Selection;
  /** Servers chosen with Shift, to be cut off together. */
  readonly group: readonly ServerId[];
  /** The open tab. It stays open when another server is selected, so that servers can be compared. */
  readonly serverTab: ServerTab;
  readonly dialog: Dialog;
  /** Settings of the run that *New run* repeats; null for the usual ones. */
  readonly runLike: RunSettings | null;
  /** The open question, shown above every dialog; null without one. */
  readonly question: Question | null;
  readonly face: Face;
  /** The open questions of *why?*, newest last: each was asked of the evidence of the one before it. */
  readonly whyAsked: readonly WhyQuestion[];
  /** True in presentation: header, ring, logs and story alone, at sizes for a lecture hall. */
  readonly isPresenting: boolean;
  /** Random faults a minute as chosen on this page; null for the rate that suits the pace. */
  readonly nemesisRate: number | null;
  /** Increases when the log grid and the events must return to their newest end. */
  readonly followVersion: number;
  readonly problems: readonly Problem[];
  readonly toasts: readonly Toast[];
}

export type DashboardStore = StoreApi<DashboardState>;

export const RECENT_EVENTS = 60;

/** Key of the open run; another one for a recording of the same run; null when nothing is open. */
export function runKeyOf(mode: LabMode | null): string | null {
  return mode === null || mode.mode === 'idle' ? null : `${mode.mode} ${mode.runId}`;
}

/** The state of the dashboard before the first push. */
export function createDashboardStore(): DashboardStore {
  return createStore<DashboardState>(() => ({
    connection: 'connecting',
    mode: null,
    view: null,
    told: { lines: [], behindSeconds: 0 },
    isPaused: false,
    hasEnded: false,
    lag: null,
    reading: null,
    waiting: 0,
    recent: [],
    eventVersion: 0,
    selection: { kind: 'none' },
    group: [],
    serverTab: 'memory',
    dialog: 'none',
    runLike: null,
    question: null,
    face: 'selection',
    whyAsked: [],
    isPresenting: false,
    nemesisRate: null,
    followVersion: 0,
    problems: [],
    toasts: [],
  }));
}
