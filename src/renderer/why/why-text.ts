/**
 * Sentences of *why?*: the reason, its rule, and each piece of evidence. A code selects the sentence; its parameters are translated
 * first. A parameter that ends in `AtUs` is a moment of the run, any other in `Us` is a length of time.
 */
import type { Answer } from '../../core/lab-api/index.ts';
import { eventText } from '../events/event-text.ts';
import { formatClock, formatMs, formatRange, formatTenths } from '../texts/format.ts';
import { reasonText, roleInText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';

/** The lab's answer to *why?*. */
export type Why = NonNullable<Answer<'why'>>;
/** One piece of evidence. */
export type WhyEvidence = Why['evidence'][number];
type Params = Why['params'];

/** The reason as a sentence. */
export function whyText(t: Translate, { code, params }: Pick<Why, 'code' | 'params'>): string {
  return t(`why.${code}`, whyParams(t, params));
}

/** The sentence of a piece of evidence: the fact, or else the event's own sentence in the list of events. */
export function evidenceText(t: Translate, { event, fact }: WhyEvidence): string {
  if (fact !== null) return t(`whyFact.${fact.code}`, whyParams(t, fact.params));
  return event === null ? '' : eventText(t, event);
}

/** The rule and the section that state the reason; null where no rule does. */
export function sourceText(t: Translate, { rule, source }: Pick<Why, 'rule' | 'source'>): string | null {
  if (source === null) return null;
  const section = t(`whyPanel.${source.work}`, { section: source.section });
  return rule === null ? section : t('whyPanel.rule', { rule, source: section });
}

function whyParams(t: Translate, params: Params): Record<string, string | number> {
  const out: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(params)) out[name] = paramText(t, name, value);
  for (const whose of ['own', 'other']) {
    const [index, term] = [params[`${whose}Index`], params[`${whose}Term`]];
    if (index === undefined || term === undefined) continue;
    out[`${whose}Last`] = index === 0 ? t('whyPanel.noEntry') : t('whyPanel.entry', { index, term });
  }
  const first = params.first ?? params.from;
  const { last } = params;
  if (typeof first === 'number' && typeof last === 'number') {
    out.range = formatRange(first, last);
    out.count ??= last - first + 1;
  }
  return out;
}

function paramText(t: Translate, name: string, value: string | number): string | number {
  const text = String(value);
  if (name.endsWith('AtUs')) return formatClock(Number(value));
  if (name.endsWith('Us')) return durationText(t, Number(value));
  if (name === 'kind') return text === 'reply' ? t('whyPanel.reply') : t('whyPanel.request');
  if (name === 'role') return roleInText(t, text);
  if (name === 'reason') return reasonText(t, text);
  if (name === 'votedFor') return text === '' ? t('server.nobody') : text;
  return value;
}

/** `230 ms`, or from one second on `1.6 s`. */
function durationText(t: Translate, us: number): string {
  const ms = us / 1000;
  if (ms < 1000) return t('whyPanel.milliseconds', { ms: formatMs(ms) });
  return t('whyPanel.seconds', { seconds: formatTenths(ms / 1000) });
}
