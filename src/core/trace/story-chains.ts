/**
 * Chooses the clauses that stand before a sentence of the story. The story itself is the memory: a clause repeats an older item
 * in few words. Flow: story.ts → here.
 */
import type { CaptionContent, ClauseContent } from '../catalogue/index.ts';
import type { StoryClause, StoryItem } from './view.ts';

type Elected = Extract<CaptionContent, { readonly code: 'leader-elected' }>;

/** Returns the clauses before this content, oldest first; none when nothing in the story led to it. */
export function chainOf(story: readonly StoryItem[], content: CaptionContent): readonly StoryClause[] {
  return content.code === 'leader-elected' ? beforeElected(story, content) : [];
}

/** The silence that made the winner stand, and its term. */
function beforeElected(story: readonly StoryItem[], { params }: Elected): readonly StoryClause[] {
  const stood = story.findLast(
    (item) =>
      (item.code === 'election-started' || item.code === 'pre-vote-started') &&
      item.params.server === params.server &&
      item.params.term === params.term,
  );
  if (stood === undefined) return [];
  const seconds = secondsOf(Number(stood.params.silentMs) * 1_000);
  return [
    clause({ code: 'heard-nobody', params: { server: params.server, seconds } }, stood.id),
    clause({ code: 'stood', params: { term: params.term } }, stood.id),
  ];
}

function clause(content: ClauseContent, tells: number | null): StoryClause {
  return { ...content, tells };
}

/** Seconds with one decimal. */
function secondsOf(us: number): number {
  return Math.round(us / 100_000) / 10;
}
