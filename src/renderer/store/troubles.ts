/** Everything that was made wrong and can be healed: faults of links, frozen servers, the nemesis, in the order they began. */
import type { ClusterView, FaultView, NemesisView } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';

/** One of them; `sinceUs` is microseconds since the run began. */
export type Trouble =
  | { readonly kind: 'fault'; readonly key: string; readonly sinceUs: number; readonly fault: FaultView }
  | { readonly kind: 'nemesis'; readonly key: string; readonly sinceUs: number; readonly nemesis: NemesisView }
  | { readonly kind: 'frozen'; readonly key: string; readonly sinceUs: number; readonly server: ServerId };

/** Oldest first, the nemesis last: it is what makes the others. */
export function troublesOf({
  faults,
  servers,
  nemesis,
}: Pick<ClusterView, 'faults' | 'servers' | 'nemesis'>): readonly Trouble[] {
  const cuts = faults.map((fault): Trouble => ({ kind: 'fault', key: fault.id, sinceUs: fault.sinceUs, fault }));
  const frozen = Object.values(servers).flatMap(({ id, frozenUs }): readonly Trouble[] =>
    frozenUs === null ? [] : [{ kind: 'frozen', key: `frozen-${id}`, sinceUs: frozenUs, server: id }],
  );
  const sorted = [...cuts, ...frozen].sort((a, b) => a.sinceUs - b.sinceUs);
  if (nemesis === null) return sorted;
  return [...sorted, { kind: 'nemesis', key: 'nemesis', sinceUs: nemesis.sinceUs, nemesis }];
}
