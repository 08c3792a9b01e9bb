/**
 * Parts that all groups of actions share: the door, the store, toasts, and errors at their places.
 */
import type { Answer, LabDoor, LabError, RequestName, Requests } from '../../core/lab-api/index.ts';
import type { Problem, ProblemPlace, ServerId } from '../contract.ts';
import type { Translate } from '../texts/translations.ts';
import type { DashboardStore, Toast } from './dashboard-store.ts';

const TOAST_MS = 9000;
const PROBLEM_MS = 8000;
const MAX_TOASTS = 2;

/** The next action that a confirmation offers. */
export type Offer = Partial<Pick<Toast, 'restart' | 'isExport'>>;

export interface ActionParts {
  readonly door: LabDoor;
  readonly store: DashboardStore;
  /** The translations of the current language. */
  readonly translate: () => Translate;
  readonly setPaused: (isPaused: boolean) => void;
  readonly skipStory: () => void;
  readonly later: (run: () => void, ms: number) => () => void;
}

/** The parts that the groups of actions share. */
export interface Tools extends ActionParts {
  readonly notices: ReturnType<typeof createNotices>;
  /** Sends a request and shows an error at its place. Returns the answer, or null after an error. */
  request<Name extends RequestName>(
    place: ProblemPlace,
    name: Name,
    ask: Requests[Name]['ask'],
  ): Promise<Answer<Name> | null>;
}

/** Functions that show toasts and errors. */
export function createNotices({ store, later, translate }: ActionParts) {
  let nextId = 1;
  function dismissToast(id: number): void {
    store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  }
  function clearProblem(place: ProblemPlace): void {
    store.setState(({ problems }) => ({ problems: problems.filter((one) => one.place !== place) }));
  }
  function lastingProblem(place: ProblemPlace, error: LabError): Problem {
    const problem = { place, error };
    store.setState(({ problems }) => ({ problems: [...problems.filter((one) => one.place !== place), problem] }));
    return problem;
  }
  function toast(text: string, offer: Offer = {}): void {
    const id = nextId++;
    const shown = { restart: [], isExport: false, ...offer, id, text };
    store.setState(({ toasts }) => ({ toasts: [...toasts, shown].slice(-MAX_TOASTS) }));
    later(() => dismissToast(id), TOAST_MS);
  }
  return {
    dismissToast,
    clearProblem,
    /** Shows an error until a run is opened or another error takes its place. */
    lastingProblem,
    toast,
    /**
     * Confirms an action on the cluster. The story reports its effect, so a toast is shown only for the next action that it
     * offers, or while the picture is paused; it then adds that the picture does not show the effect.
     */
    confirm(what: string, offer: Offer = {}): void {
      const { isPaused } = store.getState();
      if (isPaused) toast(translate()('toast.whileFrozen', { what }), offer);
      else if (Object.keys(offer).length > 0) toast(what, offer);
    },
    /** Removes the toasts that offer to restart these servers. */
    dismissRestartsOf(servers: readonly ServerId[]): void {
      const isStale = (restart: readonly ServerId[]) => restart.some((server) => servers.includes(server));
      store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => !isStale(toast.restart)) }));
    },
    problem(place: ProblemPlace, error: LabError): void {
      const problem = lastingProblem(place, error);
      later(
        () => store.setState(({ problems }) => ({ problems: problems.filter((one) => one !== problem) })),
        PROBLEM_MS,
      );
    },
  };
}
