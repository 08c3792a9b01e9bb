/** Actions on links. The answer holds the id of the fault that began, for `heal`; null when the action began none. */
import * as v from 'valibot';
import { linkPolicySchema, type ServerId } from '../vocabulary/index.ts';
import { faultId, linkList, serverList, servers } from './fields.ts';
import { LIMITS } from './limits.ts';
import { action, answer } from './row.ts';
import { LINKS, oneOf, SERVERS } from './step-fields.ts';

/** The fault that began. */
export interface Begun {
  readonly fault: string;
}

/** The fault that began; null when the action only ended a fault. */
export interface MaybeBegun {
  readonly fault: string | null;
}

const NETWORKS = ['reliable', 'unreliable', 'long-reordering'] as const;
const onServers = { main: 'servers', fields: { servers: SERVERS }, result: 'fault' } as const;

export const LINK_ACTIONS = {
  /** Separates these servers, as one group, from all others in both directions. Clients still reach them. */
  cutOff: action({ ask: servers, answer: answer<Begun>(), uses: true, step: onServers }),
  /**
   * Separates the servers into groups and replaces an earlier partition. Two servers can talk when a group contains both. Groups
   * may overlap (a bridge). Servers outside all groups form one more group. An empty list ends the partition.
   */
  partition: action({
    ask: v.strictObject({ groups: v.pipe(v.array(serverList), v.maxLength(LIMITS.groups)) }),
    answer: answer<MaybeBegun>(),
    uses: true,
    step: { main: 'groups', fields: { groups: { kind: 'groups', needed: true } }, result: 'fault' },
  }),
  /** Cuts all clients off from these servers, which still reach each other. */
  cutClients: action({ ask: servers, answer: answer<Begun>(), uses: true, step: onServers }),
  /** Gives each of these directions (`S1>S2`) this policy; `pass` ends their current one. */
  setLinks: action({
    ask: v.strictObject({ links: linkList, policy: linkPolicySchema }),
    answer: answer<MaybeBegun>(),
    uses: true,
    step: { main: null, fields: { links: LINKS, policy: { kind: 'policy', needed: true } }, result: 'fault' },
  }),
  /** Breaks the connections of these directions once. The servers connect again by themselves. */
  resetLinks: action({
    ask: v.strictObject({ links: linkList }),
    answer: answer<Record<never, never>>(),
    uses: true,
    step: { main: 'links', fields: { links: LINKS } },
  }),
  /** Turns the course tests' unreliable network on or off for all links between servers. */
  setNetwork: action({
    ask: v.strictObject({ is: v.picklist(NETWORKS) }),
    answer: answer<MaybeBegun>(),
    uses: true,
    step: { main: 'is', fields: { is: oneOf(NETWORKS) }, result: 'fault' },
  }),
  /**
   * Ends one fault of links. Without `fault`, ends all of them, resumes frozen servers and ends random faults; with `keepFrozen`
   * only links are healed.
   */
  heal: action({
    ask: v.strictObject({ fault: v.exactOptional(faultId), keepFrozen: v.exactOptional(v.boolean()) }),
    answer: answer<{ readonly healed: readonly string[]; readonly resumed: readonly ServerId[] }>(),
    uses: false,
    step: {
      main: null,
      fields: { fault: { kind: 'text', needed: false }, keepFrozen: { kind: 'boolean', needed: false } },
      words: { field: 'on', mean: { true: {}, links: { keepFrozen: true } } },
    },
  }),
};
