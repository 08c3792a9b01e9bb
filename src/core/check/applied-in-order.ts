/**
 * A server applies its log in order, without a gap and without repetition. It applies only entries that it knows to be
 * committed and that are on its own disk (paper Figure 2: "if commitIndex > lastApplied"; §5.3; rule E8). Each server's
 * own events are judged in their own order.
 */
import type { Named, TraceEvent } from '../trace/index.ts';
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { type Account, proofOf } from './verdict.ts';

export const APPLIED_IN_ORDER_RULE = 'Figure 2, rules for all servers; rule E8';

/** Facts known about one life. A fact is null after a lost event, until a later event reports it again. */
interface Life {
  readonly life: number;
  applied: number | null;
  committed: number | null;
  /** Index of the last entry on the server's disk. */
  durable: number | null;
}

export function appliedInOrder(account: Account): Property {
  const lives = new Map<string, Life>();

  /** Returns the facts known about this life. A new life has applied nothing. */
  function of(source: string, life: number): Life {
    const known = lives.get(source);
    if (known?.life === life) return known;
    const now = { life, applied: 0, committed: 0, durable: 0 };
    lives.set(source, now);
    return now;
  }

  /** Sources with lost events since their last observed event. */
  const lost = new Set<string>();

  function apply(event: Named<'EntriesApplied'>, now: Life): void {
    const { source: server, first, last } = event;
    const { applied, committed, durable } = now;
    account.examined();
    now.applied = last;
    const isInOrder = applied === null || first === applied + 1;
    if (!isInOrder || last > (committed ?? last) || last > (durable ?? last)) {
      const params = { server, first, last, applied: applied ?? 0, committed: committed ?? 0, durable: durable ?? 0 };
      account.broken(params, [proofOf(event)]);
    } else if (applied === null || committed === null || durable === null) account.unknown('lost-events');
  }

  /** Facts about the life that reports this event, without those that lost events may have changed. */
  function factsOf({ source, life }: TraceEvent): Life {
    const now = of(source, life);
    if (lost.delete(source)) Object.assign(now, NOTHING_KNOWN);
    return now;
  }

  return {
    account,
    gap: (source) => void lost.add(source),
    handlers: {
      StateRestored: (event) => {
        Object.assign(factsOf(event), { applied: 0, committed: 0, durable: event.lastIndex });
      },
      EntriesAppended: (event) => {
        factsOf(event).durable = event.last;
      },
      EntriesTruncated: (event) => {
        factsOf(event).durable = event.from - 1;
      },
      CommitAdvanced: (event) => {
        factsOf(event).committed = event.to;
      },
      EntriesApplied: (event) => apply(event, factsOf(event)),
    },
    keptBytes: () => lives.size * factBytes({}),
  };
}

const NOTHING_KNOWN = { applied: null, committed: null, durable: null } as const;
