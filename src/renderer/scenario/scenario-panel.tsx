/**
 * The scenario of this run: its steps are ticked as the cluster carries them out; the end shows the verdict, and the failed
 * step shows the observed value. All comes from the trace, so a recording shows it at every moment.
 */
import './scenario-panel.css';
import { IconAlertOctagon, IconCheck, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import type { ScenarioView } from '../../core/trace/index.ts';
import { useActions, useCanAct, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { inLanguage } from '../texts/both-languages.ts';
import { errorText } from '../texts/reasons.ts';

/** The panel: title, verdict, steps. */
export function ScenarioPanel({ scenario }: { readonly scenario: ScenarioView }) {
  const { t } = useTranslations();
  const { title, name, seed, ended, reported } = scenario;
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'scenario'));
  return (
    <section className="scenario" aria-label={t('scenario.title')} data-testid="scenario">
      <div className="scenario-head">
        <h2>{inLanguage(t, title)}</h2>
        <Deeds scenario={scenario} />
      </div>
      <p className="faint">
        <span className="mono">{name}</span> · {t('scenario.seed', { seed })}
        {reported === null ? '' : ` · ${t('scenario.reported', { seconds: reported.toFixed(2) })}`}
        {ended === null ? '' : ` · ${t('scenario.took', { seconds: ended.seconds.toFixed(2) })}`}
      </p>
      {ended === null ? null : (
        <p className="scenario-verdict" data-verdict={ended.verdict} data-testid="scenario-verdict">
          {t(`scenario.verdict.${ended.verdict}`)}
        </p>
      )}
      {scenario.at < 0 ? <Reason scenario={scenario} /> : null}
      <Note scenario={scenario} />
      <Steps scenario={scenario} />
      {problem === undefined ? null : (
        <p className="problem" role="alert">
          {errorText(t, problem.error)}
        </p>
      )}
    </section>
  );
}

function Deeds({ scenario }: { readonly scenario: ScenarioView }) {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  if (scenario.ended === null) {
    return (
      <button
        type="button"
        className="deed"
        disabled={!canAct}
        data-testid="scenario-stop"
        onClick={() => void actions.stopScenario()}
      >
        {t('scenario.stop')}
      </button>
    );
  }
  return (
    <button
      type="button"
      className="deed"
      data-testid="scenario-again"
      onClick={() => void actions.playScenario(scenario.name, scenario.seed, true)}
    >
      {t('scenario.again')}
    </button>
  );
}

/** The scenario's last note. At the end only a warning stays, because it belongs to the verdict. */
function Note({ scenario: { note, ended } }: { readonly scenario: ScenarioView }) {
  const { t } = useTranslations();
  if (note === null || (ended !== null && !note.warning)) return null;
  return <p className={note.warning ? 'scenario-reason' : 'scenario-note'}>{inLanguage(t, note.says)}</p>;
}

function Steps({ scenario }: { readonly scenario: ScenarioView }) {
  const { t } = useTranslations();
  const { steps, at, ended } = scenario;
  const isValid = ended?.verdict === 'valid';
  return (
    <ol className="scenario-steps">
      {steps.map((text, step) => {
        const state = isValid || step < at ? 'done' : step > at ? 'ahead' : stateOfLast(ended);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, so the index identifies a step
          <li key={step} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <Mark state={state} />
            {typeof text === 'string' ? (
              <code>{text}</code>
            ) : (
              <span className="scenario-says">{inLanguage(t, text)}</span>
            )}
            {state === 'failed' || state === 'stopped' ? <Reason scenario={scenario} /> : null}
          </li>
        );
      })}
    </ol>
  );
}

/** The reason at the current or last step. Only a violated property is red. */
function stateOfLast(ended: ScenarioView['ended']): 'now' | 'failed' | 'stopped' {
  if (ended === null) return 'now';
  return ended.verdict === 'violated' ? 'failed' : 'stopped';
}

/** The observed value in place of the expected one, or the reason why there is no value. */
function Reason({ scenario: { ended } }: { readonly scenario: ScenarioView }) {
  const { t } = useTranslations();
  if (ended === null || ended.reason === null) return null;
  return <p className={ended.verdict === 'violated' ? 'problem' : 'scenario-reason'}>{inLanguage(t, ended.reason)}</p>;
}

function Mark({ state }: { readonly state: 'done' | 'ahead' | 'now' | 'failed' | 'stopped' }) {
  const { t } = useTranslations();
  return (
    <span className="tick">
      {state === 'done' ? <IconCheck size={16} stroke={2.5} role="img" aria-label={t('scenario.done')} /> : null}
      {state === 'now' ? <IconPlayerPlay size={14} role="img" aria-label={t('scenario.now')} /> : null}
      {state === 'stopped' ? <IconPlayerStop size={14} role="img" aria-label={t('scenario.verdict.unknown')} /> : null}
      {state === 'failed' ? (
        <IconAlertOctagon size={16} role="img" aria-label={t('scenario.verdict.violated')} />
      ) : null}
    </span>
  );
}
