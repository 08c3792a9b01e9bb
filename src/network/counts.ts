/**
 * How many requests each server was given in its present life: what the course tests call its RPC count. Counted where
 * the network delivers, from the same reports that go into the trace.
 */
import { endsOf } from '../core/vocabulary/index.ts';
import { type Endpoint, isServerId } from '../core/wire/index.ts';
import type { NetworkReporter } from './events.ts';

/** Hears every report on its way. */
export class Counts {
  readonly #counts = new Map<Endpoint, number>();

  /** The same reporter, listened to. */
  hearing(reporter: NetworkReporter): NetworkReporter {
    return {
      flush: () => reporter.flush(),
      report: (event, timeUs) => {
        if (event.event === 'MessageDelivered' && event.kind === 'request') this.#add(event.link);
        reporter.report(event, timeUs);
      },
    };
  }

  /** A new life of this server begins. */
  restart(server: Endpoint): void {
    this.#counts.set(server, 0);
  }

  all(): Readonly<Record<Endpoint, number>> {
    return Object.fromEntries(this.#counts);
  }

  #add(link: string): void {
    const { from, to } = endsOf(link);
    if (isServerId(from)) this.#counts.set(to, (this.#counts.get(to) ?? 0) + 1);
  }
}
