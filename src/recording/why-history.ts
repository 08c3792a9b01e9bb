/**
 * Answers *why?* from a recording: it finds the event, reads a bounded stretch of the events before it, folds the view just before
 * it, and asks core/why. The lab's own events and elections are rare and matter for long, so they are read from farther back.
 * Flow: history.ts → here → core/why.
 */
import type { WhyAsk } from '../core/actions/questions.ts';
import { EVENT_NAMES, eventRow } from '../core/catalogue/index.ts';
import { pastOf } from '../core/trace/causes-past.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import type { EventKey } from '../core/trace/order.ts';
import { type Why, whyOf } from '../core/why/index.ts';
import type { PastViews } from './past-views.ts';
import type { SortedTrace } from './sorted-trace.ts';
import { type Chunk, keyOf } from './trace-index.ts';

/** Number of events before the event that are read in full. */
const STRETCH = 5_000;
/** Maximum number of rare events before that stretch, and of pieces that are read for them. */
const MOST_RARE = 500;
const MOST_RARE_PIECES = 40;

/** Names of the rare events: those of the lab, and elections. */
const RARE: ReadonlySet<string> = new Set([
  ...EVENT_NAMES.filter((name) => eventRow(name)?.teller === 'lab'),
  'ElectionStarted',
  'LeaderElected',
]);

/** Resolves with the reason of the event at this position of the file; null when the recording does not hold it. */
export async function whyIn(trace: SortedTrace, views: PastViews, { seq, of = 'story' }: WhyAsk): Promise<Why | null> {
  const event = await eventAt(trace, seq);
  if (event === null) return null;
  const justBefore: EventKey = { ...keyOf(event), seq: event.seq - 0.5 };
  const stretch = await newestBefore(trace, justBefore);
  const oldest = stretch.at(-1);
  const rare = oldest === undefined ? [] : await rareBefore(trace, { ...keyOf(oldest), seq: oldest.seq - 0.5 });
  const before = await views.viewUpTo(justBefore);
  return whyOf(event, { past: pastOf([...rare, ...stretch].reverse()), before, of });
}

/** The event at this position of the file, from 1. */
async function eventAt(trace: SortedTrace, seq: number): Promise<TraceEvent | null> {
  let end = 0;
  for (const block of trace.index.blocks) {
    end += block.size;
    if (seq > end) continue;
    return (await trace.readBlock(block)).find((one) => one.seq === seq) ?? null;
  }
  return null;
}

/** The newest events up to this key, newest first. */
async function newestBefore(trace: SortedTrace, to: EventKey): Promise<readonly TraceEvent[]> {
  const found: TraceEvent[] = [];
  for await (const piece of trace.pieces({ from: null, to, newest: true })) {
    found.push(...piece);
    if (found.length >= STRETCH) break;
  }
  return found;
}

/** The newest rare events up to this key, newest first. */
async function rareBefore(trace: SortedTrace, to: EventKey): Promise<readonly TraceEvent[]> {
  const found: TraceEvent[] = [];
  let pieces = 0;
  for await (const piece of trace.pieces({ from: null, to, newest: true, wants: hasRare })) {
    found.push(...piece.filter((one) => RARE.has(one.event)));
    pieces += 1;
    if (found.length >= MOST_RARE || pieces >= MOST_RARE_PIECES) break;
  }
  return found;
}

function hasRare({ blocks }: Chunk): boolean {
  return blocks.some(({ counts }) =>
    [...counts.values()].some((names) => [...names.keys()].some((name) => RARE.has(name))),
  );
}
