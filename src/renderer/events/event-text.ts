/** One line of text for each event of the trace: its name selects the sentence, its fields fill the gaps. */
import { arrowsListed, sleptInWords, type TraceEvent } from '../../core/trace/index.ts';
import { TRANSLATIONS } from '../../translations/index.ts';
import { inLanguage } from '../texts/both-languages.ts';
import { faultText } from '../texts/fault-text.ts';
import { formatClock, formatRange } from '../texts/format.ts';
import { commandText, paceText, reasonText, roleInText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';

const KNOWN = TRANSLATIONS.en;

type Params = Record<string, string | number>;

/** The text of an event. An event this version does not know is shown by its name. */
export function eventText(t: Translate, event: TraceEvent): string {
  if (!Object.hasOwn(KNOWN.event, event.event)) return event.event;
  // Damaged files show only a part of what the server had stored.
  if (event.event === 'DiskObserved' && !event.ok) return t('disk.damaged', eventParams(t, event));
  return t(`event.${event.event}`, eventParams(t, event));
}

/** The whole line of the list: time, source and text. */
export function eventLine(t: Translate, event: TraceEvent): string {
  return `${formatClock(event.timeUs)} ${event.source} ${eventText(t, event)}`;
}

function eventParams(t: Translate, event: TraceEvent): Params {
  const params: Params = {};
  for (const [name, value] of Object.entries(event)) {
    if (typeof value === 'string' || typeof value === 'number') params[name] = valueText(t, name, value);
    else if (Array.isArray(value)) params[name] = listText(value);
    else if (value === null) params[name] = t('server.nobody');
  }
  if (event.event === 'CommandInvoked' || event.event === 'StartOrdered') params.command = commandText(event.command);
  if (event.event === 'FaultOrdered' || event.event === 'FaultBegan') {
    // Recordings of earlier versions have no links in this event.
    params.what = faultText(t, {
      ...event,
      groups: event.groups ?? [],
      links: event.links ?? [],
      policy: event.policy ?? null,
    });
  }
  // The code has another meaning for a client's connection.
  if (event.event === 'RunEnded' && event.reason === 'closed') params.reason = reasonText(t, 'run-closed');
  if (event.event === 'KeepAliveChanged') params.state = event.on ? t('switch.on') : t('switch.off');
  if (event.event === 'KeepAliveGaveUp') params.lines = event.stderr.at(-1) ?? '';
  if (event.event === 'ComputerResumed') params.slept = inLanguage(t, sleptInWords(event.sleptMs));
  if (event.event === 'NemesisPlanned') {
    params.kind = t(`nemesisKind.${event.kind}`);
    params.links = arrowsListed(event.links);
  }
  if (event.event === 'NemesisActed' || event.event === 'NemesisUndone') {
    params.outcome = t(`nemesisOutcome.${event.outcome}`);
  }
  if (event.event === 'NemesisEnded')
    params.recovered = t(event.recovered ? 'nemesisOutcome.done' : 'nemesisOutcome.failed');
  if (event.event === 'ScenarioNoted') params.text = inLanguage(t, event.says);
  if (event.event === 'ScenarioStepBegan') params.step = event.step + 1;
  if (event.event === 'ScenarioEnded') {
    params.verdict = t(`scenario.verdict.${event.verdict}`);
    params.reason = event.reason === null ? '' : inLanguage(t, event.reason);
  }
  if (event.event === 'LinkPolicyChanged') params.policy = t(`link.${event.policy.mode}`);
  if ('last' in event && 'first' in event) params.range = formatRange(event.first, event.last);
  if ('last' in event && 'from' in event) params.range = formatRange(event.from, event.last);
  if (event.event === 'ServerExited') params.how = event.signal ?? t('stage.exitCode', { code: event.code ?? '?' });
  return params;
}

function valueText(t: Translate, name: string, value: string | number): string | number {
  const text = String(value);
  if (name === 'reason') return reasonText(t, text);
  if (name === 'role') return roleInText(t, text);
  if (name === 'pace') return paceText(t, text);
  if (name === 'cause') return text === 'ordered' ? t('exitCause.ordered') : t('exitCause.not-ordered');
  if (name === 'outcome' && Object.hasOwn(KNOWN.startOutcome, text)) return t(`startOutcome.${text as OutcomeWord}`);
  return value;
}

type OutcomeWord = keyof typeof KNOWN.startOutcome;

/** The first ids of a list. Values of other kinds are shown only by the JSON line. */
function listText(values: readonly unknown[]): string {
  const plain = values.filter((value) => typeof value === 'string' || typeof value === 'number');
  return plain.length > 6 ? `${plain.slice(0, 6).join(', ')}, …` : plain.join(', ');
}
