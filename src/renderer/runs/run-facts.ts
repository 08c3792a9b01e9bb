/** One line about a recorded run: start, scenario, number of servers, size; and its verdict. */
import type { RunSummary } from '../../core/lab-api/index.ts';
import { formatBytes } from '../texts/format.ts';
import type { Translate } from '../texts/translations.ts';

/** The facts in the language of the page, without the verdict; the reason for a run that cannot be opened. */
export function runFacts(t: Translate, language: string, run: RunSummary): string {
  if (run.isUnfinished) return t('runsList.unfinished');
  if (!run.ok) return `${t('runsList.verdict.damaged')} · ${run.problem}`;
  const servers = t('runsList.servers', { count: run.settings.servers.length });
  const facts = [datesIn(language).format(new Date(run.startedAt)), run.scenario, servers, formatBytes(run.bytes)];
  return facts.filter((fact) => fact !== null).join(' · ');
}

/** The outcome of the run; empty when its facts already contain it. */
export function runVerdict(t: Translate, run: RunSummary): string {
  if (!run.ok || run.isUnfinished) return '';
  return run.live ? t('runsList.live') : t(`runsList.verdict.${run.verdict}`);
}

const known = new Map<string, Intl.DateTimeFormat>();

/** Formats of dates by language. They are kept, because making one takes longer than formatting a hundred dates. */
function datesIn(language: string): Intl.DateTimeFormat {
  const format = known.get(language) ?? new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  known.set(language, format);
  return format;
}
