/**
 * Times in which a process did nothing, by what it reports itself: a late tick. A server that the lab froze is late too but
 * not counted, because that was ordered. A network process that is killed cannot report that it stood still, so the time
 * since its last event is taken for a standstill: a network that works ends in order when the run does.
 */
import type { TraceEvent } from '../../trace/index.ts';
import type { ServerId } from '../../wire/index.ts';
import type { Conditions } from './conditions.ts';

/** Microseconds of the run. */
export interface Standstill {
  /** Null: the network process or the lab, without which no majority is well. */
  readonly server: ServerId | null;
  readonly fromUs: number;
  readonly untilUs: number;
}

/** Number of late ticks and the worst lateness in milliseconds. */
export interface Lateness {
  readonly count: number;
  readonly worstMs: number;
}

/** By the kind of process that was late. */
export interface LateTicks {
  readonly servers: Lateness;
  readonly network: Lateness;
  readonly lab: Lateness;
}

const NONE: Lateness = { count: 0, worstMs: 0 };

/** Hears a run's events in the order of the recording. */
export class Standstills {
  readonly #conditions: Conditions;
  #late: LateTicks = { servers: NONE, network: NONE, lab: NONE };
  #networkHeardUs = 0;
  #lastUs = Number.NEGATIVE_INFINITY;

  constructor(conditions: Conditions) {
    this.#conditions = conditions;
  }

  /** When the network process or the lab last went on, microseconds. */
  get lastUs(): number {
    return this.#lastUs;
  }

  /** Ticks that came half an election timeout late, freezes by the lab apart. */
  lateTicks(): LateTicks {
    return this.#late;
  }

  /** @returns the standstill that this event reveals, or null */
  observe(event: TraceEvent): Standstill | null {
    const heardUs = this.#networkHeardUs;
    if (event.source === 'network') this.#networkHeardUs = Math.max(heardUs, event.timeUs);
    if (event.event === 'NetworkSpawned') this.#networkHeardUs = event.timeUs;
    if (event.event === 'NetworkExited' && event.signal === 'SIGKILL') return this.#everybody(heardUs, event.timeUs);
    return event.event === 'TicksLate' ? this.#lateTick(event) : null;
  }

  #lateTick({ source, timeUs: untilUs, lateMs }: TraceEvent & { readonly lateMs: number }): Standstill {
    const dueUs = untilUs - lateMs * 1_000;
    // It may have stopped right after the tick before.
    const fromUs = dueUs - this.#conditions.tickUs;
    if (source === 'network' || source === 'lab') {
      this.#count(source, lateMs);
      return this.#everybody(fromUs, untilUs);
    }
    if (!this.#conditions.explainsLateness(source, dueUs)) this.#count('servers', lateMs);
    return { server: source, fromUs, untilUs };
  }

  #everybody(fromUs: number, untilUs: number): Standstill {
    this.#lastUs = Math.max(this.#lastUs, untilUs);
    return { server: null, fromUs, untilUs };
  }

  #count(who: keyof LateTicks, lateMs: number): void {
    const { count, worstMs } = this.#late[who];
    this.#late = { ...this.#late, [who]: { count: count + 1, worstMs: Math.max(worstMs, lateMs) } };
  }
}
