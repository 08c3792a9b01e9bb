/**
 * The reading pace of the story: which sentences stand below the ring at a moment, and which wait for their turn. Pure: the
 * caller passes the items of the view, the time and the time that each sentence needs. Flow: a new item waits until the newest
 * sentence has stood for its time, and then pushes that sentence down. A sentence is never replaced. When the queue would fall
 * more than 8 s behind, waiting items of one kind become one; then ranks below 4 are left to the list of events, the lowest first;
 * then sentences stand for 2.5 s only; at last the oldest items are left out as well.
 */
import type { StoryItem } from '../../core/trace/index.ts';
import type { ToldItem } from '../store/dashboard-store.ts';

/** Maximum number of sentences that stand at once: the newest and three older ones. */
const STANDING = 4;

/** Maximum time between the arrival of an item and its sentence, in milliseconds. */
export const MAX_BEHIND_MS = 8000;

/** Shortest time for which a sentence stands before the next one may push it down, in milliseconds. */
const MIN_STAND_MS = 2500;
/** Rank of items that a person must not miss. */
const MUST_NOT_MISS = 4;
const LETTER_MS = 60;
const CHINESE_MS = 170;

interface WaitingItem extends ToldItem {
  /** Time at which the page got the item, in milliseconds of the page's clock. */
  readonly arrivedMs: number;
}

/** The story as it stands at a moment. */
export interface Telling {
  /** The sentences that stand, newest first. */
  readonly told: readonly ToldItem[];
  /** Time at which the newest sentence got its line, in milliseconds of the page's clock. */
  readonly toldMs: number;
  /** Items that wait, oldest first. */
  readonly waiting: readonly WaitingItem[];
  /** The items of the view that were taken last. */
  readonly taken: readonly StoryItem[];
}

/** The time that the sentence of an item stands at least, in milliseconds. */
export type StandMs = (item: StoryItem) => number;

/** Returns the time that a sentence needs: 60 ms a letter and 170 ms a Chinese character, from 2.5 s to 8 s. */
export function standMsOf(text: string): number {
  let ms = 0;
  for (const letter of text) {
    if (/\s/.test(letter)) continue;
    ms += /\p{Script=Han}/u.test(letter) ? CHINESE_MS : LETTER_MS;
    // A sentence that stood longer would put the next one too far behind.
    if (ms >= MAX_BEHIND_MS) return MAX_BEHIND_MS;
  }
  return Math.max(MIN_STAND_MS, ms);
}

/** Tells the newest items at once, without a queue: a run that has just been opened, a paused picture, a recording. */
export function tellAtOnce(story: readonly StoryItem[], nowMs: number): Telling {
  const told = story.map((item) => ({ item, alike: 0 })).reduce(pushed, [] as readonly ToldItem[]);
  return { told, toldMs: nowMs, waiting: [], taken: story };
}

/** Takes the items of a new view: new ones wait, changed ones change where they are. */
export function take(telling: Telling, story: readonly StoryItem[], nowMs: number, standMs: StandMs): Telling {
  const { taken } = telling;
  if (taken === story) return telling;
  const old = new Map(taken.map((item) => [item.id, item]));
  const byId = new Map(story.map((item) => [item.id, item]));
  const isChanged = story.some((item) => old.has(item.id) && old.get(item.id) !== item);
  const renewed = <One extends ToldItem>(one: One): One => ({ ...one, item: byId.get(one.item.id) ?? one.item });
  const fresh = story
    .filter(({ id }) => !old.has(id))
    .map((item): WaitingItem => ({ item, alike: 0, arrivedMs: nowMs }));
  const inside = new Set(fresh.flatMap(({ item }) => containedIn(item)));
  const waiting = [...telling.waiting.map(renewed), ...fresh].filter(({ item }) => !inside.has(item.id));
  const told = isChanged ? telling.told.map(renewed) : telling.told;
  return advance({ ...telling, told, waiting, taken: story }, nowMs, standMs);
}

/** Puts the next item on top when its turn has come. */
export function advance(telling: Telling, nowMs: number, standMs: StandMs): Telling {
  const { waiting, dueMs } = planned(telling, nowMs, standMs);
  const [next, ...rest] = waiting;
  if (next === undefined || dueMs > nowMs)
    return waiting.length === telling.waiting.length ? telling : { ...telling, waiting };
  return { ...telling, told: pushed(telling.told, next), toldMs: nowMs, waiting: rest };
}

/** Tells everything that waits at once. */
export function skip(telling: Telling, nowMs: number): Telling {
  const told = telling.waiting.reduce(pushed, telling.told);
  return { ...telling, told, toldMs: nowMs, waiting: [] };
}

/** Time at which the next item is due, in milliseconds of the page's clock; null when none waits. */
export function nextDueMs(telling: Telling, nowMs: number, standMs: StandMs): number | null {
  return telling.waiting.length === 0 ? null : planned(telling, nowMs, standMs).dueMs;
}

/** How far the story is behind the events, in milliseconds; 0 when nothing waits. */
export function behindMs({ waiting }: Telling, nowMs: number): number {
  return waiting[0] === undefined ? 0 : nowMs - waiting[0].arrivedMs;
}

/** Puts a sentence on top. Sentences that it contains need no line of their own any more. */
function pushed(told: readonly ToldItem[], { item, alike }: ToldItem): readonly ToldItem[] {
  const contained = containedIn(item);
  const older = told.filter((one) => !contained.includes(one.item.id));
  return [{ item, alike }, ...older].slice(0, STANDING);
}

/** Ids of the older items that a chained sentence tells again. */
function containedIn({ chain }: StoryItem): readonly number[] {
  return chain.flatMap(({ tells }) => tells ?? []);
}

/** Time at which the newest sentence has stood long enough; before every other time when none stands. */
function freeAtMs({ told, toldMs }: Telling, standMs: StandMs): number {
  return told[0] === undefined ? Number.NEGATIVE_INFINITY : toldMs + standMs(told[0].item);
}

interface Plan {
  readonly waiting: readonly WaitingItem[];
  /** Time at which the first of them is due. */
  readonly dueMs: number;
}

/** The queue without the items that would come too late, and the time of the next one. */
function planned(telling: Telling, nowMs: number, standMs: StandMs): Plan {
  let { waiting } = telling;
  const isLateWith = (stand: StandMs): boolean => isLate(waiting, Math.max(nowMs, freeAtMs(telling, stand)), stand);
  while (isLateWith(standMs)) {
    const fewer = joinedKind(waiting) ?? withoutLowest(waiting, MUST_NOT_MISS - 1);
    if (fewer === null) break;
    waiting = fewer;
  }
  if (!isLateWith(standMs)) return { waiting, dueMs: freeAtMs(telling, standMs) };
  // A sentence that is pushed early can still be read in its older line.
  while (isLateWith(leastMs)) {
    const fewer = withoutLowest(waiting, MUST_NOT_MISS);
    if (fewer === null) break;
    waiting = fewer;
  }
  return { waiting, dueMs: freeAtMs(telling, leastMs) };
}

function leastMs(): number {
  return MIN_STAND_MS;
}

function isLate(waiting: readonly WaitingItem[], startMs: number, standMs: StandMs): boolean {
  let atMs = startMs;
  return waiting.some(({ item, arrivedMs }) => {
    const isThis = atMs - arrivedMs > MAX_BEHIND_MS;
    atMs += standMs(item);
    return isThis;
  });
}

/** Joins the two oldest items of one kind into the newer one, in the lowest rank that has two; null without two. */
function joinedKind(waiting: readonly WaitingItem[]): readonly WaitingItem[] | null {
  const pairs = waiting.flatMap((older, at) => {
    const newer = waiting.slice(at + 1).find(({ item }) => item.code === older.item.code);
    return newer === undefined ? [] : [{ older, newer }];
  });
  const [pair] = pairs.toSorted((a, b) => a.older.item.rank - b.older.item.rank);
  if (pair === undefined) return null;
  const joined = { ...pair.newer, alike: pair.newer.alike + pair.older.alike + 1 };
  return waiting.flatMap((one) => (one === pair.older ? [] : one === pair.newer ? [joined] : [one]));
}

/**
 * Leaves out the oldest item of the lowest rank, up to `highest`; the list of events still has it. Null without such an item,
 * and for the last item: after the computer slept, every waiting item is late.
 */
function withoutLowest(waiting: readonly WaitingItem[], highest: number): readonly WaitingItem[] | null {
  const lowest = Math.min(...waiting.map(({ item }) => item.rank));
  if (waiting.length < 2 || lowest > highest) return null;
  const at = waiting.findIndex(({ item }) => item.rank === lowest);
  return waiting.filter((_, place) => place !== at);
}
