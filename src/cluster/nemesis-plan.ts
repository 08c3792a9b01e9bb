/**
 * Draws the next random fault: its kind, its targets and its duration. All draws come from one seeded stream, so the
 * same seed draws the same faults in the same situations. Pure. The kinds are those of Jepsen's nemeses (kill, pause,
 * partition, packet faults). A kill or a freeze always leaves a majority running.
 */
import {
  type Chance,
  type LinkId,
  type LinkPolicy,
  type LinkShape,
  PLAIN_SHAPE,
  type ServerId,
} from '../core/wire/index.ts';

/** A drawn fault that ends after `forMs` milliseconds. */
export type RandomFault = TargetedFault & { readonly forMs: number };

/** A kind of fault with its targets. */
type TargetedFault =
  | { readonly kind: 'kill' | 'freeze' | 'cut'; readonly servers: readonly ServerId[] }
  | {
      readonly kind: 'one-way' | 'delay' | 'lose' | 'duplicate';
      readonly links: readonly LinkId[];
      readonly policy: LinkPolicy;
    };

/** The state of the cluster that a draw depends on. */
export interface NemesisSituation {
  readonly servers: readonly ServerId[];
  readonly leader: ServerId | null;
  /** Servers that are up and not frozen. */
  readonly running: readonly ServerId[];
  readonly canFreeze: boolean;
  /** T, the shortest election timeout, milliseconds. */
  readonly electionMs: number;
}

/** The share of each kind among the draws. */
const SHARES: readonly (readonly [TargetedFault['kind'], number])[] = [
  ['kill', 4],
  ['freeze', 3],
  ['cut', 3],
  ['one-way', 2],
  ['delay', 1],
  ['lose', 2],
  ['duplicate', 1],
];
/**
 * Shortest and longest duration of a fault, in T: long enough to be noticed, short enough for a class to wait for its
 * end.
 */
const LASTS = { least: 3, most: 12 } as const;
/** The share of faults that target the leader when one leads. */
const LEADER_SHARE = 0.5;

/** Draws the next fault. */
export function drawFault(chance: Chance, situation: NemesisSituation): RandomFault {
  const kind = drawKind(chance, situation);
  const forMs = Math.round(situation.electionMs * (LASTS.least + (LASTS.most - LASTS.least) * chance()));
  return { ...drawTargets(kind, chance, situation), forMs };
}

/** The longest time of a timer in Node, milliseconds. A timer with a longer time fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Draws the milliseconds until the next fault: 0.5 to 1.5 times the mean, at most the longest time of a timer. */
export function drawGapMs(chance: Chance, perMinute: number): number {
  return Math.min(LONGEST_TIMER_MS, Math.round((60_000 / perMinute) * (0.5 + chance())));
}

function drawKind(chance: Chance, { servers, running, canFreeze }: NemesisSituation): TargetedFault['kind'] {
  const majority = Math.floor(servers.length / 2) + 1;
  const mayStop = running.length > majority;
  const allowed = SHARES.filter(([kind]) => {
    if (kind === 'kill') return mayStop;
    if (kind === 'freeze') return mayStop && canFreeze;
    return servers.length > 1;
  });
  // A cluster of one server has no links, so its server is killed and restarted.
  if (allowed.length === 0) return 'kill';
  const all = allowed.reduce((sum, [, share]) => sum + share, 0);
  let left = chance() * all;
  for (const [kind, share] of allowed) {
    left -= share;
    if (left < 0) return kind;
  }
  return allowed.at(-1)?.[0] ?? 'kill';
}

function drawTargets(kind: TargetedFault['kind'], chance: Chance, situation: NemesisSituation): TargetedFault {
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

/**
 * Draws a target: the leader in half of the draws, otherwise one of `among`. Returns the first server when `among` is
 * empty.
 */
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
    // The delay is at most T/3 and the jitter as much again, so heartbeats come late and out of order.
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

/** Shuffles a copy (Fisher and Yates). */
function shuffled<Item>(chance: Chance, items: readonly Item[]): readonly Item[] {
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(chance() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other] as Item, mixed[at] as Item];
  }
  return mixed;
}
