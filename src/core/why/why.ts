/**
 * `whyOf`: the reason of an event, with its evidence, its rule and the section of the paper. The reason comes from the event's
 * reason code, the events that led to it (core/trace/causes.ts) and the view just before it. Flow: recording → here → why-*.ts.
 */

import { RULE_SOURCES, type RuleId, WHYS, type WhyCode } from '../catalogue/index.ts';
import { eventSaid, watchSaid } from '../trace/caption-tellers.ts';
import type { Past } from '../trace/causes-past.ts';
import type { TraceEvent } from '../trace/events.ts';
import { fold } from '../trace/fold.ts';
import type { ClusterView } from '../trace/view.ts';
import { type Asked, follows, type Reason, type Tellers, type WhyEvidence, type WhyParams } from './asking.ts';
import { reasonOfStory, type Told } from './story-whys.ts';
import { CLIENT_TELLERS } from './why-clients.ts';
import { ELECTION_TELLERS } from './why-elections.ts';
import { LAB_TELLERS } from './why-lab.ts';
import { LINK_TELLERS } from './why-links.ts';
import { LOG_TELLERS } from './why-log.ts';
import { PROCESS_TELLERS } from './why-processes.ts';
import { VOTE_TELLERS } from './why-votes.ts';

/** Maximum number of pieces of evidence. */
const MOST_EVIDENCE = 12;

/** Every event of the catalogue has a teller; a new event without one does not compile. */
const TELLERS: Tellers = {
  ...ELECTION_TELLERS,
  ...VOTE_TELLERS,
  ...LOG_TELLERS,
  ...CLIENT_TELLERS,
  ...PROCESS_TELLERS,
  ...LINK_TELLERS,
  ...LAB_TELLERS,
};

/** Why an event happened, or why a sentence of the story is so. */
export interface Why {
  readonly event: TraceEvent;
  /** The sentence of the story that the reason belongs to; null when it is the reason of the event. */
  readonly told: Told | null;
  readonly code: WhyCode;
  readonly params: WhyParams;
  /** Rule of SPEC.md; null where no rule states the reason. */
  readonly rule: RuleId | null;
  readonly source: { readonly work: 'paper' | 'thesis'; readonly section: string } | null;
  readonly evidence: readonly WhyEvidence[];
}

/**
 * Returns the reason of an event.
 *
 * @param of  `story`: the reason of the story's sentence that this event caused, or else of the event; `event`: of the event
 */
export function whyOf(
  event: TraceEvent,
  { past, before, of }: { readonly past: Past; readonly before: ClusterView; readonly of: 'story' | 'event' },
): Why {
  const asked: Asked = { event, past, before };
  const next = of === 'story' ? fold(before, event) : before;
  const told = of === 'story' ? (watchSaid(before, next, event) ?? eventSaid(before, next, event)) : null;
  const concluded = told === null ? null : reasonOfStory({ ...asked, next }, told);
  const { code, params = {}, evidence = [] } = concluded ?? reasonOf(asked);
  return { event, told, code, params, ...sourceOf(code), evidence: listOf(evidence) };
}

function reasonOf(asked: Asked): Reason {
  const tell = (TELLERS as Partial<Record<string, (asked: Asked) => Reason>>)[asked.event.event];
  return tell === undefined ? follows(asked) : tell(asked);
}

function sourceOf(code: WhyCode): Pick<Why, 'rule' | 'source'> {
  const row: RuleId | `§${string}` | null = WHYS[code];
  if (row === null) return { rule: null, source: null };
  if (isRule(row)) return { rule: row, source: RULE_SOURCES[row] };
  return { rule: null, source: { work: 'paper', section: row } };
}

function isRule(row: RuleId | `§${string}`): row is RuleId {
  return Object.hasOwn(RULE_SOURCES, row);
}

/** Evidence as a list of one form: each event once, at most `MOST_EVIDENCE`. */
function listOf(evidence: NonNullable<Reason['evidence']>): readonly WhyEvidence[] {
  const seen = new Set<number>();
  const list: WhyEvidence[] = [];
  for (const one of evidence) {
    if (one === null) continue;
    const item: WhyEvidence = 'fact' in one ? one : { event: one as TraceEvent, fact: null };
    if (item.event !== null && item.fact === null && seen.has(item.event.seq)) continue;
    if (item.event !== null) seen.add(item.event.seq);
    list.push(item);
  }
  return list.slice(0, MOST_EVIDENCE);
}
