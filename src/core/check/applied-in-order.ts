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
  readonly applied: number;
  readonly committed: number;
  /** Last entry on its disk. */
  readonly durable: number;
}

export function appliedInOrder(account: Account): Property {
  const lives = new Map<string, Life>();

  function change(source: string, life: number, next: Partial<Omit<Life, 'life'>>): void {
    const now = lives.get(source);
    const base = now?.life === life ? now : { life, applied: 0, committed: 0, durable: 0 };
    lives.set(source, { ...base, ...next });
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
          return change(source, life, { durable: event.lastIndex });
        case 'EntriesAppended':
          return change(source, life, { durable: event.last });
        case 'EntriesTruncated':
          return change(source, life, { durable: event.from - 1 });
        case 'CommitAdvanced':
          return change(source, life, { committed: event.to });
        case 'EntriesApplied': {
          account.examined();
          const now = lives.get(source);
          const { applied, committed, durable } = now?.life === life ? now : { applied: 0, committed: 0, durable: 0 };
          const { first, last } = event;
          if (lost.delete(source)) {
            account.unknown('lost-events');
            return change(source, life, {
              applied: last,
              committed: Math.max(last, committed),
              durable: Math.max(last, durable),
            });
          }
          if (first !== applied + 1 || last > committed || last > durable) {
            account.broken({ server: source, first, last, applied, committed, durable }, [proofOf(event)]);
          }
          return change(source, life, { applied: last });
        }
        default:
          return;
      }
    },
    keptBytes: () => lives.size * factBytes({}),
  };
}
