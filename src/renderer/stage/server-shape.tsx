/**
 * A server's picture, drawn around (0, 0) in a box of 152 by 172. The shape shows its state: octagon for a leader, filled while
 * it can commit and hollow while it cannot or a newer term has left it behind; circle for a follower, diamond for a candidate,
 * dashed circle when dead, dotted circle when starting, two bars when frozen. Words and colour repeat it. Words keep 12 px in a
 * small ring. The motion loop turns the arc of the election timer.
 */
import './server-shape.css';
import type { LeaderStanding, ServerView } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';
import { termColour } from '../kit/term-colour.ts';
import { useTranslations } from '../store/dashboard-context.ts';
import { roleInText } from '../texts/reasons.ts';
import { ARC_RADIUS } from './ring-geometry.ts';

/** Box of the picture, for the viewBox of its svg. */
export const SHAPE_BOX = { x: -76, y: -78, width: 152, height: 172 } as const;

/** Radii of a leader's two octagons. With the second line it is as large as a follower with its arc. */
const OCTAGON = { body: 50, second: 59 } as const;

export interface ServerShapeProps {
  readonly server: ServerView;
  readonly servers: readonly ServerId[];
  /** The standing of the server as a leader; null when it does not lead. */
  readonly standing: LeaderStanding | null;
  readonly isSelected: boolean;
  readonly isChosen: boolean;
  /** Scale of the ring, with which the picture is drawn. */
  readonly scale: number;
}

/** The facts that a server's text names. */
interface ServerLook {
  readonly server: ServerView;
  readonly standing: LeaderStanding | null;
  readonly isCut: boolean;
  readonly isChosen: boolean;
}

/** The variant of the shape. */
export type Look = 'leader' | 'follower' | 'candidate' | 'pre-candidate' | 'down' | 'failed' | 'starting' | 'frozen';

/** A server's look: its role while it is up, else its status. */
function lookOf(server: ServerView): Look {
  if (server.status !== 'up') return server.status;
  return server.role ?? 'starting';
}

/** Factor of a text's size that undoes the scale of a small ring, so that 12 px stay 12 px. */
function textFactor(scale: number): number {
  return Math.max(1, 1 / scale);
}

/** The picture of a server. */
export function ServerShape({ server, servers, standing, isSelected, isChosen, scale }: ServerShapeProps) {
  const look = lookOf(server);
  const isCandidate = look === 'candidate' || look === 'pre-candidate';
  return (
    <g
      className={`shape shape-${look}`}
      data-filled={standing === 'commits'}
      style={{ '--text': textFactor(scale) } as React.CSSProperties}
    >
      <circle className="focus" r={69} />
      {isSelected || isChosen ? <Frame isChosen={isChosen} /> : null}
      {standing === 'commits' ? <circle key={server.term} className="ping" r={ARC_RADIUS} /> : null}
      {server.timer === null || look === 'frozen' ? null : (
        <>
          <circle className="arc-track" r={ARC_RADIUS} />
          <circle className="arc" data-arc={server.id} r={ARC_RADIUS} pathLength={1} strokeDasharray="1 1" />
        </>
      )}
      <Outline look={look} />
      {isCandidate ? <VotePips server={server} servers={servers} /> : null}
      <Words server={server} look={look} standing={standing} factor={textFactor(scale)} />
      <TermPill server={server} factor={textFactor(scale)} />
    </g>
  );
}

function Frame({ isChosen }: { readonly isChosen: boolean }) {
  return (
    <>
      <circle className="selected" r={64.5} />
      {isChosen ? (
        <g className="chosen" transform="translate(46 -46)">
          <circle r={9} />
          <path d="M -4 0 L -1 3.5 L 4.5 -3.5" />
        </g>
      ) : null}
    </>
  );
}

function Outline({ look }: { readonly look: Look }) {
  if (look === 'leader') {
    return (
      <>
        <path className="body" d={polygon(8, OCTAGON.body, Math.PI / 8)} />
        <path className="second" d={polygon(8, OCTAGON.second, Math.PI / 8)} />
      </>
    );
  }
  if (look === 'candidate' || look === 'pre-candidate') {
    return <path className="body" d="M 0 -53 L 53 0 L 0 53 L -53 0 Z" strokeLinejoin="round" />;
  }
  if (look === 'down' || look === 'failed') {
    return (
      <>
        <circle className="body" r={46} />
        <path className="gone" d="M -5 -34 L 5 -24 M 5 -34 L -5 -24" />
      </>
    );
  }
  return (
    <>
      <circle className="body" r={46} />
      {look === 'frozen' ? <path className="frozen" d="M -4 -35 L -4 -24 M 4 -35 L 4 -24" /> : null}
    </>
  );
}

interface WordsProps {
  readonly server: ServerView;
  readonly look: Look;
  readonly standing: LeaderStanding | null;
  readonly factor: number;
}

/** Factor above which the disc has no room for a second line below the role. */
const MOST_FOR_TWO_LINES = 1.2;

function Words({ server, look, standing, factor }: WordsProps) {
  const { t, language } = useTranslations();
  const isUp = server.status === 'up' && server.role !== null;
  const isDoubtful = look === 'leader' && standing === 'left-behind';
  const role = isUp && server.role !== null ? t(`role.${server.role}`) : t(`status.${server.status}`);
  const word = isDoubtful ? t('stage.leftBehind') : role;
  // The Chinese text has the English name of the role beside it, since the paper and the messages use it.
  const english = isUp && language !== 'en' && server.role !== null ? englishRole(server.role) : exitWord(server, t);
  const hasRoom = factor <= MOST_FOR_TWO_LINES;
  const second = hasRoom ? (isDoubtful && english !== '' ? `${english}?` : english) : '';
  const isDiamond = look === 'candidate' || look === 'pre-candidate';
  const top = (second === '' ? 2 : -5) - (isDiamond ? 7 : 0);
  return (
    <>
      {look === 'leader' ? <path className="crown" d={CROWN} transform={`translate(0 ${top - 29})`} /> : null}
      <text className="id" y={top}>
        {server.id}
      </text>
      <text className="role" y={top + 5 + 12 * factor}>
        {word}
      </text>
      {second === '' ? null : (
        <text className="role second-line" y={top + 5 + 26 * factor}>
          {second}
        </text>
      )}
    </>
  );
}

/** A crown 16 wide, its foot at y = 10. */
const CROWN = 'M -8 10 L -8 1 L -3.5 5 L 0 -1 L 3.5 5 L 8 1 L 8 10 Z';

function englishRole(role: NonNullable<ServerView['role']>): string {
  return role === 'pre-candidate' ? 'Pre-cand.' : role.charAt(0).toUpperCase() + role.slice(1);
}

function exitWord(server: ServerView, t: ReturnType<typeof useTranslations>['t']): string {
  if (server.exit === null || (server.status !== 'down' && server.status !== 'failed')) return '';
  const { signal, code } = server.exit;
  if (signal !== null) return signal;
  return code === null ? '' : t('stage.exitCode', { code });
}

/** The term's upper edge, and the lower edge of the room that the ring leaves for it. */
const TERM_BOX = { top: 70, bottom: 99 } as const;
/** Greatest width of a term with its health in a small ring, where neighbours are close. */
const MOST_TERM_WIDTH = 160;

function TermPill({ server, factor }: { readonly server: ServerView; readonly factor: number }) {
  const { t } = useTranslations();
  if (server.status !== 'up' || server.term === 0) return null;
  const { state } = server.health;
  const term = t('stage.term', { term: server.term });
  const text = state === 'ok' ? term : `${term} · ${t(`health.${state}`)}`;
  const natural = Math.max(52, text.length * 7 + (/[^ -~]/.test(text) ? 22 : 18));
  const size = Math.max(1, Math.min(factor, MOST_TERM_WIDTH / natural));
  const middle = Math.min(TERM_BOX.top + 10 * size, TERM_BOX.bottom - 10 * size);
  return (
    <g className="term-pill" data-health={state} transform={`translate(0 ${middle}) scale(${size})`}>
      <rect x={-natural / 2} y={-10} width={natural} height={20} rx={8} fill={termColour(server.term)} />
      <text y={4}>{text}</text>
    </g>
  );
}

function VotePips({ server, servers }: { readonly server: ServerView; readonly servers: readonly ServerId[] }) {
  const { t } = useTranslations();
  const granted = Object.values(server.votes).filter(Boolean).length;
  const step = servers.length > 6 ? 11 : 14;
  return (
    <g className="pips">
      <title>{t('stage.votes', { granted, needed: server.votesNeeded })}</title>
      {servers.map((voter, index) => {
        const angle = ((index - (servers.length - 1) / 2) * step - 90) * (Math.PI / 180);
        const x = Math.cos(angle) * 69;
        const y = Math.sin(angle) * 69;
        const vote = server.votes[voter];
        const kind = vote === undefined ? 'pending' : vote ? 'granted' : 'denied';
        return (
          <g key={voter} className={`pip pip-${kind}`} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
            {kind === 'denied' ? <path d="M -3.5 -3.5 L 3.5 3.5 M 3.5 -3.5 L -3.5 3.5" /> : <circle r={4.5} />}
          </g>
        );
      })}
    </g>
  );
}

function polygon(corners: number, radius: number, turn: number): string {
  const points = Array.from({ length: corners }, (_, index) => {
    const angle = turn + (index * 2 * Math.PI) / corners;
    return `${(Math.cos(angle) * radius).toFixed(2)} ${(Math.sin(angle) * radius).toFixed(2)}`;
  });
  return `M ${points.join(' L ')} Z`;
}

/** The text of a server for a screen reader: "S3, leader, term 7, up". */
export function serverLabel(
  { server, standing, isCut, isChosen }: ServerLook,
  t: ReturnType<typeof useTranslations>['t'],
): string {
  const status = t(`statusInText.${server.status}`);
  const { id, role, term } = server;
  const base =
    server.status === 'up' && role !== null
      ? t('stage.server', { server: id, role: roleInText(t, role), term, status })
      : t('stage.serverGone', { server: id, status });
  const { state } = server.health;
  const health = server.status === 'up' && state !== 'ok' ? t(`health.${state}`) : '';
  const doubt =
    server.status !== 'up' || standing === null || standing === 'commits' ? '' : t(`stage.standing.${standing}`);
  const more = [doubt, health, isCut ? t('stage.serverCut') : '', isChosen ? t('stage.serverChosen') : ''].filter(
    (word) => word !== '',
  );
  return [base, ...more].join(', ');
}
