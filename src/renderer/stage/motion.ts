/**
 * The one animation loop of the dashboard: once a frame it turns the arcs of the election timers and paints the
 * messages. It draws from the feed's newest view and never asks React to render. It stops while the page is hidden, and shows the
 * current picture afterwards. With reduced motion it draws no flights, and arcs move in steps of half a second.
 */
import type { Dashboard } from '../store/dashboard-context.ts';
import { timerLeft } from '../store/lab-clock.ts';
import { drawFlights, type FlightColours } from './draw-flights.ts';
import type { RingGeometry } from './ring-geometry.ts';

export interface MotionParts {
  readonly dashboard: Dashboard;
  /** Parent of the servers' arcs (`[data-arc]`). */
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** The geometry of the last layout. */
  readonly ring: () => RingGeometry;
}

/** Time between two steps with reduced motion, and between two looks at the colours of the theme, in milliseconds. */
const STEP_MS = 500;

/** Starts the loop; call the result to stop it. */
export function startMotion({ dashboard, root, canvas, ring }: MotionParts): () => void {
  const context = canvas.getContext('2d');
  const reduced = window.matchMedia('(prefers-reduced-motion: reduce)');
  const colours = createColourReader(root);
  let frame = 0;
  let step: ReturnType<typeof setTimeout> | undefined;
  let lastStepMs = Number.NEGATIVE_INFINITY;

  /** Asks for the next frame. With reduced motion it waits for the next step first, so that the page rests between steps. */
  function next(): void {
    if (!reduced.matches) frame = requestAnimationFrame(tick);
    else
      step = setTimeout(() => {
        frame = requestAnimationFrame(tick);
      }, STEP_MS);
  }

  function stop(): void {
    cancelAnimationFrame(frame);
    clearTimeout(step);
  }

  function tick(atMs: number): void {
    next();
    if (dashboard.store.getState().isPaused) return;
    if (atMs - lastStepMs >= STEP_MS) {
      lastStepMs = atMs;
      colours.refresh();
    }
    turnArcs(dashboard, root);
    if (context === null) return;
    const geometry = ring();
    fitCanvas(canvas, context, geometry);
    if (reduced.matches) context.clearRect(0, 0, geometry.width, geometry.height);
    else
      drawFlights({
        context,
        ring: geometry,
        flights: dashboard.flights,
        nowUs: dashboard.clock.nowUs(),
        colours: colours.now(),
      });
  }

  function onVisibility(): void {
    stop();
    dashboard.flights.clear();
    if (!document.hidden) frame = requestAnimationFrame(tick);
  }

  document.addEventListener('visibilitychange', onVisibility);
  frame = requestAnimationFrame(tick);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    stop();
  };
}

/** The remaining part of each running election timer, clockwise from the top; full when it was just set. */
function turnArcs({ feed, clock }: Dashboard, root: HTMLElement): void {
  const view = feed.live();
  if (view === null) return;
  const nowUs = clock.nowUs();
  for (const arc of root.querySelectorAll<SVGCircleElement>('[data-arc]')) {
    const timer = view.servers[arc.dataset.arc ?? '']?.timer;
    const left = timer == null ? 0 : timerLeft(timer, view.tickMs, nowUs);
    arc.setAttribute('stroke-dasharray', `${left.toFixed(4)} 2`);
  }
}

function fitCanvas(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, ring: RingGeometry): void {
  const ratio = (window.devicePixelRatio || 1) * (canvas.currentCSSZoom ?? 1);
  const width = Math.round(ring.width * ratio);
  const height = Math.round(ring.height * ratio);
  if (canvas.width === width && canvas.height === height) return;
  canvas.width = width;
  canvas.height = height;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

/** Reads the colours of the theme twice a second, not in every frame, because reading makes the browser compute styles. */
function createColourReader(root: HTMLElement): { now(): FlightColours; refresh(): void } {
  let colours = readColours(root);
  return {
    now: () => colours,
    refresh() {
      colours = readColours(root);
    },
  };
}

function readColours(root: HTMLElement): FlightColours {
  const style = getComputedStyle(root);
  const colour = (name: string) => style.getPropertyValue(name).trim() || '#777';
  return {
    vote: colour('--candidate'),
    append: colour('--follower'),
    client: colour('--ink'),
    page: colour('--page'),
    ink: colour('--ink'),
    onColour: colour('--on-colour'),
    lost: colour('--bad'),
  };
}
