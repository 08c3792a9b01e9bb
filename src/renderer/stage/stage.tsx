/** The left side: chips of active faults, the ring, and the story below it. */
import './stage.css';
import { IconX } from '@tabler/icons-react';
import { serverCount } from '../../core/trace/index.ts';
import { FaultChips } from '../faults/fault-chips.tsx';
import { Toasts } from '../kit/toasts.tsx';
import { RunsProblem } from '../runs/runs-problem.tsx';
import { useActions, useCanAct, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { Story } from '../story/story.tsx';
import { formatServers } from '../texts/format.ts';
import { errorText } from '../texts/reasons.ts';
import { Ring } from './ring.tsx';

/** The stage. */
export function Stage() {
  const { t } = useTranslations();
  const view = useDashboardState((state) => state.view);
  const isIdle = useDashboardState((state) => state.mode?.mode === 'idle');
  return (
    <section className="stage" aria-label={t('stage.title')}>
      <StageBar />
      {view === null || isIdle || Object.keys(view.servers).length === 0 ? (
        <NoCluster isIdle={isIdle} />
      ) : (
        <Ring view={view} />
      )}
      <Story />
      <Toasts />
    </section>
  );
}

/** Active faults, the state of the network process, the chosen group. Renders an empty bar without any of them. */
function StageBar() {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  const group = useDashboardState((state) => state.group);
  const isCrowded = useDashboardState(({ view }) => view !== null && serverCount(view) > 5);
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'faults'));
  return (
    <div className="stage-bar" data-crowded={isCrowded}>
      <FaultChips />
      <NetworkHealth />
      {group.length === 0 ? null : (
        <p className="group-bar">
          <span>{t('stage.chosen', { servers: formatServers(group) })}</span>
          <button type="button" className="filled" disabled={!canAct} onClick={() => void actions.cutGroup()}>
            {t('stage.cutThese')} <kbd>P</kbd>
          </button>
          <button
            type="button"
            className="quiet icon"
            aria-label={t('action.dismiss')}
            onClick={() => actions.escape()}
          >
            <IconX size={16} aria-hidden="true" />
          </button>
        </p>
      )}
      {problem === undefined ? null : (
        <p className="problem" role="alert">
          {errorText(t, problem.error)}
        </p>
      )}
    </div>
  );
}

/** A problem of the network process, which has no place on the ring. */
function NetworkHealth() {
  const { t } = useTranslations();
  const state = useDashboardState(({ view }) => view?.network.health.state ?? 'ok');
  if (state === 'ok') return null;
  return (
    <p className="problem" data-testid="network-health">
      {state === 'stalled' ? t('health.networkGone') : t('health.network', { how: t(`health.${state}`) })}
    </p>
  );
}

function NoCluster({ isIdle }: { readonly isIdle: boolean }) {
  const { t } = useTranslations();
  const actions = useActions();
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'new-run'));
  return (
    <div className="no-cluster">
      {isIdle ? (
        <>
          <p>{t('stage.noRun')}</p>
          <button type="button" className="filled" onClick={() => void actions.createRun({})}>
            {t('stage.startHere')}
          </button>
          <button type="button" className="quiet" onClick={() => void actions.continueRun()}>
            {t('header.continueRun')}
          </button>
          <button type="button" className="quiet" onClick={() => actions.setDialog('runs')}>
            {t('header.openRun')}
          </button>
          <RunsProblem />
        </>
      ) : (
        <p className="faint">{t('sentence.connecting')}</p>
      )}
      {problem === undefined ? null : (
        <p className="problem" role="alert">
          {errorText(t, problem.error)}
        </p>
      )}
    </div>
  );
}
