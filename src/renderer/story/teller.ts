/**
 * Tells the story outside React: it takes the items of each published view, keeps their queue at reading pace, and writes into
 * the store only when another sentence stands or the story falls a second further behind. A paused picture, a recording and a
 * run that has just been opened show their newest sentences at once.
 */
import type { StoryItem } from '../../core/trace/index.ts';
import type { DashboardState, DashboardStore, ToldStory } from '../store/dashboard-store.ts';
import { advance, behindMs, nextDueMs, skip, standMsOf, type Telling, take, tellAtOnce } from './reading-pace.ts';

export interface TellerParts {
  readonly store: DashboardStore;
  /** A monotonic clock of the page, in milliseconds. */
  readonly nowMs: () => number;
  /** Calls back after the given number of milliseconds; the returned function cancels the call. */
  readonly later: (run: () => void, ms: number) => () => void;
  /** The sentence of an item in the language of the page. */
  readonly textOf: (item: StoryItem) => string;
}

export interface Teller {
  /** Tells everything that waits at once. */
  skip(): void;
  close(): void;
}

/** The story before the first view; one array, because another array is another story. */
const NOTHING: readonly StoryItem[] = [];

/** Starts telling; writes `told` of the store until it is closed. */
export function createTeller({ store, nowMs, later, textOf }: TellerParts): Teller {
  const standMs = (item: StoryItem) => standMsOf(textOf(item));
  let telling = tellAtOnce(NOTHING, nowMs());
  let cancel: (() => void) | null = null;

  function show(next: Telling): void {
    telling = next;
    const now = nowMs();
    const seconds = Math.floor(behindMs(telling, now) / 1000);
    const { told } = store.getState();
    if (told.lines !== telling.told || told.behindSeconds !== seconds) {
      store.setState({ told: { lines: telling.told, behindSeconds: seconds } satisfies ToldStory });
    }
    cancel?.();
    const dueMs = nextDueMs(telling, now, standMs);
    cancel = dueMs === null ? null : later(turn, Math.max(1, Math.min(dueMs - now, nextSecondMs(telling, now))));
  }

  function turn(): void {
    cancel = null;
    show(advance(telling, nowMs(), standMs));
  }

  const stop = store.subscribe((state, before) => {
    const story = state.view?.story ?? NOTHING;
    if (isAtOnce(state, before)) {
      if (telling.taken !== story || telling.waiting.length > 0) show(tellAtOnce(story, nowMs()));
    } else if (telling.taken !== story) show(take(telling, story, nowMs(), standMs));
  });

  return {
    skip: () => show(skip(telling, nowMs())),
    close() {
      cancel?.();
      stop();
    },
  };
}

/** True while the shown moment does not move, and when another run or another moment has just been opened. */
function isAtOnce(state: DashboardState, before: DashboardState): boolean {
  return state.isPaused || before.isPaused || state.mode?.mode !== 'live' || state.mode !== before.mode;
}

/** Milliseconds until the story is another whole second behind. */
function nextSecondMs(telling: Telling, nowMs: number): number {
  const behind = behindMs(telling, nowMs);
  return 1000 - (behind % 1000);
}
