/** One line about a recorded run: when, which scenario, how many servers, size, and what it came to. */
import type { RunSummary } from '../../core/lab-api/index.ts';
import { formatBytes } from '../words/format.ts';
import type { Translate } from '../words/words.ts';

/** In the language of the page; for a run that cannot be opened, why. */
export function runFacts(t: Translate, language: string, run: RunSummary): string {
  if (run.isUnfinished) return t('runsList.unfinished');
  if (!run.ok) return run.problem;
  const servers = t('runsList.servers', { count: run.settings.servers.length });
  const verdict = run.live ? t('runsList.live') : t(`runsList.verdict.${run.verdict}`);
  const facts = [
    datesIn(language).format(new Date(run.startedAt)),
    run.scenario,
    servers,
    formatBytes(run.bytes),
    verdict,
  ];
  return facts.filter((fact) => fact !== null).join(' · ');
}

const known = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than a hundred dates. */
function datesIn(language: string): Intl.DateTimeFormat {
  const format = known.get(language) ?? new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  known.set(language, format);
  return format;
}
