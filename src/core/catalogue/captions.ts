/**
 * The captions: each row holds the rank, the tone on screen and the parameters of one. A caption is a sentence of the story: it
 * names an important event and its reason. A caption that repeats the fields of one event is the
 * column `caption` in that event's row. Any other needs a row here and a teller in core/trace/caption-tellers.ts. Its sentence
 * stands in both languages in resources/words/caption.json.
 */
import type { CaptionRow } from './caption-row.ts';
import { EVENT_NAMES, type EVENTS, type EventName, eventRow } from './events/index.ts';
import type { ParamsOf } from './params.ts';

const text = 'text';
const number = 'number';
const either = 'text-or-number';
const server = text;

/** Captions that draw a conclusion, by code. */
const CONCLUDED = {
  'servers-starting': { rank: 2, repeats: 'counted', params: { count: number } },
  'waiting-for-election': { rank: 2, params: {} },
  'server-starting': { rank: 2, repeats: 'by-server', params: { server, many: number } },
  'server-ready': { rank: 1, repeats: 'by-server', params: { server, many: number } },
  'election-started': {
    rank: 3,
    tone: 'warning',
    repeats: 'by-server',
    params: { server, many: number, term: number, silentMs: number },
  },
  'pre-vote-started': {
    rank: 3,
    tone: 'warning',
    repeats: 'by-server',
    params: { server, many: number, term: number, silentMs: number },
  },
  /** `voters`: ids as one text (`S1, S2`), like `servers` of `cut` and `healed`. */
  'leader-elected': {
    rank: 4,
    tone: 'good',
    params: { server, term: number, votes: number, needed: number, servers: number, voters: text },
  },
  /** `term`: the current term of `server`. */
  'vote-denied': {
    rank: 3,
    repeats: 'by-server',
    params: { server, many: number, candidate: text, term: number, reason: text },
  },
  /** `term`: the term in which it led. */
  'stepped-down': {
    rank: 4,
    tone: 'warning',
    clause: 'led-no-longer',
    effect: 'stops',
    params: { server, term: number, reason: text },
  },
  /** `term` ended without a leader; `server` stands again, in term `next`. */
  'split-vote': {
    rank: 3,
    tone: 'warning',
    repeats: 'by-server',
    params: { term: number, server, many: number, next: number },
  },
  /** `count` of `servers` servers hold it; `what`: the command, or empty for a no-op or a session; `times`: number of entries. */
  committed: {
    rank: 2,
    tone: 'good',
    repeats: 'counted',
    clause: 'is-committed',
    params: { index: number, count: number, servers: number, what: text, times: number },
  },
  'command-done': {
    rank: 2,
    tone: 'good',
    repeats: 'counted',
    params: { what: text, index: number, result: text, times: number },
  },
  'command-unknown': { rank: 4, tone: 'warning', repeats: 'counted', params: { what: text, times: number } },
  'command-refused': {
    rank: 4,
    tone: 'warning',
    repeats: 'counted',
    params: { what: text, reason: text, times: number },
  },
  /** `leader`: empty when the server knows none. */
  'start-not-leader': { rank: 4, tone: 'warning', repeats: 'counted', params: { server, leader: text, times: number } },
  'start-accepted': {
    rank: 3,
    repeats: 'counted',
    params: { server, index: number, term: number, times: number },
  },
  'not-committed-old-term': {
    rank: 4,
    tone: 'warning',
    params: { server, index: number, entryTerm: number, term: number },
  },
  /** `have`: number of servers that hold the entry on disk; `what`: the command. */
  'minority-cannot-commit': {
    rank: 4,
    tone: 'warning',
    params: { server, what: text, index: number, have: number, needed: number },
  },
  'server-killed': {
    rank: 4,
    tone: 'warning',
    clause: 'was-killed',
    effect: 'stops',
    params: { server, signal: text, pid: number },
  },
  /** The server died without an order of the lab. */
  'server-died': {
    rank: 4,
    tone: 'warning',
    clause: 'died',
    effect: 'stops',
    params: { server, signal: text, pid: number },
  },
  'server-failed': {
    rank: 4,
    tone: 'warning',
    clause: 'failed',
    effect: 'stops',
    params: { server, code: either, message: text },
  },
  'server-stopped': { rank: 4, clause: 'stopped', effect: 'stops', params: { server } },
  restored: {
    rank: 4,
    clause: 'read-disk',
    effect: 'returns',
    params: { server, term: number, votedFor: text, lastIndex: number },
  },
  /** `seconds`: time since the server came back; the shortest time when the story does not tell that any more. */
  'caught-up': {
    rank: 4,
    tone: 'good',
    repeats: 'by-server',
    params: { server, many: number, lastIndex: number, leader: text, seconds: number },
  },
  'entries-left-over': { rank: 4, tone: 'warning', params: { server, from: number, last: number } },
  /** `what`: the command, when a single entry was dropped and the view knows it. */
  truncated: {
    rank: 4,
    tone: 'warning',
    repeats: 'by-server',
    params: { server, many: number, from: number, last: number, leaderTerm: number, conflictTerm: number, what: text },
  },
  cut: {
    rank: 4,
    tone: 'warning',
    clause: 'was-cut-off',
    effect: 'stops',
    params: { servers: text, count: number },
  },
  /** Links that are cut in one direction only. */
  'links-cut': { rank: 4, tone: 'warning', clause: 'links-were-cut', effect: 'stops', params: { links: text } },
  'links-cut-both': { rank: 4, tone: 'warning', clause: 'links-were-cut', effect: 'stops', params: { links: text } },
  'links-held': { rank: 4, tone: 'warning', params: { links: text } },
  'links-faulty': { rank: 4, tone: 'warning', params: { links: text } },
  unreliable: { rank: 4, tone: 'warning', params: {} },
  reliable: { rank: 4, tone: 'good', params: {} },
  partitioned: { rank: 4, tone: 'warning', clause: 'was-split', effect: 'stops', params: { groups: text } },
  joined: { rank: 4, tone: 'good', clause: 'is-whole', effect: 'returns', params: {} },
  'clients-cut': { rank: 4, tone: 'warning', params: { servers: text } },
  'clients-back': { rank: 4, tone: 'good', params: { servers: text } },
  /** `servers`: ids, or links as arrows. */
  healed: { rank: 4, tone: 'good', clause: 'connected-again', effect: 'returns', params: { servers: text } },
  /** Too few servers are up for a majority. */
  'no-leader': { rank: 4, tone: 'warning', repeats: 'lasting', params: { alive: number, needed: number } },
  'keep-alive-on': { rank: 3, params: {} },
  'keep-alive-off': { rank: 3, params: {} },
  'keep-alive-gave-up': { rank: 4, tone: 'warning', params: { server, exits: number, seconds: number } },
  'nemesis-recovered': { rank: 4, params: { acts: number, seconds: number } },
  'nemesis-not-recovered': { rank: 4, tone: 'warning', params: { acts: number, seconds: number } },
  'network-died': { rank: 4, tone: 'warning', params: {} },
  'network-failed': { rank: 4, tone: 'warning', params: { code: either, message: text } },
} as const satisfies Readonly<Record<string, CaptionRow>>;

type CaptionOfEvent<Name extends EventName> = (typeof EVENTS)[Name] extends { readonly caption: infer Row }
  ? Row
  : never;
type Repeated = {
  readonly [Name in EventName as CaptionOfEvent<Name> extends { readonly code: infer Code extends string }
    ? Code
    : never]: CaptionOfEvent<Name>;
};

/** Captions that repeat their event, by code. */
const REPEATED = Object.fromEntries(
  EVENT_NAMES.flatMap((name) => {
    const caption = eventRow(name)?.caption;
    return caption === undefined ? [] : [[caption.code, caption]];
  }),
) as unknown as Repeated;

/** Every caption by its code. */
export const CAPTIONS = { ...CONCLUDED, ...REPEATED };

/** Code of a caption. */
export type CaptionCode = keyof typeof CAPTIONS;
/** Parameters of a caption. */
export type CaptionParams<Code extends CaptionCode> = ParamsOf<(typeof CAPTIONS)[Code]['params']>;
/** Code and parameters of one of these captions. */
export type CaptionContent<Code extends CaptionCode = CaptionCode> = {
  [One in Code]: { readonly code: One; readonly params: CaptionParams<One> };
}[Code];
/** The row of a caption. */
export function captionRow(code: CaptionCode): CaptionRow {
  return CAPTIONS[code];
}
