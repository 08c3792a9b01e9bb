/**
 * Paints one frame of the message overlay: messages as small shapes along their links, and a pulse on links whose routine
 * messages are too fast to see. The shape shows the kind of a message, the colour its family.
 */

import { endsOf } from '../../core/vocabulary/index.ts';
import type { Flight, FlightFamily, Flights } from '../store/flights.ts';
import { clientWaysOf, pointAlong } from './client-way.ts';
import { linkEnds, type Point, type RingGeometry } from './ring-geometry.ts';

export interface FlightColours {
  readonly vote: string;
  readonly append: string;
  readonly client: string;
  readonly page: string;
  readonly ink: string;
  readonly onColour: string;
  readonly lost: string;
}

export interface Frame {
  readonly context: CanvasRenderingContext2D;
  readonly ring: RingGeometry;
  readonly flights: Flights;
  readonly nowUs: number;
  readonly colours: FlightColours;
}

/** Distance in px from the middle of a link: requests and replies keep to different sides. */
const LANE_PX = 6;

/** A scale at which texts of 12 px keep this size in a small ring. */
const enlarged = (scale: number): number => Math.max(1, scale);

/** Draws one frame with all flights and pulses. */
export function drawFlights({ context, ring, flights, nowUs, colours }: Frame): void {
  context.clearRect(0, 0, ring.width, ring.height);
  context.lineJoin = 'round';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const [link, { breath, summarised }] of flights.links(nowUs)) {
    const { from, to } = endsOf(link);
    const way = wayOf(ring, from, to);
    if (way !== null) drawBreath(context, way, { breath, summarised, colours, scale: ring.scale });
  }
  for (const flight of flights.list(nowUs)) {
    const way = wayOf(ring, flight.from, flight.to);
    if (way === null) continue;
    const at = pointAlong(way, flight.progress, LANE_PX * ring.scale);
    drawFlight(context, { flight, at, colours, scale: ring.scale });
  }
  context.globalAlpha = 1;
}

/** The points of the way between two servers, or between the clients and a server; null when neither end is on the ring. */
function wayOf(ring: RingGeometry, from: string, to: string): readonly Point[] | null {
  const start = ring.servers[from];
  const end = ring.servers[to];
  if (start !== undefined && end !== undefined) {
    const ends = linkEnds(ring, start, end);
    return [ends.start, ends.end];
  }
  const { ways } = clientWaysOf(ring);
  if (end !== undefined) return ways[to] ?? null;
  return start === undefined ? null : (ways[from]?.toReversed() ?? null);
}

function drawBreath(
  context: CanvasRenderingContext2D,
  way: readonly Point[],
  look: {
    readonly breath: number;
    readonly summarised: number;
    readonly colours: FlightColours;
    readonly scale: number;
  },
): void {
  context.globalAlpha = 0.3 * look.breath;
  context.strokeStyle = look.colours.append;
  context.lineWidth = 2.5 * look.scale;
  context.beginPath();
  for (const { x, y } of way) context.lineTo(x, y);
  context.stroke();
  if (look.summarised === 0) return;
  const at = pointAlong(way, 0.5);
  context.globalAlpha = look.breath;
  context.fillStyle = look.colours.append;
  context.font = `600 ${12 * enlarged(look.scale)}px system-ui, sans-serif`;
  context.fillText(`×${look.summarised}`, at.x, at.y - 10 * look.scale);
}

interface Drawn {
  readonly flight: Flight;
  readonly at: Point;
  readonly colours: FlightColours;
  readonly scale: number;
}

function drawFlight(context: CanvasRenderingContext2D, { flight, at, colours, scale }: Drawn): void {
  const isLost = flight.faded > 0;
  const colour = isLost ? colours.lost : colourOf(flight.family, colours);
  const size = 7 * enlarged(scale);
  context.save();
  context.translate(at.x, at.y);
  context.globalAlpha = (flight.shape === 'heartbeat' ? 0.55 : 1) * (1 - flight.faded);
  context.lineWidth = 2 * scale;
  context.strokeStyle = colour;
  // A lost message turns hollow, and replies are hollow from the start.
  const isHollow = isLost || flight.shape === 'reply' || flight.shape === 'pre-vote';
  context.fillStyle = isHollow ? colours.page : colour;
  context.beginPath();
  trace(context, flight.shape, size);
  context.fill();
  context.stroke();
  if (isLost) drawCross(context, size * 0.6);
  else if (flight.label !== '') {
    context.fillStyle = isHollow ? colours.ink : colours.onColour;
    context.font = `700 ${12 * enlarged(scale)}px system-ui, sans-serif`;
    context.fillText(flight.label, 0, 0.5 * scale);
  }
  context.restore();
}

/** Puts the outline of a shape of half-width `size` on the path. */
function trace(context: CanvasRenderingContext2D, shape: Flight['shape'], size: number): void {
  switch (shape) {
    case 'heartbeat':
      context.arc(0, 0, size * 0.5, 0, 2 * Math.PI);
      break;
    case 'entries':
      context.rect(-size, -size, size * 2, size * 2);
      break;
    case 'vote':
    case 'pre-vote':
      polygon(context, 3, size * 1.15);
      break;
    case 'client':
      polygon(context, 6, size);
      break;
    case 'reply':
      context.arc(0, 0, size * 0.95, 0, 2 * Math.PI);
      break;
  }
}

function polygon(context: CanvasRenderingContext2D, corners: number, radius: number): void {
  for (let corner = 0; corner < corners; corner += 1) {
    const angle = -Math.PI / 2 + (corner * 2 * Math.PI) / corners;
    context.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius);
  }
  context.closePath();
}

function drawCross(context: CanvasRenderingContext2D, size: number): void {
  context.beginPath();
  context.moveTo(-size, -size);
  context.lineTo(size, size);
  context.moveTo(size, -size);
  context.lineTo(-size, size);
  context.stroke();
}

function colourOf(family: FlightFamily, colours: FlightColours): string {
  return colours[family];
}
