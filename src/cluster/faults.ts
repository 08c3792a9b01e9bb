/**
 * Active faults and the link policies that follow from them. Faults overlap: a link is cut while at least one fault
 * cuts it, so healing one fault never opens a link that another fault still cuts. Pure data; fault-control.ts sends the
 * policies to the network.
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
export type FaultSpec =
  /** These servers are cut off from all others. */
  | { readonly kind: 'cut'; readonly servers: readonly ServerId[] }
  /**
   * Two servers can communicate when a group holds both. Groups may overlap (a bridge). Servers in no group form one
   * more group.
   */
  | { readonly kind: 'partition'; readonly groups: readonly (readonly ServerId[])[] }
  /** Each of these directions has this policy. */
  | { readonly kind: 'link'; readonly links: readonly LinkId[]; readonly policy: LinkPolicy }
  /** Every link between servers behaves like the course tests' unreliable network. */
  | { readonly kind: 'unreliable'; readonly longReordering: boolean }
  /** Clients and these servers cannot reach each other; links between servers are unchanged. */
  | { readonly kind: 'clients'; readonly servers: readonly ServerId[] };

/** An active fault. */
export type Fault = FaultSpec & { readonly id: string };

/** One direction of a link; `clients` stands for every client. */
export interface Way {
  readonly from: ServerId;
  readonly to: ServerId;
}

/** A direction of a link with its new policy. */
export interface LinkOrder extends Way {
  readonly policy: LinkPolicy;
}

const PASS: LinkPolicy = { mode: 'pass' };
const CUT: LinkPolicy = { mode: 'cut' };
/** Strength of each policy. Where faults overlap, the strongest policy holds, and the later one of two equal ones. */
const STRENGTH: Readonly<Record<LinkPolicy['mode'], number>> = { pass: 0, shape: 1, hold: 2, cut: 3 };

/** The policy that a fault gives to one direction. */
export function policyUnder(fault: FaultSpec, { from, to }: Way): LinkPolicy {
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

/** Returns the links that a fault changes, in the order of the servers, with links of clients last. */
export function linksOf(all: readonly ServerId[], fault: FaultSpec): readonly LinkId[] {
  return waysOf(all)
    .filter((way) => policyUnder(fault, way).mode !== 'pass')
    .map(({ from, to }) => `${from}>${to}` as const);
}

/** The policy of every link while these faults are active, oldest first. */
export function policiesOf(all: readonly ServerId[], faults: readonly FaultSpec[]): readonly LinkOrder[] {
  return waysOf(all).map((way) => {
    const policy = faults
      .map((fault) => policyUnder(fault, way))
      .reduce((held, next) => (STRENGTH[next.mode] >= STRENGTH[held.mode] ? next : held), PASS);
    return { ...way, policy };
  });
}

/** Returns the policies of `next` that differ from `previous`, so that unchanged policies are not sent again. */
export function changedOrders(previous: readonly LinkOrder[], next: readonly LinkOrder[]): readonly LinkOrder[] {
  const before = new Map(previous.map((order) => [`${order.from}>${order.to}`, order.policy]));
  return next.filter((order) => !samePolicy(before.get(`${order.from}>${order.to}`) ?? PASS, order.policy));
}

/** @throws LabProblem unknown-link for the first link that is not between two of these servers */
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
