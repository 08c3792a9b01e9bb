/**
 * The clients: one hexagon in a corner of the stage, from which their messages come. Below it stands the command that is waiting.
 * A way that is cut ends in a bar; a dashed circle says that the clients reach no server. Hover and focus show one sentence.
 * Renders nothing before a client has sent its first message.
 */
import './clients.css';
import { type ClientsInView, type ClusterView, clientsOf } from '../../core/trace/index.ts';
import { useTranslations } from '../store/dashboard-context.ts';
import { formatServers } from '../texts/format.ts';
import type { Translate } from '../texts/translations.ts';
import { clientWaysOf, HEXAGON_RADIUS, pointAlong } from './client-way.ts';
import type { Point, RingGeometry } from './ring-geometry.ts';

/** Part of a way at which a cut stops its messages. */
const CUT_AT = 0.5;
/** Half the length of the bar at the end of a way that is cut (px). */
const BAR = 7;

/** The clients of this run. */
export function Clients({ view, ring }: { readonly view: ClusterView; readonly ring: RingGeometry }) {
  const { t } = useTranslations();
  const clients = clientsOf(view);
  if (clients === null) return null;
  const { place, ways } = clientWaysOf(ring);
  const isAlone = clients.cutFrom.length === Object.keys(view.servers).length;
  const says = clientsText(t, clients);
  const [first] = clients.waiting;
  const isOne = clients.ids.length === 1 && !clients.hasMore;
  return (
    <>
      <svg className="client-cuts" width={ring.width} height={ring.height} aria-hidden="true">
        {isAlone ? (
          <circle className="wall" cx={place.x} cy={place.y} r={HEXAGON_RADIUS + 8} />
        ) : (
          clients.cutFrom.map((id) => <path key={id} className="client-cut" d={cutPath(ways[id] ?? [place])} />)
        )}
      </svg>
      <div
        className="clients"
        data-testid="clients"
        data-right={place.x > ring.width / 2}
        role="img"
        aria-label={says}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the sentence must be readable from the keyboard
        tabIndex={0}
        style={{ left: place.x, top: place.y }}
      >
        <svg viewBox="-20 -20 40 40" width="40" height="40" aria-hidden="true">
          <path className="client-shape" d={HEXAGON} />
          <text y={4.5}>{isOne ? clients.ids[0] : `${clients.ids.length}${clients.hasMore ? '+' : ''}`}</text>
        </svg>
        {isOne ? null : <span className="client-label">{t('stage.client.label')}</span>}
        {isOne && first !== undefined ? (
          <span key={first.operation} className="client-label client-waits" title={first.command}>
            {first.command} …
          </span>
        ) : null}
        <span className="client-says">{says}</span>
      </div>
    </>
  );
}

/** One sentence about the clients, for tooltip and screen reader. */
export function clientsText(t: Translate, { ids, hasMore, waiting, cutFrom }: ClientsInView): string {
  const [first] = waiting;
  const one = ids.length === 1 && !hasMore ? ids[0] : undefined;
  const who =
    one === undefined
      ? t(hasMore ? 'stage.client.more' : 'stage.client.several', { count: ids.length })
      : t('stage.client.one', { client: one });
  const waits =
    waiting.length > 1
      ? t('stage.client.wait', { count: waiting.length })
      : first === undefined
        ? t('stage.client.idle')
        : t('stage.client.waits', { command: first.command });
  const cut = cutFrom.length === 0 ? [] : [t('stage.client.cut', { servers: formatServers(cutFrom) })];
  const [begin = '', ...rest] = [who, waits, ...cut];
  return [begin.charAt(0).toUpperCase() + begin.slice(1), ...rest].join(', ');
}

const HEXAGON = `M ${Array.from({ length: 6 }, (_, corner) => {
  const angle = ((corner * 60 - 90) * Math.PI) / 180;
  return `${(Math.cos(angle) * HEXAGON_RADIUS).toFixed(1)} ${(Math.sin(angle) * HEXAGON_RADIUS).toFixed(1)}`;
}).join(' L ')} Z`;

/** The way up to the cut, and a bar across its end. */
function cutPath(way: readonly Point[]): string {
  const points = Array.from({ length: 9 }, (_, step) => pointAlong(way, (step / 8) * CUT_AT));
  const bar = [pointAlong(way, CUT_AT, -BAR), pointAlong(way, CUT_AT, BAR)];
  return `${lineThrough(points)} ${lineThrough(bar)}`;
}

function lineThrough(points: readonly Point[]): string {
  return `M ${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join(' L ')}`;
}
