/** The buttons of a server's actions: beside it on the ring, and in its panel. */
import './server-actions.css';
import {
  IconBolt,
  IconLink,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnectedX,
  IconRefresh,
  IconScissors,
} from '@tabler/icons-react';
import type { ServerView } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';
import { useActions, useCanAct, useDashboardState, useTranslations } from '../store/dashboard-context.ts';

export interface ServerActionsProps {
  readonly server: ServerView;
  readonly isCut: boolean;
  /** Place of the buttons: beside the server on the ring, or in its panel. */
  readonly place: 'ring' | 'panel';
}

/** One named button for each action that is possible now. Renders nothing in a recording. */
export function ServerActions({ server, isCut, place }: ServerActionsProps) {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  if (!canAct) return null;
  const { id, status } = server;
  const testId = (name: string) => (place === 'ring' ? `${name}-${id}` : `panel-${name}`);
  const isRunning = status === 'up' || status === 'starting' || status === 'frozen';
  const isFrozen = status === 'frozen';
  const cut = isCut ? t('action.healLong', { server: id }) : t('action.cutLong', { server: id });
  return (
    <fieldset className={`server-actions in-${place}`} aria-label={t('stage.actionsFor', { server: id })}>
      {isRunning ? (
        <button
          type="button"
          data-testid={testId('kill')}
          title={t('action.killLong', { server: id })}
          onClick={() => void actions.kill(id)}
        >
          <IconBolt size={16} stroke={1.75} aria-hidden="true" />
          {t('action.kill')}
        </button>
      ) : (
        <button
          type="button"
          data-testid={testId('restart')}
          title={t('action.restartLong', { server: id })}
          onClick={() => void actions.restart([id])}
        >
          <IconRefresh size={16} stroke={1.75} aria-hidden="true" />
          {t('action.restart')}
        </button>
      )}
      {status === 'up' || isFrozen ? (
        <button
          type="button"
          data-testid={testId('freeze')}
          title={t(isFrozen ? 'action.resumeLong' : 'action.freezeLong', { server: id })}
          onClick={() => void actions.toggleFreeze(id)}
        >
          {isFrozen ? (
            <IconPlayerPlay size={16} stroke={1.75} aria-hidden="true" />
          ) : (
            <IconPlayerPause size={16} stroke={1.75} aria-hidden="true" />
          )}
          {isFrozen ? t('action.resume') : t('action.freeze')}
        </button>
      ) : null}
      {place === 'panel' ? <ClientsButton server={id} /> : null}
      <button type="button" data-testid={testId('cut')} title={cut} onClick={() => void actions.toggleCutOff(id)}>
        {isCut ? (
          <IconLink size={16} stroke={1.75} aria-hidden="true" />
        ) : (
          <IconScissors size={16} stroke={1.75} aria-hidden="true" />
        )}
        {isCut ? t('action.heal') : t('action.cut')}
      </button>
    </fieldset>
  );
}

/** Cuts clients from the server. The button is in the panel only, because the ring has room only for frequent actions. */
function ClientsButton({ server }: { readonly server: ServerId }) {
  const { t } = useTranslations();
  const actions = useActions();
  const isCut = useDashboardState(
    (state) => state.view?.faults.some(({ kind, servers }) => kind === 'clients' && servers.includes(server)) ?? false,
  );
  return (
    <button
      type="button"
      data-testid="panel-clients"
      title={t(isCut ? 'action.clientsBackLong' : 'action.clientsLong', { server })}
      onClick={() => void actions.toggleClients(server)}
    >
      <IconPlugConnectedX size={16} stroke={1.75} aria-hidden="true" />
      {isCut ? t('action.clientsBack') : t('action.clients')}
    </button>
  );
}
