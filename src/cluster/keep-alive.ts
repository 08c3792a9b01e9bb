/**
 * Keep alive: while it is on, a server that is gone is started again, no matter why it ended. A server that keeps crashing
 * would be restarted for ever, so exits that the lab did not order are counted, and too many switch keep alive off.
 */
import type { LabEvent } from '../core/trace/index.ts';
import type { ServerId } from '../core/wire/index.ts';

/** How many exits of one server that nobody ordered, within how long, switch it off. */
export const CRASH_LOOP = { exits: 3, withinMs: 10_000 } as const;
const LINES = 5;

/** One server that is gone and whose files have been read. */
export interface Gone {
  readonly server: ServerId;
  readonly ordered: boolean;
  /** Its last lines on stderr. */
  readonly stderr: readonly string[];
}

/** The parts of the run that keep alive uses. */
export interface KeepAliveOptions {
  readonly note: (event: LabEvent) => void;
  /** Monotonic, milliseconds. */
  readonly nowMs: () => number;
  /** Never rejects: what cannot be started is said elsewhere. */
  readonly restart: (server: ServerId) => Promise<void>;
}

/** Off at first. */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  readonly #exits = new Map<ServerId, number[]>();
  #isOn = false;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
  }

  /** Switches it on or off; servers that are down already stay down. */
  set(on: boolean): void {
    if (on === this.#isOn) return;
    this.#isOn = on;
    this.#exits.clear();
    this.#options.note({ event: 'KeepAliveChanged', on });
  }

  /** A server ended: starts it again, or gives up. */
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
