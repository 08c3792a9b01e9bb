/**
 * *Try this*: five steps that are ticked from the trace, whichever door carried them out. The first open step has a button
 * that carries it out; its text names the keys as well.
 */
import './try-this.css';
import { IconCheck } from '@tabler/icons-react';
import { Trans } from 'react-i18next';
import { type ClusterView, emptyView, entryKey, type TryStep } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';
import type { Actions } from '../store/actions.ts';
import { useActions, useCanAct, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { byServer, formatServers } from '../texts/format.ts';
import { assignmentText, errorText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';

const STEPS = Object.keys(emptyView.tryThis) as readonly TryStep[];

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
                <TryText step={step} view={view} />
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

/** The text of a line. The last one says, once it is done, which servers dropped which command. */
function TryText({ step, view }: { readonly step: TryStep; readonly view: ClusterView }) {
  const { t, language } = useTranslations();
  const { stranded, tryThis } = view;
  if (step !== 'drop' || stranded === null || tryThis.drop === null) {
    return <Trans t={t} i18nKey={`try.${step}`} components={{ 1: <code /> }} />;
  }
  const servers = new Intl.ListFormat(language).format([...stranded.droppedBy].sort(byServer));
  return t('try.dropped', { servers, what: assignmentText(stranded.command) });
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
    case 'drop':
      return dropDeed(view, actions, t);
  }
}

/**
 * Gives the majority an entry that contradicts the minority's, then heals. An entry of the minority that survived, because
 * it was healed before the others had a leader, is tried again with the next one.
 */
function dropDeed(view: ClusterView, actions: Actions, t: Translate): ADeed | null {
  const { stranded, leader } = view;
  const survived = stranded !== null && view.entries[entryKey(stranded.index, stranded.term)]?.committedUs != null;
  if (stranded === null || survived) return minorityDeed(view, actions, t);
  if (leader === null || leader.term <= stranded.term) return null;
  if ((view.servers[leader.server]?.lastIndex ?? 0) < stranded.index) {
    return {
      label: t('try.doMajoritySubmit'),
      run: () => void actions.report('try', actions.submit({ op: 'set', key: 'kept', value: '1' })),
    };
  }
  return view.faults.length === 0 ? null : { label: t('try.doHeal'), run: () => void actions.heal(null) };
}

/** Cuts the leader and a follower off, then sends this leader a command that it cannot commit. */
function minorityDeed(view: ClusterView, actions: Actions, t: Translate): ADeed | null {
  const cut = view.faults.find(({ kind }) => kind === 'cut');
  if (cut !== undefined) {
    const leading = cut.servers.find((id) => view.servers[id]?.role === 'leader');
    if (leading === undefined) return null;
    return {
      label: t('try.doMinoritySubmit', { server: leading }),
      run: () => void actions.report('try', actions.startCommand(leading, { op: 'set', key: 'lost', value: '1' })),
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
