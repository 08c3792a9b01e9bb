/**
 * Which faults are on, and what they mean for each link. Faults overlap: a link is cut while at least one fault cuts
 * it, so healing one never opens what another holds shut. Pure data; the run controller tells the network.
 */

import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { endsOf } from '../core/vocabulary/index.ts';
import {
  ALL_CLIENTS,
  type LinkId,
  type LinkPolicy,
  LONG_REORDERING,
  type ServerId,
  samePolicy,
  UNRELIABLE,
} from '../core/wire/index.ts';

/** A requested fault. */
export type FaultWish =
  /** This group is apart from all others. */
  | { readonly kind: 'cut'; readonly servers: readonly ServerId[] }
  /** Two servers talk when a group holds both. Groups may overlap (a bridge); who is in none is in one more group. */
  | { readonly kind: 'partition'; readonly groups: readonly (readonly ServerId[])[] }
  /** These directions, each by itself, do this. */
  | { readonly kind: 'link'; readonly links: readonly LinkId[]; readonly policy: LinkPolicy }
  /** Every link between servers is the course tests' unreliable network. */
  | { readonly kind: 'unreliable'; readonly longReordering: boolean }
  /** No client reaches these servers, and they reach none; servers still reach each other. */
  | { readonly kind: 'clients'; readonly servers: readonly ServerId[] };

/** A fault that is on. */
export type Fault = FaultWish & { readonly id: string };

/** One direction; `clients` stands for every client. */
export interface Way {
  readonly from: ServerId;
  readonly to: ServerId;
}

/** One directed link with the policy it is to have. */
export interface LinkOrder extends Way {
  readonly policy: LinkPolicy;
}

const PASS: LinkPolicy = { mode: 'pass' };
const CUT: LinkPolicy = { mode: 'cut' };
/** The rule where faults overlap: the greater one; of two that are equal, the one that began later. */
const STRENGTH: Readonly<Record<LinkPolicy['mode'], number>> = { pass: 0, shape: 1, hold: 2, cut: 3 };

/** The policy that a fault gives to one direction. */
export function policyUnder(fault: FaultWish, { from, to }: Way): LinkPolicy {
  if (from === ALL_CLIENTS || to === ALL_CLIENTS) {
    const server = from === ALL_CLIENTS ? to : from;
    return fault.kind === 'clients' && fault.servers.includes(server) ? CUT : PASS;
  }
  switch (fault.kind) {
    case 'cut':
      return fault.servers.includes(from) === fault.servers.includes(to) ? PASS : CUT;
    case 'partition':
      return areTogether(fault.groups, from, to) ? PASS : CUT;
    case 'link':
      return fault.links.includes(`${from}>${to}`) ? fault.policy : PASS;
    case 'unreliable':
      return fault.longReordering ? LONG_REORDERING : UNRELIABLE;
    case 'clients':
      return PASS;
  }
}

function areTogether(groups: readonly (readonly ServerId[])[], a: ServerId, b: ServerId): boolean {
  const isNamed = (id: ServerId): boolean => groups.some((group) => group.includes(id));
  if (!isNamed(a) && !isNamed(b)) return true;
  return groups.some((group) => group.includes(a) && group.includes(b));
}

/** The links a fault touches, in the order of the servers; those of clients last. */
export function linksOf(all: readonly ServerId[], fault: FaultWish): readonly LinkId[] {
  return waysOf(all)
    .filter((way) => policyUnder(fault, way).mode !== 'pass')
    .map(({ from, to }) => `${from}>${to}` as const);
}

/** The policy of every link while these faults are active, oldest first. */
export function policiesOf(all: readonly ServerId[], faults: readonly FaultWish[]): readonly LinkOrder[] {
  return waysOf(all).map((way) => {
    const policy = faults
      .map((fault) => policyUnder(fault, way))
      .reduce((held, next) => (STRENGTH[next.mode] >= STRENGTH[held.mode] ? next : held), PASS);
    return { ...way, policy };
  });
}

/** The orders of `next` that differ from `previous`; unchanged ones are not sent to the network again. */
export function changedOrders(previous: readonly LinkOrder[], next: readonly LinkOrder[]): readonly LinkOrder[] {
  const before = new Map(previous.map((order) => [`${order.from}>${order.to}`, order.policy]));
  return next.filter((order) => !samePolicy(before.get(`${order.from}>${order.to}`) ?? PASS, order.policy));
}

/** @throws LabProblem unknown-link for the first that is not between two of these servers */
export function assertLinks(all: readonly ServerId[], links: readonly LinkId[]): void {
  for (const link of links) {
    const { from, to } = endsOf(link);
    if (from === to || !all.includes(from) || !all.includes(to)) throw new LabProblem('unknown-link', { link });
  }
}

function waysOf(all: readonly ServerId[]): readonly Way[] {
  const between = all.flatMap((from) => all.filter((to) => to !== from).map((to) => ({ from, to })));
  const withClients = all.flatMap((id) => [
    { from: ALL_CLIENTS, to: id },
    { from: id, to: ALL_CLIENTS },
  ]);
  return [...between, ...withClients];
}
