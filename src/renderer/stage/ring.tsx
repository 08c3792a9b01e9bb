/**
 * The ring: links below, servers on them, and one canvas above for everything that moves. It measures the room it
 * has, lays the ring out in it, and keeps a single tab stop that arrow keys move around.
 */
import './ring.css';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ClusterView } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';
import { useDashboard, useDashboardState } from '../store/dashboard-context.ts';
import { byServer } from '../texts/format.ts';
import { Clients } from './clients.tsx';
import { Links } from './links.tsx';
import { startMotion } from './motion.ts';
import { layOutRing, type RingGeometry } from './ring-geometry.ts';
import { ServerNode } from './server-node.tsx';

/** Size in pixels before the first layout, and in tests, which have no layout. */
const FIRST_SPACE = { width: 720, height: 520 };

/** The ring. */
export function Ring({ view }: { readonly view: ClusterView }) {
  const dashboard = useDashboard();
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const space = useSpace(root);
  const memberKey = Object.keys(view.servers).sort(byServer).join(' ');
  const ids = useMemo(() => (memberKey === '' ? [] : memberKey.split(' ')), [memberKey]);
  const ring = useMemo(() => layOutRing(ids, space), [ids, space]);
  const ringNow = useRef<RingGeometry>(ring);
  ringNow.current = ring;
  const { tabStop, setTabStop, walk } = useRoving(ids, root);

  useEffect(() => {
    if (root.current === null || canvas.current === null) return;
    return startMotion({
      dashboard,
      root: root.current,
      canvas: canvas.current,
      ring: () => ringNow.current,
    });
  }, [dashboard]);

  return (
    <div className="ring" ref={root} style={{ '--scale': ring.scale } as React.CSSProperties}>
      <Links ring={ring} servers={ids} view={view} />
      <Clients ring={ring} view={view} />
      {ids.map((id) => {
        const server = view.servers[id];
        const place = ring.servers[id];
        if (server === undefined || place === undefined) return null;
        return (
          <ServerNode
            key={id}
            server={server}
            servers={ids}
            ring={ring}
            place={place}
            isTabStop={id === tabStop}
            onWalk={(step) => walk(id, step)}
            onFocus={() => setTabStop(id)}
          />
        );
      })}
      <canvas className="flights" ref={canvas} />
    </div>
  );
}

/** Roving focus: one server can be reached with Tab, the arrow keys move from there. */
function useRoving(ids: readonly ServerId[], root: React.RefObject<HTMLDivElement | null>) {
  const [wanted, setTabStop] = useState<ServerId | null>(null);
  const selected = useDashboardState(({ selection }) => (selection.kind === 'server' ? selection.server : null));
  const tabStop = [wanted, selected, ids[0]].find((id) => id != null && ids.includes(id)) ?? null;
  function walk(from: ServerId, step: number): void {
    const next = ids[(ids.indexOf(from) + step + ids.length) % ids.length];
    if (next === undefined) return;
    setTabStop(next);
    root.current?.querySelector<HTMLButtonElement>(`[data-server="${next}"]`)?.focus();
  }
  return { tabStop, setTabStop, walk };
}

/** The size of an element in CSS pixels. */
function useSpace(element: React.RefObject<HTMLElement | null>): { readonly width: number; readonly height: number } {
  const [space, setSpace] = useState(FIRST_SPACE);
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = box;
      if (width > 0 && height > 0)
        setSpace((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [element]);
  return space;
}
