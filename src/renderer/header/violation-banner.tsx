/**
 * The red banner of a violated property of Raft: its name, its source, and its time. Another banner always names the
 * servers that run a wrong rule on purpose, so that such a run is not taken for a finding about Raft.
 */
import { IconAlertOctagon } from '@tabler/icons-react';
import type { ViolationView } from '../../core/trace/index.ts';
import { TRANSLATIONS, type Translations } from '../../translations/index.ts';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { formatClock } from '../texts/format.ts';
import type { Translate } from '../texts/translations.ts';

/** The banners. Renders nothing while no property is violated and every server runs the right rules. */
export function ViolationBanner() {
  const { t } = useTranslations();
  const violations = useDashboardState((state) => state.view?.violations ?? NONE);
  const mutants = useDashboardState((state) => state.view?.settings?.mutants ?? NOBODY);
  const [first] = violations;
  return (
    <>
      {Object.entries(mutants).map(([server, mutant]) => (
        <p key={server} className="banner" data-testid="banner-mutant">
          {t('judge.mutant', { server, mutant })}
        </p>
      ))}
      {first === undefined ? null : (
        <p className="banner banner-bad" role="alert" data-testid="banner-violation">
          <IconAlertOctagon size={18} aria-hidden="true" />
          <strong>{t('judge.broken')}</strong> <span>{sentenceOf(t, first)}</span>{' '}
          <span className="rule">
            {t('judge.stated', { rule: first.rule })} {t('judge.at', { time: formatClock(first.atUs) })}
            {violations.length > 1 ? `, ${t('judge.more', { count: violations.length - 1 })}` : ''}
          </span>
        </p>
      )}
    </>
  );
}

const NONE: readonly ViolationView[] = [];
const NOBODY: Readonly<Record<string, string>> = {};

/** The sentence of a property; its id when this version has no sentence for it. */
function sentenceOf(t: Translate, { property, params }: ViolationView): string {
  if (!Object.hasOwn(TRANSLATIONS.en.violation, property)) return property;
  return t(`violation.${property as keyof Translations['violation']}`, params);
}
