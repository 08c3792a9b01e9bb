/**
 * Which faults are on, and what they mean for each link. Faults overlap: a link is cut while at least one fault cuts
 * it, so healing one never opens what another holds shut. Pure data; the run controller tells the network.
 */
import { type LinkId, type LinkPolicy, type ServerId, samePolicy } from '../../core/wire/index.ts';

/** A cut that is on: this group is apart from all others. */
export interface Cut {
  readonly id: string;
  readonly servers: readonly ServerId[];
}

/** One directed link with the policy it is to have. */
export interface LinkOrder {
  readonly from: ServerId;
  readonly to: ServerId;
  readonly policy: LinkPolicy;
}

/** The links a cut closes: every direction between a member of the group and a server outside it. */
export function linksOf(all: readonly ServerId[], group: readonly ServerId[]): readonly LinkId[] {
  return pairs(all)
    .filter(({ from, to }) => group.includes(from) !== group.includes(to))
    .map(({ from, to }) => `${from}>${to}` as const);
}

/** What every link is to do while these cuts are on. */
export function policiesOf(all: readonly ServerId[], cuts: readonly Cut[]): readonly LinkOrder[] {
  return pairs(all).map(({ from, to }) => {
    const isCut = cuts.some(({ servers }) => servers.includes(from) !== servers.includes(to));
    return { from, to, policy: { mode: isCut ? 'cut' : 'pass' } };
  });
}

/** The orders of `next` that differ from `previous`: the network is told of nothing that stays as it is. */
export function changedOrders(previous: readonly LinkOrder[], next: readonly LinkOrder[]): readonly LinkOrder[] {
  const before = new Map(previous.map((order) => [`${order.from}>${order.to}`, order.policy]));
  return next.filter((order) => !samePolicy(before.get(`${order.from}>${order.to}`) ?? { mode: 'pass' }, order.policy));
}

function pairs(all: readonly ServerId[]): readonly { readonly from: ServerId; readonly to: ServerId }[] {
  return all.flatMap((from) => all.filter((to) => to !== from).map((to) => ({ from, to })));
}
