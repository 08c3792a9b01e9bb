/**
 * The flights of messages: positions at a moment, computed from the network's reports. They are kept outside React;
 * draw-flights.ts paints the result of `list` once a frame. Times are microseconds of the lab's clock. Real hops on one
 * computer are invisible, so a flight lasts at least 220 ms; at a pace without hop delay heartbeats only pulse on their link.
 */

import type { TraceEvent } from '../../core/trace/index.ts';
import { ALL_CLIENTS, endsOf, isClientId, linkOf } from '../../core/vocabulary/index.ts';
import type { LinkId, MessageSent } from '../contract.ts';

export type FlightShape = 'heartbeat' | 'entries' | 'vote' | 'pre-vote' | 'reply' | 'client';
export type FlightFamily = 'vote' | 'append' | 'client';

export interface Flight {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly shape: FlightShape;
  readonly family: FlightFamily;
  /** Label: the number of entries, `+` or `−` for a reply, or empty. */
  readonly label: string;
  /** Covered part of the link, 0–1. */
  readonly progress: number;
  /** 0 while it flies; a lost message fades from 0 to 1. */
  readonly faded: number;
}

export interface Flights {
  /** Takes the messages of a page; other events are ignored. */
  add(events: readonly TraceEvent[], now: { readonly nowUs: number; readonly hopDelayMs: number }): void;
  /** All flights at a moment. Forgets the ones that have arrived. */
  list(nowUs: number): readonly Flight[];
  /** Strength of each link's pulse at a moment, 0–1, and the number of its messages that are not drawn. */
  links(nowUs: number): ReadonlyMap<LinkId, { readonly breath: number; readonly summarised: number }>;
  clear(): void;
}

/** Shortest time for which a flight is shown (µs). */
export const MIN_DWELL_US = 220_000;
/** Maximum number of flights drawn on a link. A pulse with a count shows the rest. */
export const MAX_FLIGHTS_PER_LINK = 60;
const FADE_US = 400_000;
const BREATH_US = 450_000;
/** Delay of all flights (µs). Events reach the page shortly after they happened; the delay lets each flight start on time. */
export const DISPLAY_DELAY_US = 60_000;

interface Track {
  readonly sent: MessageSent;
  /** The link with which it is counted. */
  readonly link: LinkId;
  readonly from: string;
  readonly to: string;
  readonly startUs: number;
  readonly endUs: number;
  /** Part of the link at which it was lost; null when it arrives. */
  lostAt: number | null;
}

interface LinkPulse {
  atUs: number;
  summarised: number;
}

/** The link with which a message is counted. All clients are drawn as one, so their links to a server are one. */
function drawnLink(link: LinkId): LinkId {
  const { from, to } = endsOf(link);
  if (isClientId(from)) return linkOf(ALL_CLIENTS, to);
  return isClientId(to) ? linkOf(from, ALL_CLIENTS) : link;
}

/** Creates an empty set of flights. */
export function createFlights(): Flights {
  const tracks = new Map<string, Track>();
  const perLink = new Map<LinkId, number>();
  const pulses = new Map<LinkId, LinkPulse>();
  const knownMatch = new Map<LinkId, number>();

  function addSent(sent: MessageSent, nowUs: number, hopDelayMs: number): void {
    const link = drawnLink(sent.link);
    const pulse = pulses.get(link) ?? { atUs: 0, summarised: 0 };
    pulses.set(link, pulse);
    if (hopDelayMs === 0 && isRoutine(sent, knownMatch)) {
      pulse.atUs = nowUs;
      return;
    }
    const onLink = perLink.get(link) ?? 0;
    if (onLink >= MAX_FLIGHTS_PER_LINK) {
      pulse.atUs = nowUs;
      pulse.summarised += 1;
      return;
    }
    const showUs = nowUs - DISPLAY_DELAY_US;
    // A message reported late starts now instead of in the middle of its way, unless it has a real delay.
    const startUs = hopDelayMs === 0 ? Math.max(sent.timeUs, showUs) : sent.timeUs;
    const endUs = Math.max(sent.dueUs, startUs + MIN_DWELL_US);
    if (endUs < showUs) return;
    tracks.set(sent.id, { sent, link, ...endsOf(sent.link), startUs, endUs, lostAt: null });
    perLink.set(link, onLink + 1);
  }

  function forget(track: Track): void {
    tracks.delete(track.sent.id);
    perLink.set(track.link, (perLink.get(track.link) ?? 1) - 1);
  }

  return {
    add(events, { nowUs, hopDelayMs }) {
      for (const event of events) {
        if (event.event === 'MessageSent') addSent(event, nowUs, hopDelayMs);
        if (event.event !== 'MessageDropped') continue;
        const track = tracks.get(event.id);
        if (track !== undefined) track.lostAt = event.reason === 'cut' ? 0.5 : 0.82;
      }
    },
    list(nowUs) {
      const showUs = nowUs - DISPLAY_DELAY_US;
      const flying: Flight[] = [];
      for (const track of tracks.values()) {
        const flight = flightAt(track, showUs);
        if (flight === 'landed') forget(track);
        else if (flight !== null) flying.push(flight);
      }
      return flying;
    },
    links(nowUs) {
      const breathing = new Map<LinkId, { breath: number; summarised: number }>();
      for (const [link, pulse] of pulses) {
        const breath = 1 - (nowUs - pulse.atUs) / BREATH_US;
        if (breath > 0) breathing.set(link, { breath: Math.min(1, breath), summarised: pulse.summarised });
        else pulse.summarised = 0;
      }
      return breathing;
    },
    clear() {
      tracks.clear();
      perLink.clear();
      pulses.clear();
      knownMatch.clear();
    },
  };
}

function flightAt(track: Track, showUs: number): Flight | 'landed' | null {
  const { sent, startUs, endUs, lostAt } = track;
  if (showUs < startUs) return null;
  const travelled = (showUs - startUs) / (endUs - startUs);
  const goal = lostAt ?? 1;
  const lostUs = startUs + (endUs - startUs) * goal;
  const faded = lostAt === null ? 0 : Math.max(0, (showUs - lostUs) / FADE_US);
  if (faded >= 1 || (lostAt === null && travelled >= 1)) return 'landed';
  return {
    id: sent.id,
    from: track.from,
    to: track.to,
    ...look(sent),
    progress: Math.min(travelled, goal),
    faded,
  };
}

/** Shape, family and label of a message. */
function look(sent: MessageSent): Pick<Flight, 'shape' | 'family' | 'label'> {
  if (sent.rpc === 'OpenSession' || sent.rpc === 'Command') {
    return { shape: sent.kind === 'reply' ? 'reply' : 'client', family: 'client', label: '' };
  }
  const family = sent.rpc === 'AppendEntries' ? 'append' : 'vote';
  if (sent.kind === 'reply') {
    const agreed = family === 'vote' ? sent.voteGranted : sent.success;
    return { shape: 'reply', family, label: agreed === true ? '+' : '−' };
  }
  if (family === 'vote') return { shape: sent.rpc === 'PreVote' ? 'pre-vote' : 'vote', family, label: '' };
  const count = countOf(sent);
  return count === 0 ? { shape: 'heartbeat', family, label: '' } : { shape: 'entries', family, label: String(count) };
}

function countOf(sent: MessageSent): number {
  return sent.first === undefined || sent.last === undefined ? 0 : sent.last - sent.first + 1;
}

/** True for a heartbeat, and for an answer without news for the leader. At real pace these are only pulses. */
function isRoutine(sent: MessageSent, knownMatch: Map<LinkId, number>): boolean {
  if (sent.rpc !== 'AppendEntries') return false;
  if (sent.kind === 'request') return countOf(sent) === 0;
  if (sent.success !== true) return false;
  const match = sent.matchIndex ?? 0;
  const isNews = match > (knownMatch.get(sent.link) ?? match);
  knownMatch.set(sent.link, match);
  return !isNews;
}
