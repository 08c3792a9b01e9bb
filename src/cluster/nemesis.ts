/**
 * The nemesis: random faults at a rate, drawn from a seed, until it is stopped. Then it undoes its faults and waits
 * until the cluster has recovered (field notes: scalar-jepsen#85, openraft#1976). The trace has each intention before
 * the fault and the outcome after it. The nemesis uses the same actions as a person. Flow: live run → here →
 * FaultDriver.
 */
import { randomInt } from 'node:crypto';
import type { ActionName, Answer, Ask, MaybeBegun } from '../core/actions/index.ts';
import type { LabEvent } from '../core/trace/index.ts';
import { type Chance, createChance } from '../core/wire/index.ts';
import { drawFault, drawGapMs, type NemesisSituation, type RandomFault } from './nemesis-plan.ts';

/**
 * The actions and observations of the nemesis on a cluster. An action may fail because a person did the same before.
 */
export interface FaultDriver {
  readonly situation: () => NemesisSituation;
  /** Whether a server leads, all servers are up and all logs are equal. */
  readonly isRecovered: () => boolean;
  readonly act: <Name extends ActionName>(name: Name, ask: Ask<Name>) => Promise<Answer<Name>>;
  readonly note: (event: LabEvent) => void;
  readonly clock: FaultClock;
}

/** A monotonic clock in milliseconds, and a timer. `after` returns a function that cancels it. */
export interface FaultClock {
  readonly nowMs: () => number;
  readonly after: (ms: number, then: () => void) => () => void;
}

/** The seed and the rate of random faults. */
export interface NemesisRate {
  /** 0 … 2³²−1. Null: a seed is drawn. */
  readonly seed: number | null;
  /** Mean number of faults a minute. */
  readonly perMinute: number;
}

/** Milliseconds between two checks whether the cluster has recovered. */
const LOOK_EVERY_MS = 50;
/**
 * Maximum wait for recovery, in election timeouts T: 30 T are ten elections of the longest timeout (2T) and half as
 * much again.
 */
const RECOVERY_TIMEOUTS = 30;
/** Lower limit of that maximum, milliseconds, because the start of a process takes long even at a fast pace. */
const LEAST_RECOVERY_MS = 5_000;

interface Standing {
  readonly act: number;
  readonly undo: () => Promise<unknown>;
  readonly cancel: () => void;
}

/** Random faults of one run. Off until `start` is called. */
export class Nemesis {
  readonly #driver: FaultDriver;
  #phase: 'off' | 'on' | 'ending' = 'off';
  #chance: Chance = createChance(0, '');
  #perMinute = 1;
  #acts = 0;
  /** Number of `start` calls. A fault under way schedules the next fault only when no newer `start` came meanwhile. */
  #beginning = 0;
  readonly #standing = new Map<number, Standing>();
  #cancelNext: () => void = () => undefined;
  #ended: Promise<void> = Promise.resolve();
  #striking: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(driver: FaultDriver) {
    this.#driver = driver;
  }

  /** True from `start` until every fault is undone and the wait for recovery is over. */
  get isOn(): boolean {
    return this.#phase !== 'off';
  }

  /**
   * Begins random faults; when they are on already, continues with this seed and rate. Waits until an earlier `stop` is
   * over.
   *
   * @returns the seed
   */
  async start({ seed: wanted, perMinute }: NemesisRate): Promise<number> {
    const seed = wanted ?? randomInt(2 ** 32);
    await this.#ended;
    if (this.#isClosed) return seed;
    this.#cancelNext();
    this.#phase = 'on';
    this.#chance = createChance(seed, 'nemesis');
    this.#perMinute = perMinute;
    this.#beginning += 1;
    this.#driver.note({ event: 'NemesisStarted', seed, perMinute });
    this.#schedule();
    return seed;
  }

  /**
   * Stops random faults and undoes the active ones.
   *
   * @returns once the cluster has recovered or the wait is over; `NemesisEnded` in the trace has the result
   */
  stop(): Promise<void> {
    if (this.#phase === 'on') {
      this.#phase = 'ending';
      this.#cancelNext();
      this.#driver.note({ event: 'NemesisStopping' });
      this.#ended = this.#end();
    }
    return this.#ended;
  }

  /** Ends random faults at once because the run ends. Active faults are not undone, and no recovery is awaited. */
  close(): void {
    this.#isClosed = true;
    this.#phase = 'off';
    this.#cancelNext();
    for (const { cancel } of this.#standing.values()) cancel();
    this.#standing.clear();
  }

  #schedule(): void {
    const beginning = this.#beginning;
    const gapMs = drawGapMs(this.#chance, this.#perMinute);
    this.#cancelNext = this.#driver.clock.after(gapMs, () => {
      this.#striking = this.#strike();
      void this.#striking.then(() => {
        if (this.#phase === 'on' && beginning === this.#beginning) this.#schedule();
      });
    });
  }

  async #strike(): Promise<void> {
    const { situation, note, clock } = this.#driver;
    const act = drawFault(this.#chance, situation());
    this.#acts += 1;
    const number = this.#acts;
    const { kind, forMs } = act;
    const servers = 'servers' in act ? act.servers : [];
    const links = 'links' in act ? act.links : [];
    const policy = 'policy' in act ? { policy: act.policy } : {};
    note({ event: 'NemesisPlanned', act: number, kind, servers, links, forMs, ...policy });
    try {
      const undo = await this.#carryOut(act);
      const standing = { act: number, undo, cancel: clock.after(forMs, () => void this.#undo(standing)) };
      this.#standing.set(number, standing);
      if (this.#isClosed) standing.cancel();
      note({ event: 'NemesisActed', act: number, kind, outcome: 'done', detail: '' });
    } catch (cause) {
      note({ event: 'NemesisActed', act: number, kind, outcome: 'failed', detail: (cause as Error).message });
    }
  }

  /** Begins a fault. @returns a function that undoes it */
  async #carryOut(act: RandomFault): Promise<() => Promise<unknown>> {
    const { act: carryOut } = this.#driver;
    const heal =
      ({ fault }: MaybeBegun) =>
      async () =>
        fault === null ? null : await carryOut('heal', { fault });
    switch (act.kind) {
      case 'kill': {
        const { servers } = act;
        await carryOut('kill', { servers });
        return () => carryOut('restart', { servers });
      }
      case 'freeze': {
        const { servers } = act;
        await carryOut('freeze', { servers });
        return () => carryOut('resume', { servers });
      }
      case 'cut':
        return heal(await carryOut('cutOff', { servers: act.servers }));
      default:
        return heal(await carryOut('setLinks', { links: act.links, policy: act.policy }));
    }
  }

  async #undo(standing: Standing): Promise<void> {
    if (!this.#standing.delete(standing.act)) return;
    standing.cancel();
    const { note } = this.#driver;
    try {
      await standing.undo();
      note({ event: 'NemesisUndone', act: standing.act, outcome: 'done', detail: '' });
    } catch (cause) {
      // The usual cause is that a person undid the fault before. The trace has both.
      note({ event: 'NemesisUndone', act: standing.act, outcome: 'failed', detail: (cause as Error).message });
    }
  }

  async #end(): Promise<void> {
    const { note, clock, situation, isRecovered } = this.#driver;
    // A fault that is just beginning is awaited first, so that it is undone with the others.
    await this.#striking;
    await Promise.all([...this.#standing.values()].map((standing) => this.#undo(standing)));
    const began = clock.nowMs();
    const patienceMs = Math.max(LEAST_RECOVERY_MS, RECOVERY_TIMEOUTS * situation().electionMs);
    while (!isRecovered() && clock.nowMs() - began < patienceMs && !this.#isClosed) await this.#pause(LOOK_EVERY_MS);
    if (this.#isClosed) return;
    this.#phase = 'off';
    note({ event: 'NemesisEnded', recovered: isRecovered(), afterMs: Math.round(clock.nowMs() - began) });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#driver.clock.after(ms, resolve));
  }
}
