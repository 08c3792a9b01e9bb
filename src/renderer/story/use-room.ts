/** Measures how many older lines have room below the newest sentence of the story. */
import { type RefObject, useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Number of older lines before the first layout, and in tests, which have no layout. */
const MOST_OLDER = 3;

export interface Room {
  /** Number of older lines that fit. */
  readonly older: number;
  /** True when the newest sentence needs more than its two lines and is cut with "…". */
  readonly isLong: boolean;
}

/**
 * The observer calls back once after it begins, between layout and paint. So no measure forces a layout of the page, and no
 * frame shows a line too many.
 *
 * @param changed  anything that may change the height of the newest sentence
 */
export function useRoom(block: RefObject<HTMLElement | null>, changed: unknown): Room {
  const [room, setRoom] = useState<Room>({ older: MOST_OLDER, isLong: false });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another sentence needs another measure
  useLayoutEffect(() => {
    const element = block.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      const next = roomIn(element);
      flushSync(() => setRoom((old) => (old.older === next.older && old.isLong === next.isLong ? old : next)));
    });
    observer.observe(element);
    const newest = element.querySelector('.story-newest');
    if (newest !== null) observer.observe(newest);
    return () => observer.disconnect();
  }, [block, changed]);

  return room;
}

function roomIn(block: HTMLElement): Room {
  const newest = block.querySelector<HTMLElement>('.story-newest');
  const text = newest?.querySelector<HTMLElement>('.story-text');
  if (newest == null || text == null || block.clientHeight === 0) return { older: MOST_OLDER, isLong: false };
  const style = getComputedStyle(block);
  const px = (name: string): number => Number.parseFloat(style.getPropertyValue(name)) || 0;
  const left = block.clientHeight - px('padding-top') - px('padding-bottom') - px('--older-gap') - newest.offsetHeight;
  // Heights are whole pixels, so a fraction may be missing.
  const older = Math.floor((left + 1) / (px('--older-line') || 1));
  return { older: Math.max(0, Math.min(MOST_OLDER, older)), isLong: isCut(newest, text) };
}

/** Whether sentence and button need more than two lines. Always measured as if they did not, so the answer cannot alternate. */
function isCut(newest: HTMLElement, text: HTMLElement): boolean {
  const wasCut = newest.dataset.long === 'true';
  // Only a sentence that is cut costs another layout.
  if (wasCut) newest.dataset.long = 'false';
  const needsMore = text.scrollHeight > text.clientHeight + 1;
  if (wasCut) newest.dataset.long = 'true';
  return needsMore;
}
