/**
 * Counts the requests delivered to each server in its present life, which the course tests call the RPC count. Takes
 * them from the reports that also go into the trace.
 */
import { endsOf } from '../core/vocabulary/index.ts';
import { type Endpoint, isServerId } from '../core/wire/index.ts';
import type { NetworkReporter } from './events.ts';

/** Counts from the reports that pass through it. */
export class Counts {
  readonly #counts = new Map<Endpoint, number>();

  /** Wraps a reporter so that its reports are counted. */
  hearing(reporter: NetworkReporter): NetworkReporter {
    return {
      flush: () => reporter.flush(),
      report: (event, timeUs) => {
        if (event.event === 'MessageDelivered' && event.kind === 'request') this.#add(event.link);
        reporter.report(event, timeUs);
      },
    };
  }

  /** Resets the count, because a new life of this server begins. */
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
