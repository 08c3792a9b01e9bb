/** Reasons of messages and links: where a message was dropped, and which fault was ordered for its link. */
import { causesOf } from '../trace/causes.ts';
import { endsOf } from '../vocabulary/index.ts';
import { byReason, follows, type Reason, type Tellers } from './asking.ts';
import { ordered } from './ordered.ts';

/** Tellers of messages and links. */
export const LINK_TELLERS = {
  MessageSent: follows,
  MessageDelivered: follows,
  MessagesReceived: follows,
  MessageDropped: byReason<'MessageDropped'>({
    cut: ({ event, past, before }) => dropped('dropped-cut', { event, past, before }),
    lost: ({ event, past, before }) => dropped('dropped-lost', { event, past, before }),
    reset: ({ event, past, before }) => dropped('dropped-reset', { event, past, before }),
    'receiver-gone': ({ event, past, before }) => dropped('dropped-receiver-gone', { event, past, before }),
    'queue-full': ({ event, past, before }) => dropped('dropped-queue-full', { event, past, before }),
    malformed: ({ event, past, before }) => dropped('dropped-malformed', { event, past, before }),
  }),
  LinkPolicyChanged: ({ event, past }) => ({
    code: 'link-policy',
    params: { link: event.link },
    evidence: causesOf(event, past),
  }),
  LinkReset: ({ event, past }) => ({
    code: 'link-reset',
    evidence: [past.newest(event, ['ResetOrdered'], ({ links }) => links.includes(event.link))],
  }),
  ResetOrdered: (asked) => ordered(asked, asked.event.links),
  FaultOrdered: (asked) => ordered(asked, [...asked.event.servers, ...asked.event.links]),
  FaultBegan: (asked) => {
    const order = causesOf(asked.event, asked.past);
    const reason = ordered(asked, [...asked.event.servers, ...asked.event.links]);
    return { ...reason, evidence: [...(reason.evidence ?? []), ...order] };
  },
  FaultEnded: (asked) => {
    const { links = [], servers = [] } = asked.before.faults.find(({ id }) => id === asked.event.fault) ?? {};
    const reason = ordered(asked, [...servers, ...links]);
    return { ...reason, evidence: [...(reason.evidence ?? []), ...causesOf(asked.event, asked.past)] };
  },
} as const satisfies Partial<Tellers>;

function dropped(code: Reason['code'], { event, past }: Parameters<Tellers['MessageDropped']>[0]): Reason {
  return { code, params: { link: event.link, server: endsOf(event.link).to }, evidence: causesOf(event, past) };
}
