/**
 * The story: the sentences that tell what happened, newest last. Each important event adds one. Nothing important is replaced:
 * only repetitions within a short time join the sentence that is there already, so 500 commits a second neither flush the story
 * nor cost much. Flow: caption-tellers.ts → fold → here → the view.
 */
import { type CaptionContent, captionRow } from '../catalogue/index.ts';
import type { TraceEvent } from './events.ts';
import { chainOf } from './story-chains.ts';
import type { StoryItem } from './view.ts';

/** Maximum number of items. An item of rank 3 or 4 goes only when this many newer ones have come. */
const MOST_ITEMS = 40;
/** Maximum number of items about progress (rank 1 or 2); the oldest of them goes first. */
const MOST_PROGRESS = 8;
/** Time for which a repetition joins an item, counted from the event that began the item (µs). */
const REPEAT_US = 1_000_000;

/** The story after this event, which tells `content`. */
export function told(story: readonly StoryItem[], content: CaptionContent, event: TraceEvent): readonly StoryItem[] {
  const { rank, tone = 'neutral' } = captionRow(content.code);
  const { seq, timeUs } = event;
  const item: StoryItem = { ...content, id: seq, rank, tone, seq, timeUs, causes: [], chain: [] };
  return joined(story, item) ?? bounded(inserted(story, { ...item, chain: chainOf(story, content) }));
}

/** The story with this item joined to an earlier one; null when the item repeats none. */
function joined(story: readonly StoryItem[], item: StoryItem): readonly StoryItem[] | null {
  const { repeats } = captionRow(item.code);
  if (repeats === undefined) return null;
  const at = story.findLastIndex((one) => one.code === item.code && (repeats === 'counted' || isAlike(one, item)));
  const known = story[at];
  if (known === undefined || Math.abs(item.timeUs - known.timeUs) >= REPEAT_US) return null;
  const params = repeats === 'counted' ? counted(known, item) : withServer(known, item);
  return story.with(at, { ...known, seq: item.seq, params });
}

/** True when both say the same of different servers. */
function isAlike(one: StoryItem, other: StoryItem): boolean {
  const same = Object.entries(other.params).filter(([name]) => name !== 'server' && name !== 'many');
  return same.every(([name, value]) => one.params[name] === value);
}

function counted(known: StoryItem, item: StoryItem): StoryItem['params'] {
  return { ...item.params, times: Number(known.params.times) + Number(item.params.times) };
}

function withServer(known: StoryItem, item: StoryItem): StoryItem['params'] {
  const servers = new Set([...String(known.params.server).split(', '), String(item.params.server)]);
  return { ...known.params, server: [...servers].join(', '), many: servers.size };
}

/** Inserts the item at its time. Only the live view of an inexact fold gets an event that is older than the newest item. */
function inserted(story: readonly StoryItem[], item: StoryItem): readonly StoryItem[] {
  return story.toSpliced(story.findLastIndex((one) => one.timeUs <= item.timeUs) + 1, 0, item);
}

function bounded(story: readonly StoryItem[]): readonly StoryItem[] {
  const isProgress = ({ rank }: StoryItem): boolean => rank <= 2;
  const progress = story.filter(isProgress).length;
  const some = progress > MOST_PROGRESS ? story.toSpliced(story.findIndex(isProgress), 1) : story;
  return some.length > MOST_ITEMS ? some.slice(-MOST_ITEMS) : some;
}
