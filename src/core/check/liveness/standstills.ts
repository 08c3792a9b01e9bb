/**
 * Times in which a process did nothing, as its own report of a late tick shows. A server that the lab froze is late
 * too, but not counted, because the freeze was requested. A killed network process cannot report a standstill, so the
 * time since its last event counts as one. A working network process ends in order with the run and is not killed.
 * While the computer sleeps all processes stand still, and late ticks of that time are not counted against the machine.
 */
import type { TraceEvent } from '../../trace/index.ts';
import type { ServerId } from '../../wire/index.ts';
import type { Conditions } from './conditions.ts';

/** A time in which a process stood still, in microseconds of the run. */
export interface Standstill {
  /** Null for the network process and the lab, without which no majority meets the conditions. */
  readonly server: ServerId | null;
  readonly fromUs: number;
  readonly untilUs: number;
}

/** Number of late ticks and the worst lateness in milliseconds. */
export interface Lateness {
  readonly count: number;
  readonly worstMs: number;
}

/** Late ticks by the kind of process. */
export interface LateTicks {
  readonly servers: Lateness;
  readonly network: Lateness;
  readonly lab: Lateness;
}

/** Number of sleeps of the computer, and their total length in milliseconds. */
export interface Sleeps {
  readonly count: number;
  readonly totalMs: number;
}

/** A late tick that a sleep may still explain. Times are microseconds of the run. */
interface LateTick {
  readonly who: keyof LateTicks;
  readonly lateMs: number;
  readonly dueUs: number;
  readonly cameUs: number;
}

/** A sleep is reported at most this long after the late ticks that it explains, in microseconds. */
const EXPLAINED_WITHIN_US = 30_000_000;

const NONE: Lateness = { count: 0, worstMs: 0 };

/** Observes a run's events in the order of the recording. */
export class Standstills {
  readonly #conditions: Conditions;
  #late: LateTicks = { servers: NONE, network: NONE, lab: NONE };
  /** Late ticks of the last 30 s, which are not counted yet. */
  #recent: LateTick[] = [];
  #sleeps: Sleeps = { count: 0, totalMs: 0 };
  /** The last sleep. */
  #asleep = { fromUs: Number.NEGATIVE_INFINITY, untilUs: Number.NEGATIVE_INFINITY };
  #networkHeardUs = 0;
  #lastUs = Number.NEGATIVE_INFINITY;

  constructor(conditions: Conditions) {
    this.#conditions = conditions;
  }

  /** When the network process or the lab last resumed, in microseconds. */
  get lastUs(): number {
    return this.#lastUs;
  }

  /** Ticks that came half an election timeout late, without those that freezes by the lab or sleeps explain. */
  lateTicks(): LateTicks {
    return this.#recent.reduce(counted, this.#late);
  }

  /** Sleeps of the computer so far. */
  sleeps(): Sleeps {
    return this.#sleeps;
  }

  /** @returns the standstill that this event reveals, or null */
  observe(event: TraceEvent): Standstill | null {
    const heardUs = this.#networkHeardUs;
    if (event.source === 'network') this.#networkHeardUs = Math.max(heardUs, event.timeUs);
    if (event.event === 'NetworkSpawned') this.#networkHeardUs = event.timeUs;
    if (event.event === 'NetworkExited' && event.signal === 'SIGKILL') return this.#everybody(heardUs, event.timeUs);
    if (event.event === 'ComputerResumed') return this.#sleep(event);
    return event.event === 'TicksLate' ? this.#lateTick(event) : null;
  }

  #sleep({
    sinceUs,
    sleptMs,
    timeUs,
  }: TraceEvent & { readonly sinceUs: number; readonly sleptMs: number }): Standstill {
    const { count, totalMs } = this.#sleeps;
    this.#sleeps = { count: count + 1, totalMs: totalMs + sleptMs };
    this.#asleep = { fromUs: sinceUs, untilUs: timeUs };
    this.#recent = this.#recent.filter((tick) => !this.#isAsleep(tick));
    return this.#everybody(sinceUs, timeUs);
  }

  #isAsleep({ dueUs, cameUs }: LateTick): boolean {
    return dueUs < this.#asleep.untilUs && cameUs > this.#asleep.fromUs;
  }

  #lateTick({ source, timeUs: untilUs, lateMs }: TraceEvent & { readonly lateMs: number }): Standstill {
    const dueUs = untilUs - lateMs * 1_000;
    // The process may have stopped right after its previous tick.
    const fromUs = dueUs - this.#conditions.tickUs;
    if (source === 'network' || source === 'lab') {
      this.#count({ who: source, lateMs, dueUs, cameUs: untilUs });
      return this.#everybody(fromUs, untilUs);
    }
    if (!this.#conditions.explainsLateness(source, dueUs)) {
      this.#count({ who: 'servers', lateMs, dueUs, cameUs: untilUs });
    }
    return { server: source, fromUs, untilUs };
  }

  #everybody(fromUs: number, untilUs: number): Standstill {
    this.#lastUs = Math.max(this.#lastUs, untilUs);
    return { server: null, fromUs, untilUs };
  }

  #count(tick: LateTick): void {
    if (this.#isAsleep(tick)) return;
    this.#recent.push(tick);
    const settledUs = tick.cameUs - EXPLAINED_WITHIN_US;
    for (let [first] = this.#recent; first !== undefined && first.cameUs < settledUs; [first] = this.#recent) {
      this.#late = counted(this.#late, first);
      this.#recent.shift();
    }
  }
}

function counted(late: LateTicks, { who, lateMs }: LateTick): LateTicks {
  const { count, worstMs } = late[who];
  return { ...late, [who]: { count: count + 1, worstMs: Math.max(worstMs, lateMs) } };
}
