/**
 * Decides when the caption changes. The caption names the last important event and its reason. An event may offer a new caption;
 * ranks and times decide whether it replaces the current one. Flow: fold → caption-tellers.ts → here → the view.
 */
import { type CaptionContent, captionRow } from '../catalogue/index.ts';
import { contentAfter } from './caption-tellers.ts';
import type { TraceEvent } from './events.ts';
import type { Caption, ClusterView } from './view.ts';

/** Time for which a less important caption cannot replace the current one (µs). */
const CALM_US = 1_500_000;
/** Time for which a caption about progress cannot replace one with the same code (µs). */
const REPEAT_US = 400_000;
/** A late event that is older than the caption by more than this offers nothing (µs). */
const STALE_US = 1_000_000;

/** The caption after this event: a new one, or the previous one. */
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
