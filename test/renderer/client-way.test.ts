/** The clients' place on the stage and the ways of their messages, at the sizes of the page and with 1 to 9 servers. */
import { expect, test } from 'vitest';
import { clientWaysOf, HEXAGON_RADIUS, pointAlong } from '../../src/renderer/stage/client-way.ts';
import { ARC_RADIUS, layOutRing, type Point, type RingGeometry } from '../../src/renderer/stage/ring-geometry.ts';

/** The ring's room at 1280 × 800, at 1920 × 1080, at 1024 × 640 and in a window of one column. */
const ROOMS = [
  { width: 742, height: 502 },
  { width: 890, height: 620 },
  { width: 594, height: 400 },
  { width: 480, height: 380 },
] as const;
const CASES = ROOMS.flatMap((room) => [1, 2, 3, 4, 5, 6, 7, 8, 9].map((count) => ({ ...room, count })));

function ringOf({ width, height, count }: (typeof CASES)[number]): RingGeometry {
  return layOutRing(
    Array.from({ length: count }, (_, index) => `S${index + 1}`),
    { width, height },
  );
}

/** Radius of a server's disc at scale 1. In the smallest rings a message may pass over the arc of its timer. */
const DISC_RADIUS = 46;

const apart = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

test.each(CASES)('clients: $count server(s) in $width × $height → hexagon beside every server', (room) => {
  const ring = ringOf(room);
  const { place } = clientWaysOf(ring);
  for (const server of Object.values(ring.servers)) {
    expect(apart(place, server)).toBeGreaterThan(ARC_RADIUS * ring.scale + HEXAGON_RADIUS);
  }
});

test.each(CASES)('clients: $count server(s) in $width × $height → no way passes over another server', (room) => {
  const ring = ringOf(room);
  const { ways } = clientWaysOf(ring);
  for (const [id, way] of Object.entries(ways)) {
    for (const [other, server] of Object.entries(ring.servers)) {
      const points = Array.from({ length: 60 }, (_, step) => pointAlong(way, step / 59));
      if (other !== id)
        expect(Math.min(...points.map((at) => apart(at, server)))).toBeGreaterThan(DISC_RADIUS * ring.scale);
    }
    const end = way.at(-1) ?? { x: 0, y: 0 };
    expect(apart(end, ring.servers[id] ?? end)).toBeCloseTo((ARC_RADIUS + 5) * ring.scale, 0);
  }
});

test('way: part of its length → point on it; aside → to the right of the direction of travel', () => {
  const way = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 30 },
  ];
  expect(pointAlong(way, 0.125)).toEqual({ x: 5, y: 0 });
  expect(pointAlong(way, 0.5)).toEqual({ x: 10, y: 10 });
  expect(pointAlong(way, 1)).toEqual({ x: 10, y: 30 });
  expect(pointAlong(way, 0.125, 2)).toEqual({ x: 5, y: 2 });
});
