/**
 * Reasons of the story's sentences that draw a conclusion from several events. Every other sentence has the reason of its event.
 * Flow: why.ts → here, before the tellers of events.
 */

import type { CaptionCode } from '../catalogue/index.ts';
import type { Named } from '../trace/events.ts';
import type { ClusterView } from '../trace/view.ts';
import type { Asked, Reason } from './asking.ts';
import { noLeaderPossible, splitVote } from './why-elections.ts';
import { caughtUp, leftOver, minority } from './why-log.ts';

/** A sentence of the story: its code and its parameters. */
export interface Told {
  readonly code: CaptionCode;
  readonly params: Readonly<Record<string, string | number>>;
}

type StoryTeller = (asked: Asked & { readonly next: ClusterView }, params: Told['params']) => Reason;

/** Tellers of conclusions. They read the view after the event, because the event completes the conclusion. */
const CONCLUSIONS: { readonly [Code in CaptionCode]?: StoryTeller } = {
  'minority-cannot-commit': (asked, { server, index }) => minority(after(asked), String(server), Number(index)),
  'caught-up': (asked, { server }) => caughtUp(after(asked), String(server)),
  'entries-left-over': (asked, { server }) => leftOver(after(asked), String(server)),
  'split-vote': (asked, { term }) =>
    splitVote(asked as Asked<Named<'PreVoteStarted' | 'ElectionStarted'>>, Number(term)),
  'no-leader': (asked) => noLeaderPossible(after(asked)),
};

/** The reason of a sentence that draws a conclusion; null for a sentence that has the reason of its event. */
export function reasonOfStory(asked: Asked & { readonly next: ClusterView }, told: Told): Reason | null {
  return CONCLUSIONS[told.code]?.(asked, told.params) ?? null;
}

function after({ event, past, next }: Asked & { readonly next: ClusterView }): Asked {
  return { event, past, before: next };
}
