/** Everything that was made wrong and can be healed: faults of links and frozen servers, in the order they began. */
import type { ClusterView, FaultView } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';

/** One of them; `sinceUs` is microseconds since the run began. */
export type Trouble =
  | { readonly kind: 'fault'; readonly key: string; readonly sinceUs: number; readonly fault: FaultView }
  | { readonly kind: 'frozen'; readonly key: string; readonly sinceUs: number; readonly server: ServerId };

/** Oldest first. */
export function troublesOf({ faults, servers }: Pick<ClusterView, 'faults' | 'servers'>): readonly Trouble[] {
  const cuts = faults.map((fault): Trouble => ({ kind: 'fault', key: fault.id, sinceUs: fault.sinceUs, fault }));
  const frozen = Object.values(servers).flatMap(({ id, frozenUs }): readonly Trouble[] =>
    frozenUs === null ? [] : [{ kind: 'frozen', key: `frozen-${id}`, sinceUs: frozenUs, server: id }],
  );
  return [...cuts, ...frozen].sort((a, b) => a.sinceUs - b.sinceUs);
}
