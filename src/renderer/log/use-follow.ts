/** Keeps the newest column of the log visible until a person scrolls away, and again when they ask for it. */
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';
import { useDashboardState } from '../store/dashboard-context.ts';

/** The place of the scroller, in CSS pixels. */
interface Place {
  readonly scrollLeft: number;
  readonly width: number;
}

export interface Follow extends Place {
  readonly isFollowing: boolean;
  /** Reads the place again, and whether the newest column is in sight. */
  readonly onScroll: () => void;
  readonly resume: () => void;
}

/** Width assumed before the first look. */
const FIRST_WIDTH = 600;
/** Distance from the newest end, in CSS pixels, that still counts as the newest end. */
const NEAR_PX = 30;

/** @param isEmpty  true while there is no scroller */
export function useFollow(scroller: RefObject<HTMLDivElement | null>, isEmpty: boolean): Follow {
  const [place, setPlace] = useState<Place>({ scrollLeft: 0, width: FIRST_WIDTH });
  const [isFollowing, setFollowing] = useState(true);
  const followVersion = useDashboardState((state) => state.followVersion);

  function look(): void {
    const box = scroller.current;
    if (box === null) return;
    const { scrollLeft, clientWidth } = box;
    const width = clientWidth || FIRST_WIDTH;
    setPlace((old) => (old.scrollLeft === scrollLeft && old.width === width ? old : { scrollLeft, width }));
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scroller exists once the log is not empty
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const observer = new ResizeObserver(look);
    observer.observe(box);
    return () => observer.disconnect();
  }, [isEmpty]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new `followVersion` makes it follow again
  useEffect(() => setFollowing(true), [followVersion]);

  return {
    isFollowing,
    ...place,
    onScroll() {
      const box = scroller.current;
      if (box === null) return;
      setFollowing(box.scrollLeft + box.clientWidth >= box.scrollWidth - NEAR_PX);
      look();
    },
    resume: () => setFollowing(true),
  };
}

/** Scrolls to the newest column whenever the grid has grown, while it follows. Call it where the grid is drawn. */
export function useNewestInSight(scroller: RefObject<HTMLDivElement | null>, follow: Follow, totalPx: number): void {
  const { isFollowing, width, onScroll } = follow;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it must run again when the grid or its room has another width
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    if (isFollowing) box.scrollLeft = box.scrollWidth;
    onScroll();
  }, [totalPx, isFollowing, width]);
}
