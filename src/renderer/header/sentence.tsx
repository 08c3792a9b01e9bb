/**
 * The sentence at the top: the condition of the cluster, with the consequence first and then its reasons. It is amber when
 * something does not work now and red when a promise is broken. Facts that do not fit are left out whole, the last ones first;
 * the tooltip and a screen reader have all of them.
 */
import './sentence.css';
import { IconAlertOctagon, IconAlertTriangle } from '@tabler/icons-react';
import { type Condition, conditionOf, type Fact } from '../../core/trace/index.ts';
import { useActions, useCanAct, useDashboardState, useLabNow, useTranslations } from '../store/dashboard-context.ts';
import { formatTenths } from '../texts/format.ts';
import type { Translate } from '../texts/translations.ts';

const TONES: Readonly<Record<Condition['kind'], 'plain' | 'amber' | 'bad'>> = {
  ended: 'plain',
  starting: 'plain',
  'all-down': 'amber',
  broken: 'bad',
  'nothing-commits': 'amber',
  'nobody-leads': 'amber',
  sick: 'amber',
  leads: 'plain',
};

/** How often a sentence with seconds is written again (ms). */
const COUNT_EVERY_MS = 100;

/** The sentence. */
export function Sentence() {
  const { t } = useTranslations();
  const view = useDashboardState((state) => state.view);
  const mode = useDashboardState((state) => state.mode?.mode ?? null);
  if (view === null || mode === null) return <Plain saying="connecting" text={t('sentence.connecting')} />;
  if (mode === 'idle') return <Plain saying="idle" text={t('sentence.idle')} />;
  return <ConditionSentence condition={conditionOf(view)} />;
}

function Plain({ saying, text }: { readonly saying: string; readonly text: string }) {
  return (
    <h1 className="sentence" data-testid="sentence" data-saying={saying}>
      {text}
    </h1>
  );
}

function ConditionSentence({ condition: { kind, facts } }: { readonly condition: Condition }) {
  const { t } = useTranslations();
  const nowUs = useLabNow(facts.some((fact) => 'sinceUs' in fact) ? COUNT_EVERY_MS : null);
  const [first = '', ...reasons] = facts.map((fact) => factText(t, fact, nowUs));
  const consequence = first.charAt(0).toUpperCase() + first.slice(1);
  const tone = TONES[kind];
  const Icon = tone === 'bad' ? IconAlertOctagon : IconAlertTriangle;
  return (
    <h1 className="sentence" data-testid="sentence" data-saying={kind} title={[consequence, ...reasons].join(' · ')}>
      {tone === 'plain' ? null : <Icon size={20} className={tone} aria-hidden="true" />}
      <span className={tone}>{consequence}</span>
      {reasons.length === 0 ? null : (
        <span className="reasons">
          {facts.slice(1).map((fact, index) => (
            <span key={`${fact.code}${'server' in fact ? fact.server : ''}`}>
              <span className="dot"> · </span>
              {reasons[index]}
            </span>
          ))}
        </span>
      )}
      {kind === 'all-down' ? <RestartAll /> : null}
    </h1>
  );
}

/** A fact in words, at this moment of the lab's clock. */
export function factText(t: Translate, fact: Fact, nowUs: number): string {
  const seconds = 'sinceUs' in fact ? formatTenths((nowUs - fact.sinceUs) / 1_000_000) : '';
  return t(`sentence.${fact.code}`, { ...fact, seconds });
}

function RestartAll() {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  const view = useDashboardState((state) => state.view);
  if (!canAct || view === null) return null;
  return (
    <button type="button" className="filled" onClick={() => void actions.restart(Object.keys(view.servers))}>
      {t('action.restartAll')}
    </button>
  );
}
