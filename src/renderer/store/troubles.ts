/** All active faults: those of links, frozen servers, the nemesis, in the order they began. */
import { type ClusterView, type FaultView, type NemesisView, unreadOf } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';

/** One active fault; `sinceUs` is microseconds since the run began. */
export type Trouble =
  | { readonly kind: 'fault'; readonly key: string; readonly sinceUs: number; readonly fault: FaultView }
  | { readonly kind: 'nemesis'; readonly key: string; readonly sinceUs: number; readonly nemesis: NemesisView }
  | {
      readonly kind: 'frozen';
      readonly key: string;
      readonly sinceUs: number;
      readonly server: ServerId;
      readonly unread: number;
    };

/** The active faults, oldest first; the nemesis is last, because it makes the others. */
export function troublesOf(view: ClusterView): readonly Trouble[] {
  const { faults, servers, nemesis } = view;
  const cuts = faults.map((fault): Trouble => ({ kind: 'fault', key: fault.id, sinceUs: fault.sinceUs, fault }));
  const frozen = Object.values(servers).flatMap(({ id, frozenUs }): readonly Trouble[] =>
    frozenUs === null
      ? []
      : [{ kind: 'frozen', key: `frozen-${id}`, sinceUs: frozenUs, server: id, unread: unreadOf(view, id) }],
  );
  const sorted = [...cuts, ...frozen].sort((a, b) => a.sinceUs - b.sinceUs);
  if (nemesis === null) return sorted;
  return [...sorted, { kind: 'nemesis', key: 'nemesis', sinceUs: nemesis.sinceUs, nemesis }];
}
