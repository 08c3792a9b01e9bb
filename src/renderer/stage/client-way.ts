/**
 * The place of the clients on the stage, and the ways of their messages to the servers. A way is straight, or enters the ring
 * between two servers when a straight line would pass over a third one, so that no message seems to visit another server.
 */
import type { ServerId } from '../contract.ts';
import { ARC_RADIUS, type Point, type RingGeometry } from './ring-geometry.ts';

/** The clients' place and, for each server, the points of the way to its edge. */
export interface ClientWays {
  readonly place: Point;
  readonly ways: Readonly<Record<ServerId, readonly Point[]>>;
}

/** Sizes in CSS pixels. The hexagon does not follow the scale of the ring, because its text must stay readable. */
export const HEXAGON_RADIUS = 19;
/** Distance of the hexagon's middle from the corner of the stage: its line of text is below it. */
const FROM_CORNER = { x: 56, y: 48 } as const;
/** Half the height and width that hexagon and text need. */
const ROOM = { x: 36, y: 40 } as const;
const GAP = HEXAGON_RADIUS + 5;
/** Distance that a way keeps from other servers and their terms, at scale 1. */
const CLEAR = 8;
/** A server's term at scale 1: its place below the middle of the server, and its radius. */
const TERM = { below: 80, radius: 26 } as const;
const CURVE_STEPS = 10;

const known = new WeakMap<RingGeometry, ClientWays>();

/** The clients' place and ways in this ring. The result is kept as long as the ring, since every frame asks for it. */
export function clientWaysOf(ring: RingGeometry): ClientWays {
  const before = known.get(ring);
  if (before !== undefined) return before;
  const place = placeOf(ring);
  const ways = Object.fromEntries(Object.keys(ring.servers).map((id) => [id, wayTo(ring, place, id)]));
  const made = { place, ways };
  known.set(ring, made);
  return made;
}

/** The lower left corner, or another one when a server needs that corner. */
function placeOf({ width, height, scale, servers }: RingGeometry): Point {
  const corners = [
    { x: FROM_CORNER.x, y: height - FROM_CORNER.y },
    { x: width - FROM_CORNER.x, y: height - FROM_CORNER.y },
    { x: width - FROM_CORNER.x, y: FROM_CORNER.y },
  ];
  const isFree = (corner: Point): boolean =>
    Object.values(servers).every(
      ({ x, y }) =>
        Math.abs(x - corner.x) > ROOM.x + ARC_RADIUS * scale ||
        y - corner.y > ROOM.y + ARC_RADIUS * scale ||
        corner.y - y > ROOM.y + (TERM.below + TERM.radius / 2) * scale,
    );
  return corners.find(isFree) ?? corners[0]!;
}

/** A disc that a way avoids. */
interface Obstacle extends Point {
  readonly radius: number;
}

function wayTo(ring: RingGeometry, place: Point, id: ServerId): readonly Point[] {
  const server = ring.servers[id] ?? ring.center;
  const others = Object.entries(ring.servers).flatMap(([other, point]) => (other === id ? [] : [point]));
  const obstacles = others.flatMap(({ x, y }): Obstacle[] => [
    { x, y, radius: ARC_RADIUS * ring.scale },
    { x, y: y + TERM.below * ring.scale, radius: TERM.radius * ring.scale },
  ]);
  const wanted = CLEAR * ring.scale;
  const straight = trimmed([place, server], ring.scale);
  if (clearance(straight, obstacles) >= wanted) return straight;
  const through = gatesOf(ring).map((gate) => [place, ...curve(gate, ring.center, server)]);
  const past = others.flatMap((other) => besides(place, server, other, (ARC_RADIUS + 2 * CLEAR) * ring.scale));
  const bent = [...through, ...past.map((point) => [place, point, server])].map((way) => trimmed(way, ring.scale));
  const scored = [straight, ...bent].map((way) => ({ way, room: Math.min(wanted, clearance(way, obstacles)) }));
  scored.sort((a, b) => b.room - a.room || lengthOf(a.way) - lengthOf(b.way));
  return scored[0]?.way ?? straight;
}

/** The two points beside a server, at this distance from it, across the straight way. */
function besides(from: Point, to: Point, server: Point, away: number): readonly Point[] {
  const unit = away / (distance(from, to) || 1);
  const side = { x: (from.y - to.y) * unit, y: (to.x - from.x) * unit };
  return [1, -1].map((sign) => ({ x: server.x + side.x * sign, y: server.y + side.y * sign }));
}

/** The middles between neighbours on the ring. */
function gatesOf(ring: RingGeometry): readonly Point[] {
  const points = Object.values(ring.servers);
  return points.map((a, index) => between(a, points[(index + 1) % points.length] ?? a, 0.5));
}

function curve(from: Point, bend: Point, to: Point): readonly Point[] {
  return Array.from({ length: CURVE_STEPS + 1 }, (_, step) => {
    const part = step / CURVE_STEPS;
    return between(between(from, bend, part), between(bend, to, part), part);
  });
}

/** The way from the edge of the hexagon to the edge of the server at its end. */
function trimmed(way: readonly Point[], scale: number): readonly Point[] {
  const whole = lengthOf(way);
  const [from, to] = [GAP / whole, 1 - ((ARC_RADIUS + 5) * scale) / whole];
  const inner = way.slice(1, -1).filter((_, index) => {
    const part = lengthOf(way.slice(0, index + 2)) / whole;
    return part > from && part < to;
  });
  return [pointAlong(way, from), ...inner, pointAlong(way, to)];
}

/** Smallest distance between a way and the edge of any of these obstacles. */
function clearance(way: readonly Point[], obstacles: readonly Obstacle[]): number {
  const steps = Math.max(1, Math.ceil(lengthOf(way) / 6));
  let least = Number.POSITIVE_INFINITY;
  for (let step = 0; step <= steps; step += 1) {
    const at = pointAlong(way, step / steps);
    for (const obstacle of obstacles) least = Math.min(least, distance(at, obstacle) - obstacle.radius);
  }
  return least;
}

function lengthOf(way: readonly Point[]): number {
  return way.slice(1).reduce((sum, point, index) => sum + distance(way[index] ?? point, point), 0);
}

/**
 * The point at a part (0 to 1) of the length of a way.
 *
 * @param aside  distance to the right of the direction of travel
 */
export function pointAlong(way: readonly Point[], part: number, aside = 0): Point {
  let left = lengthOf(way) * part;
  for (let index = 1; index < way.length; index += 1) {
    const [from, to] = [way[index - 1]!, way[index]!];
    const length = distance(from, to);
    if (left > length && index < way.length - 1) {
      left -= length;
      continue;
    }
    const { x, y } = between(from, to, length === 0 ? 0 : left / length);
    const unit = length === 0 ? 0 : aside / length;
    return { x: x - (to.y - from.y) * unit, y: y + (to.x - from.x) * unit };
  }
  return way[0] ?? { x: 0, y: 0 };
}

function between(from: Point, to: Point, part: number): Point {
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function distance(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}
