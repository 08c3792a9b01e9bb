/**
 * The links between servers: hairlines while they pass messages. The sender's half of a line shows the policy for the sender's
 * messages: thick with a bar in the middle when they are cut or held, dashed when they are delayed or lost. A dashed wall
 * surrounds a group that is cut off, and stands for all links that cross it. A click selects a link; a line drawn across links
 * cuts them. From the keyboard, a server's panel leads to its links, and a link's panel cuts it.
 */
import './links.css';
import type { KeyboardEvent } from 'react';
import type { ClusterView } from '../../core/trace/index.ts';
import type { LinkId, ServerId } from '../contract.ts';
import { useActions, useCanAct, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { linkEnds, type Point, pairsOf, type RingGeometry, wallPath } from './ring-geometry.ts';
import { crossedBy, useSlice } from './slice.ts';

export interface LinksProps {
  readonly ring: RingGeometry;
  readonly servers: readonly ServerId[];
  readonly view: ClusterView;
}

/** The drawn state of one direction. */
type Lane = 'open' | 'stopped' | 'faulty';

function laneOf(view: ClusterView, from: ServerId, to: ServerId): Lane {
  const mode = view.links[`${from}>${to}`]?.policy.mode ?? 'pass';
  if (mode === 'pass') return 'open';
  return mode === 'shape' ? 'faulty' : 'stopped';
}

function hasStopped(view: ClusterView, [a, b]: readonly [ServerId, ServerId]): boolean {
  return laneOf(view, a, b) === 'stopped' || laneOf(view, b, a) === 'stopped';
}

/** All links and walls, under the servers. */
export function Links({ ring, servers, view }: LinksProps) {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  const pairs = pairsOf(servers);
  const { stroke, handlers } = useSlice((drawn) => {
    const links = crossedBy(drawn, ring, pairs).flatMap(([a, b]): LinkId[] => [`${a}>${b}`, `${b}>${a}`]);
    if (links.length > 0) void actions.setLinks(links, { mode: 'cut' });
  });
  const crossed = new Set(stroke === null ? [] : crossedBy(stroke, ring, pairs).map(([a, b]) => `${a}-${b}`));
  const isWalled = ([a, b]: readonly [ServerId, ServerId]): boolean =>
    view.faults.some(({ kind, servers: inside }) => kind === 'cut' && inside.includes(a) !== inside.includes(b));
  const cutCount = pairs.filter((pair) => !isWalled(pair) && hasStopped(view, pair)).length;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a part of an SVG picture
    <svg
      className="links"
      width={ring.width}
      height={ring.height}
      aria-label={t('server.links')}
      role="group"
      {...(canAct ? handlers : {})}
    >
      {pairs.map(([a, b]) => (
        <Link
          key={`${a}-${b}`}
          ring={ring}
          view={view}
          a={a}
          b={b}
          isLabelled={cutCount <= 6}
          isWalled={isWalled([a, b])}
          isCrossed={crossed.has(`${a}-${b}`)}
        />
      ))}
      {view.faults
        .filter(({ kind }) => kind === 'cut')
        .map((fault) => (
          <path key={fault.id} className="wall" d={wallPath(ring, fault.servers)} />
        ))}
      {stroke === null ? null : <Line className="slice" start={stroke.from} end={stroke.to} />}
    </svg>
  );
}

interface LinkProps {
  readonly ring: RingGeometry;
  readonly view: ClusterView;
  readonly a: ServerId;
  readonly b: ServerId;
  readonly isLabelled: boolean;
  /** Whether the wall around a group already shows that the link is cut. */
  readonly isWalled: boolean;
  /** Whether the drawn line crosses the link. */
  readonly isCrossed: boolean;
}

function Link({ ring, view, a, b, isLabelled, isWalled, isCrossed }: LinkProps) {
  const { t } = useTranslations();
  const actions = useActions();
  const isSelected = useDashboardState(
    ({ selection }) => selection.kind === 'link' && selection.a === a && selection.b === b,
  );
  const from = ring.servers[a];
  const to = ring.servers[b];
  if (from === undefined || to === undefined) return null;
  const { start, end } = linkEnds(ring, from, to);
  const lanes = [laneOf(view, a, b), laneOf(view, b, a)] as const;
  const isGone = [a, b].some((id) => view.servers[id]?.status !== 'up');
  const state = stateOf(lanes, isGone);
  const isHidden = isWalled && state === 'cut';
  const select = () => actions.select(isSelected ? { kind: 'none' } : { kind: 'link', a, b });
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    select();
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line of an SVG picture cannot be an HTML button
    <g
      className={`link link-${isHidden ? 'gone' : state}`}
      data-selected={isSelected}
      data-crossed={isCrossed}
      data-testid={`link-${a}-${b}`}
      role="button"
      tabIndex={-1}
      aria-pressed={isSelected}
      aria-label={t('stage.link', { a, b, state: t(LINK_WORDS[state], { a, b }) })}
      onClick={select}
      onKeyDown={onKeyDown}
    >
      <Line className="hit" start={start} end={end} />
      {!isHidden && lanes.some((lane) => lane !== 'open') ? (
        <HalfLines
          start={start}
          end={end}
          lanes={lanes}
          label={isLabelled && state === 'cut' ? t('stage.linkCut') : ''}
        />
      ) : (
        <Line className="line" start={start} end={end} />
      )}
    </g>
  );
}

function Line({ className, start, end }: { readonly className: string; readonly start: Point; readonly end: Point }) {
  return <line className={className} x1={start.x} y1={start.y} x2={end.x} y2={end.y} />;
}

/** The state of the whole link as one word. */
type LinkState = 'open' | 'gone' | 'cut' | 'half-to' | 'half-from' | 'faulty';

const LINK_WORDS = {
  open: 'stage.linkOpen',
  gone: 'stage.linkOpen',
  cut: 'stage.linkCut',
  'half-to': 'stage.linkHalfTo',
  'half-from': 'stage.linkHalfFrom',
  faulty: 'stage.linkFaulty',
} as const satisfies Record<LinkState, string>;

function stateOf([there, back]: readonly [Lane, Lane], isGone: boolean): LinkState {
  if (there === 'stopped' && back === 'stopped') return 'cut';
  if (there === 'stopped') return 'half-to';
  if (back === 'stopped') return 'half-from';
  if (there === 'faulty' || back === 'faulty') return 'faulty';
  return isGone ? 'gone' : 'open';
}

interface HalfLinesProps {
  readonly start: Point;
  readonly end: Point;
  /** The states of the sender at `start` and of the sender at `end`. */
  readonly lanes: readonly [Lane, Lane];
  readonly label: string;
}

/** The two halves of a link. The half of a sender whose messages stop ends in a bar before the middle. */
function HalfLines({ start, end, lanes, label }: HalfLinesProps) {
  const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
  const along = { x: (end.x - start.x) / length, y: (end.y - start.y) / length };
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  const half = Math.min(length / 3, label === '' ? 6 : 18);
  const isBothWays = lanes[0] === 'stopped' && lanes[1] === 'stopped';
  const ends = [start, end] as const;
  return (
    <>
      {ends.map((from, index) => {
        const lane = lanes[index] ?? 'open';
        const away = index === 0 ? 1 : -1;
        // A half that passes messages reaches the bar of the other half.
        const gap = isBothWays ? half : 0;
        const tip = { x: middle.x - away * along.x * gap, y: middle.y - away * along.y * gap };
        return (
          <g key={index === 0 ? 'there' : 'back'} className={`lane lane-${lane}`}>
            <Line className="line" start={from} end={tip} />
            {lane === 'stopped' ? <Line className="line" {...barAt(tip, along)} /> : null}
          </g>
        );
      })}
      {label === '' ? null : (
        <text className="link-label" x={middle.x} y={middle.y + 4}>
          {label}
        </text>
      )}
    </>
  );
}

function barAt(at: Point, along: Point): { readonly start: Point; readonly end: Point } {
  return {
    start: { x: at.x - along.y * 7, y: at.y + along.x * 7 },
    end: { x: at.x + along.y * 7, y: at.y - along.x * 7 },
  };
}
