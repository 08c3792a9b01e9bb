/**
 * Chooses the clauses that stand before a sentence of the story, so that a consequence and its reason share one sentence. The story itself
 * is the memory: a clause repeats an older item in few words. Only what the trace proves becomes a clause. Flow: story.ts → here.
 */
import { type CaptionContent, CLAUSES, type ClauseContent, captionRow } from '../catalogue/index.ts';
import type { ServerId } from '../vocabulary/index.ts';
import type { ClusterView, StoryClause, StoryItem } from './view.ts';

/** The story so far, and the view before the event of the new sentence. */
interface Known {
  readonly story: readonly StoryItem[];
  readonly before: ClusterView;
  readonly timeUs: number;
}
type Of<Code extends CaptionContent['code']> = Extract<CaptionContent, { readonly code: Code }>['params'];
type Chains = {
  readonly [Code in CaptionContent['code']]?: (params: Of<Code>, known: Known) => readonly StoryClause[];
};

const NOTHING: readonly StoryClause[] = [];

/** Returns the clauses before this content, oldest first; none when nothing in the story led to it. */
export function chainOf(content: CaptionContent, before: ClusterView, timeUs: number): readonly StoryClause[] {
  const choose = CHAINS[content.code] as ((params: unknown, known: Known) => readonly StoryClause[]) | undefined;
  return choose === undefined ? NOTHING : choose(content.params, { story: before.story, before, timeUs });
}

const CHAINS: Chains = {
  'leader-elected': (params, known) => {
    const since = sinceElection(known);
    const stoodAt = since.findLastIndex((item) => isStandOf(item, params.server, params.term));
    const stood = since[stoodAt];
    const lost = lostLeader(since, known, { winner: params.server, stoodAt });
    const splits = since.filter(({ code }) => code === 'split-vote');
    const first = [lost === undefined ? [] : clauseOf(lost), splitVotes(splits)].flat();
    const gap = gapOf(known);
    if (lost !== undefined && gap !== null) {
      return [...first, clause({ code: 'nobody-led', params: { seconds: gap } }, stood?.id ?? null)];
    }
    // A sentence about several candidates knows the silence of the first one only.
    if (stood === undefined || stood.code === 'split-vote' || stood.params.many !== 1) return first;
    const seconds = secondsOf(Number(stood.params.silentMs) * 1_000);
    return [
      ...first,
      clause({ code: 'heard-nobody', params: { server: params.server, seconds } }, stood.id),
      clause({ code: 'stood', params: { term: params.term } }, stood.id),
    ];
  },
  'stepped-down': ({ server, reason }, known) => {
    if (reason === 'P4-no-quorum-contact') return untold(known.story, stopOf(sinceElection(known), server));
    return untold(known.story, returnOf(sinceElection(known), server));
  },
  'minority-cannot-commit': ({ server }, { story }) => untold(story, stopOf(story, server)),
  'caught-up': ({ server }, { story }) => untold(story, returnOf(story, server)),
};

/** The item after which this server was back: it had read its disk, went on, or its links carried messages again. */
export function returnOf(story: readonly StoryItem[], server: ServerId): StoryItem | undefined {
  const item = story.findLast((one) => captionRow(one.code).effect !== undefined && names(one, server));
  return item !== undefined && captionRow(item.code).effect === 'returns' ? item : undefined;
}

/** Seconds with one decimal, and with two below a second; at least 0.01, since nothing takes no time. */
export function secondsOf(us: number): number {
  return us < 1_000_000 ? Math.max(1, Math.round(us / 10_000)) / 100 : Math.round(us / 100_000) / 10;
}

/** The item that cut this server off, unless it came back since. */
function stopOf(story: readonly StoryItem[], server: ServerId): StoryItem | undefined {
  const item = story.findLast((one) => captionRow(one.code).effect !== undefined && names(one, server));
  const isCut = item !== undefined && item.params.server === undefined;
  return isCut && captionRow(item.code).effect === 'stops' ? item : undefined;
}

/** The story from the last election on; the whole story when it does not tell one. */
function sinceElection({ story }: Known): readonly StoryItem[] {
  return story.slice(
    Math.max(
      0,
      story.findLastIndex(({ code }) => code === 'leader-elected'),
    ),
  );
}

/** The item that took the last leader away before the winner stood for election. */
function lostLeader(
  since: readonly StoryItem[],
  { before }: Known,
  { winner, stoodAt }: { readonly winner: ServerId; readonly stoodAt: number },
): StoryItem | undefined {
  const elected = since[0]?.code === 'leader-elected' ? since[0].params.server : undefined;
  const leader = before.leader?.server ?? elected;
  if (leader === undefined) return undefined;
  const earlier = stoodAt < 0 ? since : since.slice(0, stoodAt);
  return earlier.findLast((item) => captionRow(item.code).effect === 'stops' && parts(item, String(leader), winner));
}

/** True when this item stopped the leader, or cut it off from the winner. */
function parts(item: StoryItem, leader: ServerId, winner: ServerId): boolean {
  if (item.params.servers === undefined) return names(item, leader);
  return names(item, leader) !== names(item, winner);
}

/** True when a parameter of this item names the server. The whole network names every server. */
function names({ code, params }: StoryItem, server: ServerId): boolean {
  const { servers = params.links ?? params.groups ?? params.server } = params;
  if (servers === undefined) return code === 'joined';
  return String(servers).match(/S\d+/g)?.includes(server) ?? false;
}

function isStandOf(item: StoryItem, server: ServerId, term: number): boolean {
  if (item.code === 'split-vote') return names(item, server) && item.params.next === term;
  return item.code === 'election-started' && names(item, server) && item.params.term === term;
}

function splitVotes(splits: readonly StoryItem[]): readonly StoryClause[] {
  const last = splits.at(-1);
  if (last === undefined) return [];
  const terms = splits.map(({ params }) => params.term).join(', ');
  return [clause({ code: 'votes-split', params: { terms } }, last.id)];
}

/** Seconds for which nobody led; null while somebody leads. */
function gapOf({ before, timeUs }: Known): number | null {
  return before.leader !== null || before.leaderlessSinceUs === null
    ? null
    : secondsOf(timeUs - before.leaderlessSinceUs);
}

/** The clause that repeats this item, unless another sentence has repeated it already. */
function untold(story: readonly StoryItem[], item: StoryItem | undefined): readonly StoryClause[] {
  const isTold = story.some(({ chain }) => chain.some(({ tells }) => tells === item?.id));
  return item === undefined || isTold ? [] : clauseOf(item);
}

/** The clause that repeats this item; none for a caption without one. */
export function clauseOf(item: StoryItem): readonly StoryClause[] {
  const { clause: code } = captionRow(item.code);
  if (code === undefined) return [];
  const params = Object.fromEntries(Object.keys(CLAUSES[code]).map((name) => [name, item.params[name] ?? '']));
  return [{ code, params, tells: item.id }];
}

function clause(content: ClauseContent, tells: number | null): StoryClause {
  return { ...content, tells };
}
