/**
 * The next action of the nemesis: an act, its targets and how long it lasts, all drawn from one stream of chance, so that
 * the same seed draws the same acts from the same situations. Pure. Acts are those of Jepsen's nemeses (kill, pause,
 * partition, packet faults); a kill or a freeze never leaves less than a majority running.
 */
import {
  type Chance,
  type LinkId,
  type LinkPolicy,
  type LinkShape,
  PLAIN_SHAPE,
  type ServerId,
} from '../core/wire/index.ts';

/** A drawn act. Times are milliseconds. */
export type NemesisAct = NemesisDeed & { readonly forMs: number };

export type NemesisDeed =
  | { readonly kind: 'kill' | 'freeze' | 'cut'; readonly servers: readonly ServerId[] }
  | {
      readonly kind: 'one-way' | 'delay' | 'lose' | 'duplicate';
      readonly links: readonly LinkId[];
      readonly policy: LinkPolicy;
    };

/** The inputs of a draw. */
export interface NemesisSituation {
  readonly servers: readonly ServerId[];
  readonly leader: ServerId | null;
  /** Neither dead nor frozen nor just starting. */
  readonly running: readonly ServerId[];
  readonly canFreeze: boolean;
  /** T, the shortest election timeout. */
  readonly electionMs: number;
}

/** How often each kind is drawn, in shares. */
const SHARES: readonly (readonly [NemesisDeed['kind'], number])[] = [
  ['kill', 4],
  ['freeze', 3],
  ['cut', 3],
  ['one-way', 2],
  ['delay', 1],
  ['lose', 2],
  ['duplicate', 1],
];
/** An act lasts this many T: long enough that somebody notices, short enough that a class does not wait. */
const LASTS = { least: 3, most: 12 } as const;
/** The leader is the target of every second act that has one. */
const LEADER_SHARE = 0.5;

/** The next act. */
export function drawAct(chance: Chance, situation: NemesisSituation): NemesisAct {
  const kind = drawKind(chance, situation);
  const forMs = Math.round(situation.electionMs * (LASTS.least + (LASTS.most - LASTS.least) * chance()));
  return { ...drawDeed(kind, chance, situation), forMs };
}

/** Milliseconds until the next act, 0.5 to 1.5 of the mean. */
export function drawGapMs(chance: Chance, perMinute: number): number {
  return Math.round((60_000 / perMinute) * (0.5 + chance()));
}

function drawKind(chance: Chance, { servers, running, canFreeze }: NemesisSituation): NemesisDeed['kind'] {
  const majority = Math.floor(servers.length / 2) + 1;
  const mayStop = running.length > majority;
  const allowed = SHARES.filter(([kind]) => {
    if (kind === 'kill') return mayStop;
    if (kind === 'freeze') return mayStop && canFreeze;
    return servers.length > 1;
  });
  // A lone server has no links: it is killed, and comes back.
  if (allowed.length === 0) return 'kill';
  const all = allowed.reduce((sum, [, share]) => sum + share, 0);
  let left = chance() * all;
  for (const [kind, share] of allowed) {
    left -= share;
    if (left < 0) return kind;
  }
  return allowed.at(-1)?.[0] ?? 'kill';
}

function drawDeed(kind: NemesisDeed['kind'], chance: Chance, situation: NemesisSituation): NemesisDeed {
  const { servers, running } = situation;
  switch (kind) {
    case 'kill':
    case 'freeze':
      return { kind, servers: [drawTarget(chance, situation, running)] };
    case 'cut': {
      const first = drawTarget(chance, situation, servers);
      const minority = Math.floor((servers.length - 1) / 2);
      const size = 1 + Math.floor(chance() * Math.max(1, minority));
      const others = shuffled(
        chance,
        servers.filter((id) => id !== first),
      );
      return { kind, servers: [first, ...others.slice(0, size - 1)] };
    }
    case 'one-way': {
      const target = drawTarget(chance, situation, servers);
      const others = servers.filter((id) => id !== target);
      const isOutgoing = chance() < 0.5;
      return {
        kind,
        links: others.map((other) => (isOutgoing ? (`${target}>${other}` as const) : (`${other}>${target}` as const))),
        policy: { mode: 'cut' },
      };
    }
    default:
      return { kind, links: everyLinkOf(servers), policy: shapedBy(drawShape(kind, chance, situation)) };
  }
}

/** The leader for every second draw, or one of these; of none of them the first server. */
function drawTarget(chance: Chance, { servers, leader }: NemesisSituation, among: readonly ServerId[]): ServerId {
  const wantsLeader = chance() < LEADER_SHARE;
  const at = Math.floor(chance() * among.length);
  if (wantsLeader && leader !== null && among.includes(leader)) return leader;
  return among[at] ?? servers[0] ?? '';
}

function drawShape(kind: 'delay' | 'lose' | 'duplicate', chance: Chance, situation: NemesisSituation): LinkShape {
  const { electionMs } = situation;
  const amount = chance();
  switch (kind) {
    // Up to a third of T on the way and as much again drawn for each message: heartbeats come late and out of order.
    case 'delay': {
      const delayMs = Math.round((electionMs / 3) * amount);
      return { ...PLAIN_SHAPE, delayMs, jitterMs: delayMs };
    }
    case 'lose':
      return { ...PLAIN_SHAPE, lossPercent: Math.round(5 + 25 * amount) };
    case 'duplicate':
      return { ...PLAIN_SHAPE, duplicatePercent: Math.round(10 + 40 * amount), jitterMs: Math.round(electionMs / 10) };
  }
}

function shapedBy(shape: LinkShape): LinkPolicy {
  return { mode: 'shape', requests: shape, replies: shape };
}

function everyLinkOf(servers: readonly ServerId[]): readonly LinkId[] {
  return servers.flatMap((from) => servers.filter((to) => to !== from).map((to) => `${from}>${to}` as const));
}

/** In a drawn order (Fisher and Yates). */
function shuffled<Item>(chance: Chance, items: readonly Item[]): readonly Item[] {
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(chance() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other] as Item, mixed[at] as Item];
  }
  return mixed;
}
