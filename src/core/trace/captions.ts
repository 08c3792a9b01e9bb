/**
 * Decides when the caption changes. The caption names the last important event and its reason. An event may offer a new caption;
 * ranks and times decide whether it replaces the current one. Flow: caption-tellers.ts → fold → here → the view.
 */
import { type CaptionContent, captionRow } from '../catalogue/index.ts';
import type { TraceEvent } from './events.ts';
import type { Caption } from './view.ts';

/** Time for which a less important caption cannot replace the current one (µs). */
const CALM_US = 1_500_000;
/** Time for which a caption about progress cannot replace one with the same code (µs). */
const REPEAT_US = 400_000;
/** A late event that is older than the caption by more than this offers nothing (µs). */
const STALE_US = 1_000_000;

/** The caption after this event, which offers `said`: a new one, or the previous one. */
export function captioned(before: Caption | null, said: CaptionContent | null, event: TraceEvent): Caption | null {
  if (said === null || !mayReplace(before, said, event.timeUs)) return before;
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
