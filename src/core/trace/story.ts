/**
 * The story: the sentences that tell what happened, newest last. Each important event adds one. Nothing important is replaced:
 * only repetitions within a short time join the sentence that is there already, so 500 commits a second neither flush the story
 * nor cost much. Flow: caption-tellers.ts → fold → here → the view.
 */
import { type CaptionContent, captionRow } from '../catalogue/index.ts';
import type { TraceEvent } from './events.ts';
import { causesIn } from './story-causes.ts';
import { chainOf, clauseOf } from './story-chains.ts';
import type { ClusterView, StoryItem } from './view.ts';

/** Maximum number of items. An item of rank 3 or 4 goes only when this many newer ones have come. */
const MOST_ITEMS = 40;
/** Items up to this rank are about progress. The oldest of them goes first, and none names its causes. */
const MOST_RANK_OF_PROGRESS = 2;
/** Maximum number of items about progress. */
const MOST_PROGRESS = 8;
/** Time for which a repetition joins an item, counted from the event that began the item (µs). */
const REPEAT_US = 1_000_000;

/**
 * The story after this event, which tells `content`; `before` is the view before it.
 *
 * @param isOwn  false for a conclusion from several events: the causes of this event are not those of the conclusion
 */
export function told(
  before: ClusterView,
  content: CaptionContent,
  event: TraceEvent,
  isOwn: boolean,
): readonly StoryItem[] {
  const { story } = before;
  if (content.code === 'command-done') {
    const at = story.findLastIndex((item) => isCommand(item) && Number(item.params.index) >= content.params.index);
    if (at >= 0) return answered(story, at, content, event);
  }
  const { rank, tone = 'neutral', repeats } = captionRow(content.code);
  if (repeats === 'counted') {
    // A later important item ends the count: what is counted after it belongs below it.
    const at = story.findLastIndex((item) => isKind(item, content) || item.rank > rank);
    if (isKind(story[at], content) && isQuiet(story[at]) === isQuiet(content) && isRecent(story[at], event))
      return story.with(at, counted(story[at] as StoryItem, content, event));
  }
  if (repeats === 'lasting' && isStillTold(story, content)) return story;
  const { seq, timeUs } = event;
  const { code, params } = content;
  const chain = chainOf(content, before, timeUs);
  const causes = rank > MOST_RANK_OF_PROGRESS ? causesIn(isOwn ? before.remembered : [], event, chain) : [];
  const item: StoryItem = { id: seq, code, params, rank, tone, seq, timeUs, causes, chain };
  if (repeats === 'by-server') {
    const at = story.findLastIndex((one) => isAlike(one, item));
    if (isRecent(story[at], event)) return story.with(at, withServer(story[at] as StoryItem, item));
  }
  return bounded(inserted(story, item));
}

function isRecent(item: StoryItem | undefined, { timeUs }: TraceEvent): boolean {
  return item !== undefined && Math.abs(timeUs - item.timeUs) < REPEAT_US;
}

function isStillTold(story: readonly StoryItem[], { code, params }: CaptionContent): boolean {
  const at = story.findLastIndex((item) => item.code === code && areEqual(item.params, params));
  return at >= 0 && !story.slice(at + 1).some((item) => captionRow(item.code).effect !== undefined);
}

/** True for what becomes of clients' commands. */
function isCommand({ code }: Pick<StoryItem, 'code'>): boolean {
  return code === 'committed' || code === 'command-done';
}

/** True for a commit without a command. A client's first command commits its session before it, which must not hide the command. */
function isQuiet(item: Pick<StoryItem, 'code' | 'params'> | undefined): boolean {
  return item?.code === 'committed' && item.params.what === '';
}

function isKind(item: StoryItem | undefined, content: CaptionContent): boolean {
  return item !== undefined && (item.code === content.code || (isCommand(item) && isCommand(content)));
}

/** Counts one more event: the item takes the newest parameters and tells nothing of the single ones before. */
function counted(known: StoryItem, { code, params }: CaptionContent, { seq }: TraceEvent): StoryItem {
  const more: StoryItem['params'] = params;
  if (more.times === undefined) return { ...known, seq, params };
  const times = Number(known.params.times) + Number(more.times);
  return { ...known, code, seq, chain: [], params: { ...params, times } };
}

/** The newest item grows by the client's answer when it tells the commit of this command alone; others tell enough. */
function answered(
  story: readonly StoryItem[],
  at: number,
  { code, params }: CaptionContent,
  { seq }: TraceEvent,
): readonly StoryItem[] {
  const known = story[at] as StoryItem;
  const isAlone = known.code === 'committed' && known.params.times === 1 && known.params.what !== '';
  if (!isAlone || at !== story.length - 1) return story;
  const chain = clauseOf(known).map((one) => ({ ...one, tells: null }));
  return story.with(at, { ...known, code, seq, params, chain });
}

/** Parameters that may differ between the servers of one item. */
const OF_EACH_SERVER = new Set(['server', 'many', 'silentMs', 'seconds']);

/** True when both say the same of different servers, after the same clauses. */
function isAlike(one: StoryItem, other: StoryItem): boolean {
  if (one.code !== other.code || !areEqual(one.params, other.params)) return false;
  // A sentence that already repeated what led to both need not name it again; one about a single server does not fit another.
  if (other.chain.length === 0) return one.chain.every(({ params }) => params.server === undefined);
  if (one.chain.length !== other.chain.length) return false;
  return other.chain.every(({ code, params }, at) => {
    const beside = one.chain[at];
    return beside?.code === code && params.server === beside.params.server && areEqual(params, beside.params);
  });
}

function areEqual(one: StoryItem['params'], other: StoryItem['params']): boolean {
  return Object.entries(other).every(([name, value]) => OF_EACH_SERVER.has(name) || one[name] === value);
}

function withServer(known: StoryItem, { seq, params, causes }: StoryItem): StoryItem {
  const servers = new Set([...String(known.params.server).split(', '), String(params.server)]);
  const all = { server: [...servers].sort().join(', '), many: servers.size };
  const both = [...new Set([...known.causes, ...causes])].sort((a, b) => a - b);
  return { ...known, seq, causes: both, params: { ...known.params, ...all } };
}

/** Inserts the item at its time. Only the live view of an inexact fold gets an event that is older than the newest item. */
function inserted(story: readonly StoryItem[], item: StoryItem): readonly StoryItem[] {
  return story.toSpliced(story.findLastIndex((one) => one.timeUs <= item.timeUs) + 1, 0, item);
}

function bounded(story: readonly StoryItem[]): readonly StoryItem[] {
  const isProgress = ({ rank }: StoryItem): boolean => rank <= MOST_RANK_OF_PROGRESS;
  const progress = story.filter(isProgress).length;
  const some = progress > MOST_PROGRESS ? story.toSpliced(story.findIndex(isProgress), 1) : story;
  return some.length > MOST_ITEMS ? some.slice(-MOST_ITEMS) : some;
}
