/**
 * *Try this*: five steps that are ticked from the trace, whichever door carried them out. The first open step has a button
 * that carries it out; its text names the keys as well.
 */
import './try-this.css';
import { IconCheck } from '@tabler/icons-react';
import { Trans } from 'react-i18next';
import type { ClusterView, TryStep } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';
import type { Actions } from '../store/actions.ts';
import { useActions, useCanAct, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { byServer, formatServers } from '../texts/format.ts';
import { errorText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';

const STEPS: readonly TryStep[] = ['submit', 'kill-leader', 'restart', 'minority', 'heal-and-export'];

/** The five lines. */
export function TryThis({ view }: { readonly view: ClusterView }) {
  const { t } = useTranslations();
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'try'));
  const current = STEPS.find((step) => view.tryThis[step] === null);
  return (
    <section className="try-this" aria-label={t('try.title')}>
      <h2>{t('try.title')}</h2>
      <ol>
        {STEPS.map((step) => {
          const isDone = view.tryThis[step] !== null;
          return (
            <li key={step} data-testid={`try-${step}`} data-done={isDone} data-current={step === current}>
              <span className="tick">
                {isDone ? <IconCheck size={16} stroke={2.5} role="img" aria-label={t('try.done')} /> : null}
              </span>
              <span className="try-text">
                <Trans t={t} i18nKey={`try.${step}`} components={{ 1: <code /> }} />
              </span>
              {step === current ? <Deed step={step} view={view} /> : null}
            </li>
          );
        })}
      </ol>
      {current === undefined ? <p className="faint">{t('try.allDone')}</p> : null}
      {problem === undefined ? null : (
        <p className="problem" role="alert">
          {errorText(t, problem.error)}
        </p>
      )}
    </section>
  );
}

function Deed({ step, view }: { readonly step: TryStep; readonly view: ClusterView }) {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  const deed = deedOf(step, view, actions, t);
  if (deed === null) return null;
  return (
    <button type="button" className="deed" disabled={!canAct} data-testid={`do-${step}`} onClick={deed.run}>
      {deed.label}
    </button>
  );
}

interface ADeed {
  readonly label: string;
  readonly run: () => void;
}

/** The action of a step's button; null while the step is not possible. */
function deedOf(step: TryStep, view: ClusterView, actions: Actions, t: Translate): ADeed | null {
  const leader = view.leader?.server ?? null;
  switch (step) {
    case 'submit':
      return {
        label: t('try.doSubmit'),
        run: () => void actions.report('try', actions.submit({ op: 'set', key: 'x', value: '5' })),
      };
    case 'kill-leader':
      if (leader === null) return null;
      return { label: t('try.doKillLeader', { server: leader }), run: () => void actions.kill(leader) };
    case 'restart': {
      const dead = Object.values(view.servers).find((server) => server.status === 'down');
      if (dead === undefined) return null;
      return { label: t('try.doRestart', { server: dead.id }), run: () => void actions.restart([dead.id]) };
    }
    case 'minority':
      return minorityDeed(view, actions, t);
    case 'heal-and-export':
      if (view.faults.length > 0) return { label: t('try.doHeal'), run: () => void actions.heal(null) };
      return { label: t('try.doExport'), run: () => void actions.exportRun() };
  }
}

/** Cuts the leader and a follower off, then sends this leader a command that it cannot commit. */
function minorityDeed(view: ClusterView, actions: Actions, t: Translate): ADeed | null {
  const cut = view.faults.find(({ kind }) => kind === 'cut');
  if (cut !== undefined) {
    const leading = cut.servers.find((id) => view.servers[id]?.role === 'leader');
    if (leading === undefined) return null;
    return {
      label: t('try.doMinoritySubmit', { server: leading }),
      run: () => void actions.report('try', actions.startCommand(leading, { op: 'set', key: 'y', value: '1' })),
    };
  }
  const group = minorityGroup(view);
  if (group.length === 0) return null;
  return {
    label: t('try.doMinority', { servers: formatServers(group) }),
    run: () => void actions.cutOff(group, 'try'),
  };
}

/** A minority that contains the leader: the leader and, if possible, its neighbour. */
function minorityGroup(view: ClusterView): readonly ServerId[] {
  const leader = view.leader?.server;
  if (leader === undefined) return [];
  const ids = Object.keys(view.servers).sort(byServer);
  const size = Math.min(2, Math.ceil(ids.length / 2) - 1);
  const start = ids.indexOf(leader);
  return Array.from({ length: size }, (_, step) => ids[(start + step) % ids.length] ?? leader);
}
