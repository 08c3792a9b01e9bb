/**
 * Builds the dashboard over a door: store, clock, flights, feed, actions, translations, theme. main.tsx passes the real door;
 * tests pass a fake one and see the same page.
 */
import '@mantine/core/styles.css';
import './kit/theme.css';
import './kit/elements.css';
import './kit/mantine.css';
import './kit/fields.css';
import './kit/table.css';
import { type MantineColorScheme, MantineProvider } from '@mantine/core';
import type { i18n as I18n } from 'i18next';
import type { ReactElement } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { LabDoor } from '../core/lab-api/index.ts';
import type { StoryItem } from '../core/trace/index.ts';
import { App } from './app.tsx';
import { FrameTheme } from './frame-theme.tsx';
import { Crash } from './kit/crash.tsx';
import { cssVariables, theme } from './kit/theme.ts';
import { createActions } from './store/actions.ts';
import { type Dashboard, DashboardContext } from './store/dashboard-context.ts';
import { createDashboardStore } from './store/dashboard-store.ts';
import { Feed } from './store/feed.ts';
import { createFlights } from './store/flights.ts';
import { createLabClock } from './store/lab-clock.ts';
import { createTeller } from './story/teller.ts';
import { storyText } from './texts/reasons.ts';

/** Creates the parts outside React and begins to listen to the door. */
export function createDashboard(door: LabDoor, translations: I18n): Dashboard & { close(): void } {
  const store = createDashboardStore();
  const clock = createLabClock(() => performance.now());
  const flights = createFlights();
  const later = (run: () => void, ms: number) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  };
  const feed = new Feed({ door, store, clock, flights, later });
  const textOf = (item: StoryItem) => storyText(translations.t, item);
  const teller = createTeller({ store, nowMs: () => performance.now(), later, textOf });
  const actions = createActions({
    door,
    store,
    translate: () => translations.t,
    setPaused: (isPaused) => feed.setPaused(isPaused),
    skipStory: () => teller.skip(),
    later,
  });
  function close(): void {
    teller.close();
    feed.close();
  }
  return { store, clock, flights, feed, actions, close };
}

export interface DashboardPageProps {
  readonly dashboard: Dashboard;
  readonly translations: I18n;
  /** Nonce of every style element that the kit makes. The page's policy allows only elements with it. */
  readonly nonce?: string;
  readonly colorScheme?: MantineColorScheme;
  /** `test`: menus and dialogs open at once, without transitions. */
  readonly env?: 'default' | 'test';
}

/** The page over a dashboard. */
export function DashboardPage({
  dashboard,
  translations,
  nonce,
  colorScheme = 'auto',
  env = 'default',
}: DashboardPageProps): ReactElement {
  return (
    <I18nextProvider i18n={translations}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme={colorScheme}
        env={env}
        {...(nonce === undefined ? {} : { getStyleNonce: () => nonce })}
      >
        <FrameTheme />
        <Crash>
          <DashboardContext.Provider value={dashboard}>
            <App />
          </DashboardContext.Provider>
        </Crash>
      </MantineProvider>
    </I18nextProvider>
  );
}
