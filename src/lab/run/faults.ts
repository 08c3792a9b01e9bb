/**
 * Which faults are on, and what they mean for each link. Faults overlap: a link is cut while at least one fault cuts
 * it, so healing one never opens what another holds shut. Pure data; the run controller tells the network.
 */
import {
  type LinkId,
  type LinkPolicy,
  LONG_REORDERING,
  type ServerId,
  samePolicy,
  UNRELIABLE,
} from '../../core/wire/index.ts';

/** What is asked for. */
export type FaultWish =
  /** This group is apart from all others. */
  | { readonly kind: 'cut'; readonly servers: readonly ServerId[] }
  /** These directions, each by itself, do this. */
  | { readonly kind: 'link'; readonly links: readonly LinkId[]; readonly policy: LinkPolicy }
  /** Every link between servers is the course tests' unreliable network. */
  | { readonly kind: 'unreliable'; readonly longReordering: boolean };

/** A fault that is on. */
export type Fault = FaultWish & { readonly id: string };

/** One directed link with the policy it is to have. */
export interface LinkOrder {
  readonly from: ServerId;
  readonly to: ServerId;
  readonly policy: LinkPolicy;
}

const PASS: LinkPolicy = { mode: 'pass' };
/** What wins where faults overlap: the greater one; of two that are equal, the one that began later. */
const STRENGTH: Readonly<Record<LinkPolicy['mode'], number>> = { pass: 0, shape: 1, hold: 2, cut: 3 };

/** What a fault makes of one direction. */
export function policyUnder(fault: FaultWish, from: ServerId, to: ServerId): LinkPolicy {
  switch (fault.kind) {
    case 'cut':
      return fault.servers.includes(from) === fault.servers.includes(to) ? PASS : { mode: 'cut' };
    case 'link':
      return fault.links.includes(`${from}>${to}`) ? fault.policy : PASS;
    case 'unreliable':
      return fault.longReordering ? LONG_REORDERING : UNRELIABLE;
  }
}

/** The links a fault touches, in the order of the servers. */
export function linksOf(all: readonly ServerId[], fault: FaultWish): readonly LinkId[] {
  return pairs(all)
    .filter(({ from, to }) => policyUnder(fault, from, to).mode !== 'pass')
    .map(({ from, to }) => `${from}>${to}` as const);
}

/** What every link is to do while these faults are on, oldest first. */
export function policiesOf(all: readonly ServerId[], faults: readonly FaultWish[]): readonly LinkOrder[] {
  return pairs(all).map(({ from, to }) => {
    const policy = faults
      .map((fault) => policyUnder(fault, from, to))
      .reduce((held, next) => (STRENGTH[next.mode] >= STRENGTH[held.mode] ? next : held), PASS);
    return { from, to, policy };
  });
}

/** The orders of `next` that differ from `previous`: the network is told of nothing that stays as it is. */
export function changedOrders(previous: readonly LinkOrder[], next: readonly LinkOrder[]): readonly LinkOrder[] {
  const before = new Map(previous.map((order) => [`${order.from}>${order.to}`, order.policy]));
  return next.filter((order) => !samePolicy(before.get(`${order.from}>${order.to}`) ?? PASS, order.policy));
}

function pairs(all: readonly ServerId[]): readonly { readonly from: ServerId; readonly to: ServerId }[] {
  return all.flatMap((from) => all.filter((to) => to !== from).map((to) => ({ from, to })));
}
