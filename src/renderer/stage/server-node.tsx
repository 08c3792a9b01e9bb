/**
 * A server on the ring: a button with its picture, and its actions beside it on hover or focus. A click or Enter selects the
 * server; with Shift the server joins the group to be cut off. Arrow keys walk around the ring.
 */
import './server-node.css';
import type { KeyboardEvent, MouseEvent } from 'react';
import { leaderStanding, type ServerView } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';
import { ServerActions } from '../servers/server-actions.tsx';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { errorText } from '../texts/reasons.ts';
import type { Point, RingGeometry } from './ring-geometry.ts';
import { ServerShape, SHAPE_BOX, serverLabel } from './server-shape.tsx';

export interface ServerNodeProps {
  readonly server: ServerView;
  readonly servers: readonly ServerId[];
  readonly ring: RingGeometry;
  readonly place: Point;
  readonly isTabStop: boolean;
  /** Moves the focus by `step` places around the ring. */
  readonly onWalk: (step: number) => void;
  readonly onFocus: () => void;
}

/** One server. */
export function ServerNode({ server, servers, ring, place, isTabStop, onWalk, onFocus }: ServerNodeProps) {
  const { t } = useTranslations();
  const actions = useActions();
  const isSelected = useDashboardState(
    ({ selection }) => selection.kind === 'server' && selection.server === server.id,
  );
  const standing = useDashboardState(({ view }) => (view === null ? null : leaderStanding(view, server.id)));
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
        <span className="unseen">{serverLabel({ server, standing, isCut, isChosen }, t)}</span>
        <svg viewBox={`${x} ${y} ${boxWidth} ${boxHeight}`} width={width} height={height} aria-hidden="true">
          <ServerShape
            server={server}
            servers={servers}
            standing={standing}
            isSelected={isSelected}
            isChosen={isChosen}
            scale={scale}
          />
        </svg>
      </button>
      <ServerActions server={server} isCut={isCut} place="ring" />
      <ServerProblem server={server.id} />
    </div>
  );
}

const WALK: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function ServerProblem({ server }: { readonly server: ServerId }) {
  const { t } = useTranslations();
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === `server:${server}`));
  if (problem === undefined) return null;
  return (
    <p className="server-problem problem" role="alert">
      {errorText(t, problem.error)}
    </p>
  );
}
