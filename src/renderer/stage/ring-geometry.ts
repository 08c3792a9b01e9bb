/**
 * The geometry of the ring: servers on a circle, the first at the top, clockwise; the links between them; the dashed wall
 * around a group that is cut off. All numbers are CSS pixels of the stage.
 */
import type { ServerId } from '../contract.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface RingGeometry {
  readonly width: number;
  readonly height: number;
  /** Scale of the ring. 1 is the size of the design: a ring 380 px across with servers of 92 px. */
  readonly scale: number;
  readonly center: Point;
  readonly servers: Readonly<Record<ServerId, Point>>;
}

/** Sizes at scale 1. */
const RING_DIAMETER = 380;
const SERVER_SIZE = 92;
/** Radius of the election timer's arc. */
export const ARC_RADIUS = 58;
/** Radius of the room that a server needs for its arc, votes and term. */
const REACH = { side: 86, top: 84, bottom: 100 } as const;
const MAX_SCALE = 1.5;
const MIN_SCALE = 0.55;

/** Makes the largest ring that fits into the given space. */
export function layOutRing(
  ids: readonly ServerId[],
  space: { readonly width: number; readonly height: number },
): RingGeometry {
  const count = Math.max(1, ids.length);
  // The ring of the design has room for six servers. More servers need a wider ring, or their terms would overlap.
  const radius = count === 1 ? 0 : (RING_DIAMETER / 2) * Math.max(1, 1 + (count - 6) * 0.1);
  const unit = ids.map((_, index) => unitPoint(index, count));
  const left = Math.min(...unit.map((point) => point.x), 0) * radius - REACH.side;
  const right = Math.max(...unit.map((point) => point.x), 0) * radius + REACH.side;
  const top = Math.min(...unit.map((point) => point.y), 0) * radius - REACH.top;
  const bottom = Math.max(...unit.map((point) => point.y), 0) * radius + REACH.bottom;
  const fit = Math.min(space.width / (right - left), space.height / (bottom - top));
  const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, fit));
  const center = {
    x: space.width / 2 - ((left + right) / 2) * scale,
    y: space.height / 2 - ((top + bottom) / 2) * scale,
  };
  const servers: Record<ServerId, Point> = {};
  ids.forEach((id, index) => {
    const point = unit[index] ?? { x: 0, y: 0 };
    servers[id] = { x: center.x + point.x * radius * scale, y: center.y + point.y * radius * scale };
  });
  return { width: space.width, height: space.height, scale, center, servers };
}

function unitPoint(index: number, count: number): Point {
  const angle = -Math.PI / 2 + (index * 2 * Math.PI) / count;
  return { x: Math.cos(angle), y: Math.sin(angle) };
}

/** The visible part of a link: between the arcs of its two servers. */
export function linkEnds(ring: RingGeometry, from: Point, to: Point): { readonly start: Point; readonly end: Point } {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const gap = (ARC_RADIUS + 5) * ring.scale;
  return {
    start: { x: from.x + along.x * gap, y: from.y + along.y * gap },
    end: { x: to.x - along.x * gap, y: to.y - along.y * gap },
  };
}

/** Every unordered pair of servers, in ring order. */
export function pairsOf(ids: readonly ServerId[]): readonly (readonly [ServerId, ServerId])[] {
  return ids.flatMap((a, index) => ids.slice(index + 1).map((b) => [a, b] as const));
}

/**
 * The wall around a group: the outline of a band around the group's hull. Where that band would touch a server
 * that is not in the group, each member gets its own ring instead.
 *
 * @returns SVG path data
 */
export function wallPath(ring: RingGeometry, group: readonly ServerId[]): string {
  const reach = 74 * ring.scale;
  const members = group.flatMap((id) => ring.servers[id] ?? []);
  const others = Object.entries(ring.servers).flatMap(([id, point]) => (group.includes(id) ? [] : [point]));
  const hull = convexHull(members);
  const touches = others.some((point) => distanceToHull(hull, point) < reach + (SERVER_SIZE / 2) * ring.scale);
  if (hull.length === 1 || touches) return members.map((point) => circlePath(point, reach)).join(' ');
  return offsetHull(hull, reach);
}

function circlePath({ x, y }: Point, r: number): string {
  return `M ${n(x - r)} ${n(y)} a ${n(r)} ${n(r)} 0 1 1 ${n(2 * r)} 0 a ${n(r)} ${n(r)} 0 1 1 ${n(-2 * r)} 0 Z`;
}

/** Straight lines beside the hull's edges, joined by arcs around its corners. */
function offsetHull(hull: readonly Point[], r: number): string {
  const parts: string[] = [];
  hull.forEach((from, index) => {
    const to = hull[(index + 1) % hull.length] ?? from;
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    // The hull runs clockwise on a screen, so its outside is on the left of the direction of travel.
    const out = { x: ((to.y - from.y) / length) * r, y: (-(to.x - from.x) / length) * r };
    const start = `${n(from.x + out.x)} ${n(from.y + out.y)}`;
    parts.push(index === 0 ? `M ${start}` : `A ${n(r)} ${n(r)} 0 0 1 ${start}`);
    parts.push(`L ${n(to.x + out.x)} ${n(to.y + out.y)}`);
  });
  const first = parts[0]?.slice(2) ?? '';
  return `${parts.join(' ')} A ${n(r)} ${n(r)} 0 0 1 ${first} Z`;
}

/** Clockwise on a screen (y grows downwards), by monotone chain. */
function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && turn(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

function distanceToHull(hull: readonly Point[], point: Point): number {
  if (hull.length >= 3 && hull.every((a, index) => turn(a, hull[(index + 1) % hull.length] ?? a, point) >= 0)) return 0;
  return Math.min(...hull.map((a, index) => distanceToSegment(a, hull[(index + 1) % hull.length] ?? a, point)));
}

function distanceToSegment(a: Point, b: Point, point: Point): number {
  const squared = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
  const along = squared === 0 ? 0 : ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / squared;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - (a.x + t * (b.x - a.x)), point.y - (a.y + t * (b.y - a.y)));
}

function n(value: number): string {
  return value.toFixed(1);
}
