/**
 * Keep alive: while it is on, a server that ended is restarted, whatever the cause. Exits that the lab did not order
 * are counted. Too many of them within a short time switch keep alive off, because a server that always crashes would
 * be restarted for ever.
 */
import type { LabEvent } from '../core/trace/index.ts';
import type { ServerId } from '../core/wire/index.ts';

/** Keep alive is switched off by this number of exits of one server within this time that the lab did not order. */
export const CRASH_LOOP = { exits: 3, withinMs: 10_000 } as const;
const LINES = 5;

/** A server that has ended and whose files have been read. */
export interface Gone {
  readonly server: ServerId;
  readonly ordered: boolean;
  /** The last lines of the server on stderr. */
  readonly stderr: readonly string[];
}

/** The parts of the run that keep alive needs. */
export interface KeepAliveOptions {
  readonly note: (event: LabEvent) => void;
  /** Monotonic clock, milliseconds. */
  readonly nowMs: () => number;
  /** Restarts a server. Never rejects: a failed start is reported in the trace. */
  readonly restart: (server: ServerId) => Promise<void>;
}

/** Keep alive of one run. Off until `set(true)`. */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  readonly #exits = new Map<ServerId, number[]>();
  #isOn = false;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
  }

  /** Switches keep alive on or off. Servers that are down already stay down. */
  set(on: boolean): void {
    if (on === this.#isOn) return;
    this.#isOn = on;
    this.#exits.clear();
    this.#options.note({ event: 'KeepAliveChanged', on });
  }

  /** Restarts a server that ended, or switches keep alive off after too many exits. */
  async gone({ server, ordered, stderr }: Gone): Promise<void> {
    if (!this.#isOn) return;
    if (!ordered && this.#countExit(server) >= CRASH_LOOP.exits) {
      this.#isOn = false;
      this.#options.note({ event: 'KeepAliveGaveUp', server, ...CRASH_LOOP, stderr: stderr.slice(-LINES) });
      return;
    }
    await this.#options.restart(server);
  }

  #countExit(server: ServerId): number {
    const now = this.#options.nowMs();
    const recent = (this.#exits.get(server) ?? []).filter((at) => now - at < CRASH_LOOP.withinMs);
    recent.push(now);
    this.#exits.set(server, recent);
    return recent.length;
  }
}
