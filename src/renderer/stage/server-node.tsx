/**
 * A server on the ring: a button with its picture, and beside it, on hover or focus, what can be done to it.
 * Click or Enter selects, with Shift it joins the group to be cut off; arrow keys walk around the ring.
 */
import {
  IconBolt,
  IconLink,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnectedX,
  IconRefresh,
  IconScissors,
} from '@tabler/icons-react';
import type { KeyboardEvent, MouseEvent } from 'react';
import type { ServerView } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';
import { useActions, useCanAct, useDashboardState, useWords } from '../store/dashboard-context.ts';
import { errorText } from '../words/reasons.ts';
import type { Point, RingGeometry } from './ring-geometry.ts';
import { ServerShape, SHAPE_BOX, serverLabel } from './server-shape.tsx';

export interface ServerNodeProps {
  readonly server: ServerView;
  readonly servers: readonly ServerId[];
  readonly ring: RingGeometry;
  readonly place: Point;
  readonly isTabStop: boolean;
  /** Walks `step` places around the ring. */
  readonly onWalk: (step: number) => void;
  readonly onFocus: () => void;
}

/** One server. */
export function ServerNode({ server, servers, ring, place, isTabStop, onWalk, onFocus }: ServerNodeProps) {
  const { t } = useWords();
  const actions = useActions();
  const isSelected = useDashboardState(
    ({ selection }) => selection.kind === 'server' && selection.server === server.id,
  );
  const isTheLeader = useDashboardState((state) => state.view?.leader?.server === server.id);
  const isChosen = useDashboardState((state) => state.group.includes(server.id));
  const isCut = useDashboardState(
    (state) => state.view?.faults.some((one) => one.kind === 'cut' && one.servers.includes(server.id)) ?? false,
  );

  function choose(event: MouseEvent | KeyboardEvent): void {
    if (event.shiftKey) actions.toggleInGroup(server.id);
    else actions.select(isSelected ? { kind: 'none' } : { kind: 'server', server: server.id });
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = WALK[event.key];
    if (step !== undefined) onWalk(step);
    else if (event.key === 'Enter') choose(event);
    else return;
    event.preventDefault();
  }

  const { scale } = ring;
  const width = SHAPE_BOX.width * scale;
  const height = SHAPE_BOX.height * scale;
  const side = place.x < ring.center.x - 20 ? 'left' : 'right';
  const { x, y, width: boxWidth, height: boxHeight } = SHAPE_BOX;
  return (
    <div
      className="server"
      data-side={side}
      style={{ left: place.x + x * scale, top: place.y + y * scale, width, height }}
    >
      <button
        type="button"
        className="server-button"
        data-testid={`server-${server.id}`}
        data-server={server.id}
        data-look={server.status === 'up' ? (server.role ?? 'starting') : server.status}
        aria-pressed={isSelected}
        tabIndex={isTabStop ? 0 : -1}
        onClick={choose}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        <span className="unseen">{serverLabel(server, isCut, isChosen, t)}</span>
        <svg viewBox={`${x} ${y} ${boxWidth} ${boxHeight}`} width={width} height={height} aria-hidden="true">
          <ServerShape
            server={server}
            servers={servers}
            isTheLeader={isTheLeader}
            isSelected={isSelected}
            isChosen={isChosen}
          />
        </svg>
      </button>
      <ServerActions server={server} isCut={isCut} place="ring" />
      <ServerProblem server={server.id} />
    </div>
  );
}

const WALK: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export interface ServerActionsProps {
  readonly server: ServerView;
  readonly isCut: boolean;
  /** Beside the server on the ring, or in its panel. */
  readonly place: 'ring' | 'panel';
}

/** The named icons beside a server; only those that make sense now. */
export function ServerActions({ server, isCut, place }: ServerActionsProps) {
  const { t } = useWords();
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
      <button type="button" data-testid={testId('cut')} title={cut} onClick={() => void actions.toggleCut(id)}>
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

/** Only in the panel: beside a server on the ring there is room for what is needed often. */
function ClientsButton({ server }: { readonly server: ServerId }) {
  const { t } = useWords();
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

function ServerProblem({ server }: { readonly server: ServerId }) {
  const { t } = useWords();
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === `server:${server}`));
  if (problem === undefined) return null;
  return (
    <p className="server-problem problem" role="alert">
      {errorText(t, problem.error)}
    </p>
  );
}
