/**
 * Cuts links with a drawn line. The person presses the pointer between the servers and draws a line; when the pointer is released,
 * every link that the line crosses is cut. The first part finds the crossed links, the second handles the pointer.
 */
import { type PointerEvent, useRef, useState } from 'react';
import type { ServerId } from '../contract.ts';
import { linkEnds, type Point, type RingGeometry } from './ring-geometry.ts';

/** A line on the stage, CSS pixels. */
export interface Stroke {
  readonly from: Point;
  readonly to: Point;
}

/** Shortest line that cuts, in CSS pixels. A shorter one is an unsteady click. */
const LEAST_LENGTH = 12;

/** The links that a line crosses, as pairs in the order given. */
export function crossedBy(
  stroke: Stroke,
  ring: RingGeometry,
  pairs: readonly (readonly [ServerId, ServerId])[],
): readonly (readonly [ServerId, ServerId])[] {
  return pairs.filter(([a, b]) => {
    const from = ring.servers[a];
    const to = ring.servers[b];
    if (from === undefined || to === undefined) return false;
    const { start, end } = linkEnds(ring, from, to);
    return crosses(stroke, { from: start, to: end });
  });
}

/** True when two lines meet between their ends. */
function crosses(one: Stroke, other: Stroke): boolean {
  const sides = (line: Stroke, { from, to }: Stroke): number => Math.sign(side(line, from)) * Math.sign(side(line, to));
  return sides(one, other) < 0 && sides(other, one) < 0;
}

/** Positive for points on one side of a line, negative on the other. */
function side({ from, to }: Stroke, point: Point): number {
  return (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x);
}

/** Returns the line while it is drawn, and the event handlers for the picture of the links. */
export function useSlice(onCut: (stroke: Stroke) => void) {
  const [stroke, setStroke] = useState<Stroke | null>(null);
  const from = useRef<Point | null>(null);

  function at(event: PointerEvent<SVGSVGElement>): Point {
    const box = event.currentTarget.getBoundingClientRect();
    // The box and the pointer are in pixels of the window, the ring in those of the page, which may be enlarged.
    const scale = box.width / event.currentTarget.clientWidth || 1;
    return { x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale };
  }

  function stop(): void {
    from.current = null;
    setStroke(null);
  }

  return {
    stroke,
    stop,
    handlers: {
      onPointerDown(event: PointerEvent<SVGSVGElement>): void {
        if (event.button !== 0 || !event.isPrimary) return;
        from.current = at(event);
      },
      onPointerMove(event: PointerEvent<SVGSVGElement>): void {
        if (from.current === null) return;
        const next = { from: from.current, to: at(event) };
        if (stroke === null && length(next) < LEAST_LENGTH) return;
        // The gesture is a line now. Capturing the pointer reports its end even outside the picture, and prevents clicks on links.
        if (stroke === null) event.currentTarget.setPointerCapture(event.pointerId);
        setStroke(next);
      },
      onPointerUp(event: PointerEvent<SVGSVGElement>): void {
        const drawn = stroke === null || from.current === null ? null : { from: from.current, to: at(event) };
        stop();
        if (drawn !== null) onCut(drawn);
      },
      onPointerCancel: stop,
    },
  };
}

function length({ from, to }: Stroke): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}
