/**
 * How one directed link treats messages: the words the lab orders in, the network carries out, and the trace tells.
 * Requests and replies are shaped apart, because the course tests do so (seed report, unreliable network).
 */

/** Faults for one kind of message; 0 switches a fault off. Percentages are 0–100, each drawn independently. */
export type LinkShape = {
  /** Added to the hop delay of the pace, milliseconds, 0–60,000. */
  readonly delayMs: number;
  /** Maximum extra delay in milliseconds, drawn uniformly for each message: messages may overtake each other. */
  readonly jitterMs: number;
  readonly lossPercent: number;
  /** How many come twice; the copy is delayed by a draw of its own. */
  readonly duplicatePercent: number;
  /** How many are kept back by `reorderMinMs` to `reorderMaxMs` and overtaken meanwhile. */
  readonly reorderPercent: number;
  readonly reorderMinMs: number;
  readonly reorderMaxMs: number;
};

/** The policy of one direction between two endpoints. */
export type LinkPolicy =
  | { readonly mode: 'pass' }
  /** Carries nothing, not even a close; what is queued is dropped. */
  | { readonly mode: 'cut' }
  /** Keeps all messages and closes until the policy changes, then delivers them in order. */
  | { readonly mode: 'hold' }
  | { readonly mode: 'shape'; readonly requests: LinkShape; readonly replies: LinkShape };

/** A shape that changes nothing: the default of each field that a request leaves out. */
export const PLAIN_SHAPE: LinkShape = {
  delayMs: 0,
  jitterMs: 0,
  lossPercent: 0,
  duplicatePercent: 0,
  reorderPercent: 0,
  reorderMinMs: 0,
  reorderMaxMs: 0,
};

/** The course tests' unreliable network: requests wait 0–26 ms and one in ten is lost, one in ten replies is lost. */
export const UNRELIABLE: LinkPolicy = {
  mode: 'shape',
  requests: { ...PLAIN_SHAPE, jitterMs: 26, lossPercent: 10 },
  replies: { ...PLAIN_SHAPE, lossPercent: 10 },
};

/** The course tests' long reordering on top of it: two of three replies are kept back 200–2,199 ms. */
export const LONG_REORDERING: LinkPolicy = {
  ...UNRELIABLE,
  replies: { ...UNRELIABLE.replies, reorderPercent: 200 / 3, reorderMinMs: 200, reorderMaxMs: 2_199 },
};

/** True while messages get through, be it late or with losses. */
export function carries(policy: LinkPolicy): boolean {
  return policy.mode !== 'cut' && policy.mode !== 'hold';
}

/** True when both mean the same for every message. */
export function samePolicy(a: LinkPolicy, b: LinkPolicy): boolean {
  if (a.mode !== 'shape' || b.mode !== 'shape') return a.mode === b.mode;
  return sameShape(a.requests, b.requests) && sameShape(a.replies, b.replies);
}

function sameShape(a: LinkShape, b: LinkShape): boolean {
  return (Object.keys(PLAIN_SHAPE) as (keyof LinkShape)[]).every((name) => a[name] === b[name]);
}
