/**
 * The caption: the last important thing and its reason. Each event may offer one; its rank and its age decide whether it replaces
 * the one that stands. Flow: fold → caption-tellers.ts offers → here → the view. Sentences are in resources/words.
 */
import { type CaptionContent, captionRow } from '../catalogue/index.ts';
import { contentAfter } from './caption-tellers.ts';
import type { TraceEvent } from './events.ts';
import type { Caption, ClusterView } from './view.ts';

/** How long a caption is safe from a less important one, and from the same one again (µs). */
const CALM_US = 1_500_000;
const REPEAT_US = 400_000;
/** A late event this much older than the caption is no news any more (µs). */
const STALE_US = 1_000_000;

/** The caption after this event: a new one, or the one that stood there. */
export function captioned(before: ClusterView, next: ClusterView, event: TraceEvent): Caption | null {
  const said = contentAfter(before, next, event);
  if (said === null || !mayReplace(before.caption, said, event.timeUs)) return before.caption;
  const tone = captionRow(said.code).tone ?? 'neutral';
  return { ...said, tone, timeUs: event.timeUs, seq: event.seq };
}

function mayReplace(current: Caption | null, said: CaptionContent, timeUs: number): boolean {
  if (current === null) return true;
  const age = timeUs - current.timeUs;
  if (age < -STALE_US) return false;
  if (said.code === 'no-leader' && current.code === 'no-leader') return false;
  const isProgress = said.code === 'committed' || said.code === 'command-done';
  if (isProgress && said.code === current.code) return age >= REPEAT_US;
  return captionRow(said.code).rank >= captionRow(current.code).rank || age >= CALM_US;
}
