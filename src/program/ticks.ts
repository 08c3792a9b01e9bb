/**
 * Ticks at every multiple of the tick length, counted from when the ticks were created. The fixed origin keeps lateness
 * from adding up (rule E9). Missed multiples are counted, not replayed, so a server that was frozen reads its backlog
 * before its election timer runs out. A server's ticks drive its core. The network and the lab use fewer ticks to
 * notice when their process is delayed.
 */

/** Tick statistics of this life, for telemetry. */
export interface TickCounts {
  readonly ticks: number;
  readonly missedTicks: number;
  /** Worst lateness since the last call of `counts`, milliseconds. */
  readonly tickLagMs: number;
}

/** A source of ticks that can be started, slowed and stopped. */
export interface Ticks {
  start(): void;
  /** Sets a new length; the next tick comes at the next multiple of it. */
  setTickMs(tickMs: number): void;
  /** Sets another election timeout T; only the measure of lateness changes. */
  setElectionTicks(electionTicks: number): void;
  counts(): TickCounts;
  stop(): void;
}

/** The clock and timers that ticks use; tests replace them. */
export interface Timer {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls back once after the given number of milliseconds. @returns cancels the call */
  after(ms: number, then: () => void): () => void;
}

/** The machine's own timers. */
const REAL_TIMER: Timer = {
  now: () => performance.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** Creates ticks of `tickMs` milliseconds that begin with `start`; their multiples count from now. */
export function createTicks(options: {
  readonly tickMs: number;
  /** Election timeout T of the run in ticks. A tick that is T/2 late indicates a slow machine, not a Raft problem. */
  readonly electionTicks: number;
  readonly onTick?: () => void;
  /** Called before a tick that comes T/2 late or later, with its lateness in milliseconds and the number of skipped ticks. */
  readonly onLate: (lateMs: number, missed: number) => void;
  readonly timer?: Timer;
}): Ticks {
  const { onTick, onLate, timer = REAL_TIMER } = options;
  const origin = timer.now();
  let { tickMs, electionTicks } = options;
  let cancel: (() => void) | null = null;
  /** The multiple at which the next tick is due. */
  let next = 0;
  let ticks = 0;
  let missedTicks = 0;
  let worstLagMs = 0;

  const multiple = (): number => Math.floor((timer.now() - origin) / tickMs);

  function wait(): void {
    const ms = origin + next * tickMs - timer.now();
    cancel = timer.after(Math.max(0, Math.ceil(ms)), fire);
  }

  function fire(): void {
    const reached = multiple();
    // A timer may fire a fraction of a millisecond early.
    if (reached >= next) {
      const lagMs = timer.now() - (origin + next * tickMs);
      worstLagMs = Math.max(worstLagMs, lagMs);
      missedTicks += reached - next;
      if (lagMs >= (electionTicks / 2) * tickMs) onLate(Math.round(lagMs), reached - next);
      ticks += 1;
      next = reached + 1;
      onTick?.();
    }
    wait();
  }

  function begin(): void {
    next = multiple() + 1;
    wait();
  }

  return {
    start() {
      if (cancel === null) begin();
    },
    setTickMs(length) {
      tickMs = length;
      if (cancel === null) return;
      cancel();
      begin();
    },
    setElectionTicks(length) {
      electionTicks = length;
    },
    counts() {
      const tickLagMs = worstLagMs;
      worstLagMs = 0;
      return { ticks, missedTicks, tickLagMs };
    },
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}

/** Number of checks per election timeout T: enough to notice a pause of T/2, few enough to cost nothing. */
const LOOKS_PER_TIMEOUT = 4;

/** Ticks that only detect delays of this process. */
export interface Watch extends Pick<Ticks, 'start' | 'stop'> {
  /** Sets the tick length and the election timeout of the run; a field that is left out stays. */
  setTiming(timing: { readonly tickMs?: number; readonly electionTicks?: number }): void;
}

/** Creates a watch that checks four times per T, from `start` on; T and `onLate` are as in `createTicks`. */
export function createWatch(options: {
  readonly tickMs: number;
  readonly electionTicks: number;
  readonly onLate: (lateMs: number, missed: number) => void;
  /** Called at each check, four times per T. */
  readonly onLook?: () => void;
  readonly timer?: Timer;
}): Watch {
  let { tickMs, electionTicks } = options;
  const lookMs = (): number => (tickMs * electionTicks) / LOOKS_PER_TIMEOUT;
  const { onLook = () => undefined, ...rest } = options;
  const looks = createTicks({
    ...rest,
    onTick: onLook,
    tickMs: lookMs(),
    electionTicks: LOOKS_PER_TIMEOUT,
  });
  return {
    start: looks.start,
    stop: looks.stop,
    setTiming(timing) {
      tickMs = timing.tickMs ?? tickMs;
      electionTicks = timing.electionTicks ?? electionTicks;
      looks.setTickMs(lookMs());
    },
  };
}
