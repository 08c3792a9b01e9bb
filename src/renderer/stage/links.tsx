/**
 * The links between servers: hairlines while they pass, thick and broken in the middle while they are cut, and the
 * dashed wall around a group that is cut off. Click selects a link; from the keyboard a server's panel names its links.
 */
import type { KeyboardEvent } from 'react';
import type { ClusterView } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';
import { useActions, useDashboardState, useWords } from '../store/dashboard-context.ts';
import { linkEnds, type Point, pairsOf, type RingGeometry, wallPath } from './ring-geometry.ts';

export interface LinksProps {
  readonly ring: RingGeometry;
  readonly servers: readonly ServerId[];
  readonly view: ClusterView;
}

/** True when either direction between two servers carries nothing. */
function isLinkCut(view: ClusterView, a: ServerId, b: ServerId): boolean {
  return view.links[`${a}>${b}`]?.policy.mode === 'cut' || view.links[`${b}>${a}`]?.policy.mode === 'cut';
}

/** All links and walls, under the servers. */
export function Links({ ring, servers, view }: LinksProps) {
  const { t } = useWords();
  const pairs = pairsOf(servers);
  const cutCount = pairs.filter(([a, b]) => isLinkCut(view, a, b)).length;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a part of an SVG picture
    <svg className="links" width={ring.width} height={ring.height} aria-label={t('server.links')} role="group">
      {pairs.map(([a, b]) => (
        <Link key={`${a}-${b}`} ring={ring} view={view} a={a} b={b} isLabelled={cutCount <= 6} />
      ))}
      {view.faults
        .filter(({ kind }) => kind === 'cut')
        .map((fault) => (
          <path key={fault.id} className="wall" d={wallPath(ring, fault.servers)} />
        ))}
    </svg>
  );
}

interface LinkProps {
  readonly ring: RingGeometry;
  readonly view: ClusterView;
  readonly a: ServerId;
  readonly b: ServerId;
  readonly isLabelled: boolean;
}

function Link({ ring, view, a, b, isLabelled }: LinkProps) {
  const { t } = useWords();
  const actions = useActions();
  const isSelected = useDashboardState(
    ({ selection }) => selection.kind === 'link' && selection.a === a && selection.b === b,
  );
  const from = ring.servers[a];
  const to = ring.servers[b];
  if (from === undefined || to === undefined) return null;
  const { start, end } = linkEnds(ring, from, to);
  const isCut = isLinkCut(view, a, b);
  const isGone = [a, b].some((id) => view.servers[id]?.status !== 'up');
  const state = isCut ? 'cut' : isGone ? 'gone' : 'open';
  const select = () => actions.select(isSelected ? { kind: 'none' } : { kind: 'link', a, b });
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    select();
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line of an SVG picture cannot be an HTML button
    <g
      className={`link link-${state}`}
      data-selected={isSelected}
      data-testid={`link-${a}-${b}`}
      role="button"
      tabIndex={-1}
      aria-pressed={isSelected}
      aria-label={t('stage.link', { a, b, state: isCut ? t('stage.linkCut') : t('stage.linkOpen') })}
      onClick={select}
      onKeyDown={onKeyDown}
    >
      <Line className="hit" start={start} end={end} />
      {isCut ? (
        <CutLine start={start} end={end} label={isLabelled ? t('stage.linkCut') : ''} />
      ) : (
        <Line className="line" start={start} end={end} />
      )}
    </g>
  );
}

function Line({ className, start, end }: { readonly className: string; readonly start: Point; readonly end: Point }) {
  return <line className={className} x1={start.x} y1={start.y} x2={end.x} y2={end.y} />;
}

/** Two halves with a gap, bars at the gap like a torn cable, and the word. */
function CutLine({ start, end, label }: { readonly start: Point; readonly end: Point; readonly label: string }) {
  const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
  const along = { x: (end.x - start.x) / length, y: (end.y - start.y) / length };
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  const half = Math.min(length / 3, label === '' ? 6 : 18);
  const left = { x: middle.x - along.x * half, y: middle.y - along.y * half };
  const right = { x: middle.x + along.x * half, y: middle.y + along.y * half };
  const bar = (at: Point) => ({
    start: { x: at.x - along.y * 7, y: at.y + along.x * 7 },
    end: { x: at.x + along.y * 7, y: at.y - along.x * 7 },
  });
  return (
    <>
      <Line className="line" start={start} end={left} />
      <Line className="line" start={right} end={end} />
      <Line className="line" {...bar(left)} />
      <Line className="line" {...bar(right)} />
      {label === '' ? null : (
        <text className="link-label" x={middle.x} y={middle.y + 4}>
          {label}
        </text>
      )}
    </>
  );
}
