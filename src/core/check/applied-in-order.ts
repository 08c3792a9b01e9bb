/**
 * A server applies its log in order, without a gap and without repetition, and only what it knows to be committed and has
 * on its own disk (paper Figure 2: "if commitIndex > lastApplied"; §5.3; rule E8). Told by the server, in its own order.
 */
import type { TraceEvent } from '../trace/index.ts';
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { type Account, proofOf } from './verdict.ts';

export const APPLIED_IN_ORDER_RULE = 'Figure 2, rules for all servers; rule E8';

interface Life {
  readonly life: number;
  applied: number;
  committed: number;
  /** Last entry on its disk. */
  durable: number;
}

export function appliedInOrder(account: Account): Property {
  const lives = new Map<string, Life>();

  /** The facts known of this life; none at its beginning. */
  function of(source: string, life: number): Life {
    const known = lives.get(source);
    if (known?.life === life) return known;
    const now = { life, applied: 0, committed: 0, durable: 0 };
    lives.set(source, now);
    return now;
  }

  /** Whose context was lost: the next apply is taken as it comes. */
  const lost = new Set<string>();
  return {
    account,
    gap: (source) => void lost.add(source),
    observe(event: TraceEvent) {
      const { source, life } = event;
      switch (event.event) {
        case 'StateRestored':
          of(source, life).durable = event.lastIndex;
          return;
        case 'EntriesAppended':
          of(source, life).durable = event.last;
          return;
        case 'EntriesTruncated':
          of(source, life).durable = event.from - 1;
          return;
        case 'CommitAdvanced':
          of(source, life).committed = event.to;
          return;
        case 'EntriesApplied': {
          account.examined();
          const now = of(source, life);
          const { applied, committed, durable } = now;
          const { first, last } = event;
          now.applied = last;
          if (lost.delete(source)) {
            account.unknown('lost-events');
            now.committed = Math.max(last, committed);
            now.durable = Math.max(last, durable);
            return;
          }
          if (first !== applied + 1 || last > committed || last > durable) {
            account.broken({ server: source, first, last, applied, committed, durable }, [proofOf(event)]);
          }
          return;
        }
        default:
          return;
      }
    },
    keptBytes: () => lives.size * factBytes({}),
  };
}
