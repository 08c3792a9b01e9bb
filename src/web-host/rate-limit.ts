/** Limits the rate of requests with a token bucket. Each page has its own. */

/** Returns true when one more request may pass now. */
export type RateLimit = () => boolean;

/** Makes a full bucket of `burst` tokens that gains `perSecond` tokens. `nowMs` is a monotonic clock in milliseconds. */
export function createRateLimit(limit: {
  readonly perSecond: number;
  readonly burst: number;
  readonly nowMs: () => number;
}): RateLimit {
  let tokens = limit.burst;
  let filledAt = limit.nowMs();
  return () => {
    const now = limit.nowMs();
    tokens = Math.min(limit.burst, tokens + ((now - filledAt) / 1000) * limit.perSecond);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
