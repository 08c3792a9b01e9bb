/**
 * The policy of one directed link: the lab requests it, the network process carries it out, and the trace records it.
 * Requests and replies have shapes of their own, as the course tests need (seed report, unreliable network).
 */

/** Faults of one kind of message. 0 switches a fault off. Percentages are 0–100, each drawn independently. */
export type LinkShape = {
  /** Delay in addition to the pace's hop delay, in milliseconds, 0–60,000. */
  readonly delayMs: number;
  /** Maximum extra delay in milliseconds, drawn uniformly for each message, so messages may overtake each other. */
  readonly jitterMs: number;
  readonly lossPercent: number;
  /** Percentage of messages delivered twice. The copy draws its own delay. */
  readonly duplicatePercent: number;
  /** Percentage of messages held back for `reorderMinMs` to `reorderMaxMs`, so that others overtake them. */
  readonly reorderPercent: number;
  readonly reorderMinMs: number;
  readonly reorderMaxMs: number;
};

/** The policy of one direction between two endpoints. */
export type LinkPolicy =
  | { readonly mode: 'pass' }
  /** Carries no message and no close. Queued messages are dropped. */
  | { readonly mode: 'cut' }
  /** Holds all messages and closes until the policy changes, then delivers them in order. */
  | { readonly mode: 'hold' }
  | { readonly mode: 'shape'; readonly requests: LinkShape; readonly replies: LinkShape };

/** A shape without faults; it gives the default of each field that a request omits. */
export const PLAIN_SHAPE: LinkShape = {
  delayMs: 0,
  jitterMs: 0,
  lossPercent: 0,
  duplicatePercent: 0,
  reorderPercent: 0,
  reorderMinMs: 0,
  reorderMaxMs: 0,
};

/**
 * The unreliable network of the course tests: requests are delayed 0–26 ms, and 10 % of requests and of replies are
 * lost.
 */
export const UNRELIABLE: LinkPolicy = {
  mode: 'shape',
  requests: { ...PLAIN_SHAPE, jitterMs: 26, lossPercent: 10 },
  replies: { ...PLAIN_SHAPE, lossPercent: 10 },
};

/**
 * The long reordering of the course tests, in addition to `UNRELIABLE`: two of three replies are held back 200–2,199
 * ms.
 */
export const LONG_REORDERING: LinkPolicy = {
  ...UNRELIABLE,
  replies: { ...UNRELIABLE.replies, reorderPercent: 200 / 3, reorderMinMs: 200, reorderMaxMs: 2_199 },
};

/** True when messages pass, even if late or with losses. */
export function carries(policy: LinkPolicy): boolean {
  return policy.mode !== 'cut' && policy.mode !== 'hold';
}

/** True when both policies treat every message alike. */
export function samePolicy(a: LinkPolicy, b: LinkPolicy): boolean {
  if (a.mode !== 'shape' || b.mode !== 'shape') return a.mode === b.mode;
  return sameShape(a.requests, b.requests) && sameShape(a.replies, b.replies);
}

function sameShape(a: LinkShape, b: LinkShape): boolean {
  return (Object.keys(PLAIN_SHAPE) as (keyof LinkShape)[]).every((name) => a[name] === b[name]);
}
