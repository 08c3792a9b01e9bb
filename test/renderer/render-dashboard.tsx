/** Renders the whole dashboard over the one-thread lab, as main.tsx does over a real door. */
import { act, cleanup, render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { VirtuosoMockContext } from 'react-virtuoso';
import type { ClusterView } from '../../src/core/trace/index.ts';
import { createDashboard, DashboardPage } from '../../src/renderer/dashboard.tsx';
import type { Dashboard } from '../../src/renderer/store/dashboard-context.ts';
import { createTranslations, type Language } from '../../src/renderer/texts/translations.ts';
import { createOneThreadLab, type OneThreadLab } from './one-thread-lab.ts';

export interface OnScreen {
  readonly lab: OneThreadLab;
  readonly dashboard: Dashboard;
  readonly user: UserEvent;
  /** Runs the cluster for `ms` milliseconds, and updates the page. */
  advance(ms: number): Promise<void>;
  advanceUntil(fits: (view: ClusterView) => boolean): Promise<void>;
  /** Starts the default run and waits for its first leader. Resolves with the leader's id. */
  lead(): Promise<string>;
  /** Skips to the end of the story, and returns the sentences that stand, newest first. */
  story(): readonly string[];
  leave(): void;
}

const open: { close(): void }[] = [];

/** Renders the dashboard. A missing translation throws, so every test of a screen also tests its texts. */
export function renderDashboard(options: { readonly language?: Language; readonly seed?: number } = {}): OnScreen {
  givePageItsBrowser();
  const lab = createOneThreadLab(options.seed === undefined ? {} : { seed: options.seed });
  const translations = createTranslations(options.language ?? 'en', (key) => {
    throw new Error(`there is no word for ${key}`);
  });
  const dashboard = createDashboard(lab.door, translations);
  open.push(dashboard);
  const user = userEvent.setup({ delay: null });
  // Without a layout, lists would draw no row.
  render(
    <VirtuosoMockContext.Provider value={{ viewportHeight: 280, itemHeight: 28 }}>
      <DashboardPage dashboard={dashboard} translations={translations} colorScheme="light" env="test" />
    </VirtuosoMockContext.Provider>,
  );

  /** Lets the feed publish, so that the page shows everything. The feed publishes at most ten times a second. */
  async function settle(): Promise<void> {
    await act(() => new Promise((resolve) => setTimeout(resolve, 120)));
  }
  return {
    lab,
    dashboard,
    user,
    async advance(ms) {
      act(() => lab.advance(ms));
      await settle();
    },
    async advanceUntil(fits) {
      act(() => lab.advanceUntil(fits));
      await settle();
    },
    async lead() {
      await act(async () => {
        await lab.door.ask('ready', { autoStart: true });
        lab.advanceUntil((view) => view.leader !== null);
      });
      await settle();
      return lab.view().leader?.server ?? '';
    },
    story() {
      act(() => dashboard.actions.skipStory());
      return [...document.querySelectorAll<HTMLElement>('.story-text')].map(({ title }) => title);
    },
    leave: leaveDashboards,
  };
}

/** Closes all dashboards; call it in `afterEach`. */
export function leaveDashboards(): void {
  for (const dashboard of open.splice(0)) dashboard.close();
  cleanup();
}

/** Adds functions that happy-dom lacks and the component kit needs. */
function givePageItsBrowser(): void {
  const quiet = { addEventListener: () => undefined, removeEventListener: () => undefined };
  Object.defineProperty(window, 'matchMedia', {
    configurable: true,
    value: (media: string) => ({
      matches: false,
      media,
      addListener: () => undefined,
      removeListener: () => undefined,
      ...quiet,
    }),
  });
}
