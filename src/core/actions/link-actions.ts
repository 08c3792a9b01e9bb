/** Actions on links. Every answer names the fault that began, for `heal`; null when none did. */
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

/** The fault that began; null when the action only ended one. */
export interface MaybeBegun {
  readonly fault: string | null;
}

const NETWORKS = ['reliable', 'unreliable', 'long-reordering'] as const;
const onServers = { main: 'servers', fields: { servers: SERVERS }, result: 'fault' } as const;

export const LINK_ACTIONS = {
  /** Cuts these servers, as one group, off from all others in both directions; clients still reach them. */
  cutOff: action({ ask: servers, answer: answer<Begun>(), uses: true, step: onServers }),
  /**
   * Separates the servers into groups, in place of an earlier partition. Two servers talk when a group holds both; groups may
   * overlap (a bridge); servers outside all groups form one more group. No group: the partition ends.
   */
  partition: action({
    ask: v.strictObject({ groups: v.pipe(v.array(serverList), v.maxLength(LIMITS.servers)) }),
    answer: answer<MaybeBegun>(),
    uses: true,
    step: { main: 'groups', fields: { groups: { kind: 'groups', needed: true } }, result: 'fault' },
  }),
  /** Cuts all clients off from these servers, which still reach each other. */
  cutClients: action({ ask: servers, answer: answer<Begun>(), uses: true, step: onServers }),
  /** Gives these directions (`S1>S2`), each by itself, this policy; `pass` ends what was on them. */
  setLinks: action({
    ask: v.strictObject({ links: linkList, policy: linkPolicySchema }),
    answer: answer<MaybeBegun>(),
    uses: true,
    step: { main: null, fields: { links: LINKS, policy: { kind: 'policy', needed: true } }, result: 'fault' },
  }),
  /** Breaks the connections of these directions once, now; servers dial again by themselves. */
  resetLinks: action({
    ask: v.strictObject({ links: linkList }),
    answer: answer<Record<never, never>>(),
    uses: true,
    step: { main: 'links', fields: { links: LINKS } },
  }),
  /** Gives every link between servers the course tests' unreliable network, or ends it. */
  setNetwork: action({
    ask: v.strictObject({ is: v.picklist(NETWORKS) }),
    answer: answer<MaybeBegun>(),
    uses: true,
    step: { main: 'is', fields: { is: oneOf(NETWORKS) }, result: 'fault' },
  }),
  /**
   * Ends one fault of links, or without `fault` all of them. Then frozen servers go on as well and random faults end, unless
   * `keepFrozen` is true: then only links are healed.
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
