/** React's access to the store, the actions, the feed and the clock; made once in main.tsx, replaced in tests. */
import { createContext, useContext, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { type Language, type Translate, translateOf } from '../texts/translations.ts';
import type { Actions } from './actions.ts';
import type { DashboardState, DashboardStore } from './dashboard-store.ts';
import type { Feed } from './feed.ts';
import type { Flights } from './flights.ts';
import type { LabClock } from './lab-clock.ts';

export interface Dashboard {
  readonly store: DashboardStore;
  readonly actions: Actions;
  readonly feed: Feed;
  readonly clock: LabClock;
  readonly flights: Flights;
}

export const DashboardContext = createContext<Dashboard | null>(null);

/** Everything the dashboard is made of. */
export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (dashboard === null) throw new Error('E-context: a component is outside of DashboardContext');
  return dashboard;
}

/** Returns a part of the state; re-renders only when that part is another object or value. */
export function useDashboardState<Part>(select: (state: DashboardState) => Part): Part {
  return useStore(useDashboard().store, select);
}

/** The actions of a person. */
export function useActions(): Actions {
  return useDashboard().actions;
}

/** The translations of the current language, and that language. */
export function useTranslations(): { readonly t: Translate; readonly language: Language } {
  const { i18n } = useTranslation();
  return { t: translateOf(i18n), language: i18n.language as Language };
}

/**
 * The time of the lab's clock, read repeatedly while the component is shown.
 *
 * @param everyMs  interval in milliseconds; null reads the time at every render only
 */
export function useLabNow(everyMs: number | null): number {
  const { clock, store } = useDashboard();
  const [, setTurn] = useState(0);
  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(() => {
      if (!store.getState().isPaused) setTurn((turn) => turn + 1);
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, store]);
  return clock.nowUs();
}

/** True while commands and faults make sense: a live run and a connection. */
export function useCanAct(): boolean {
  return useDashboardState((state) => state.mode?.mode === 'live' && state.connection === 'open');
}
