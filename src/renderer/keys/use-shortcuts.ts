/** Listens for keys on the whole page and carries out the actions of shortcuts.ts, except in a text field or an open dialog. */
import { useEffect } from 'react';
import { type Dashboard, useDashboard } from '../store/dashboard-context.ts';
import { troublesOf } from '../store/troubles.ts';
import { byServer } from '../texts/format.ts';
import { deedOf, isComposing, type KeyDeed, selectedServer } from './shortcuts.ts';

/** Handles the keys as long as the component is mounted. */
export function useShortcuts(): void {
  const dashboard = useDashboard();
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || isComposing(event)) return;
      if (isTyping(event.target)) {
        // A select element handles letters itself; Esc leaves it, as in the command line.
        if (event.key === 'Escape' && event.target instanceof HTMLSelectElement) event.target.blur();
        return;
      }
      const deed = deedOf(event);
      if (deed === null) return;
      const { dialog } = dashboard.store.getState();
      if (dialog !== 'none' && deed.deed !== 'escape') return;
      if (deed.deed === 'freeze' && activatesFocused()) return;
      event.preventDefault();
      act(deed, dashboard);
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [dashboard]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}

/**
 * Space presses a button that has the focus from the keyboard, as everywhere. After a click the focus does not count, and
 * Space pauses the view.
 */
function activatesFocused(): boolean {
  const focused = document.activeElement;
  return focused !== null && focused !== document.body && focused.matches(':focus-visible');
}

function act(deed: KeyDeed, dashboard: Dashboard): void {
  if (deed.deed === 'select') selectPlace(deed.place, dashboard);
  else if (isOnScreen(deed.deed)) ON_SCREEN[deed.deed](dashboard);
  else void actOnCluster(deed.deed, dashboard);
}

type ClusterDeed =
  | 'kill'
  | 'restart'
  | 'freeze-server'
  | 'isolate'
  | 'cut-group'
  | 'unreliable'
  | 'nemesis'
  | 'heal-all'
  | 'export';
type ScreenDeed = Exclude<KeyDeed['deed'], ClusterDeed | 'select'>;

const ON_SCREEN: { readonly [Deed in ScreenDeed]: (dashboard: Dashboard) => void } = {
  freeze: ({ actions }) => actions.togglePauseView(),
  live: ({ actions }) => actions.backToNewest(),
  command: () => document.querySelector<HTMLInputElement>('#command-input')?.focus(),
  filter: ({ actions }) => actions.setEventsOpen(true),
  help: ({ actions }) => actions.setDialog('help'),
  escape: ({ actions }) => actions.escape(),
};

function isOnScreen(deed: Exclude<KeyDeed['deed'], 'select'>): deed is ScreenDeed {
  return Object.hasOwn(ON_SCREEN, deed);
}

/** Destructive keys act only on a live run, and only with a selection. */
async function actOnCluster(deed: ClusterDeed, { actions, store }: Dashboard): Promise<void> {
  const state = store.getState();
  if (deed === 'export' && state.mode !== null && state.mode.mode !== 'idle') return actions.exportRun();
  if (state.mode?.mode !== 'live' || state.connection !== 'open') return;
  if (deed === 'cut-group') return actions.cutGroup();
  if (deed === 'unreliable') return actions.toggleUnreliable();
  if (deed === 'nemesis') return actions.toggleNemesis();
  if (deed === 'heal-all' && state.view !== null && troublesOf(state.view).length > 0) return actions.heal(null);
  const server = selectedServer(state);
  if (server === null) return;
  if (deed === 'kill') return actions.kill(server);
  if (deed === 'restart') return actions.restart([server]);
  if (deed === 'freeze-server') return actions.toggleFreeze(server);
  if (deed === 'isolate') return actions.toggleCutOff(server);
}

function selectPlace(place: number, { actions, store }: Pick<Dashboard, 'actions' | 'store'>): void {
  const { view } = store.getState();
  const server = Object.keys(view?.servers ?? {}).sort(byServer)[place - 1];
  if (server !== undefined) actions.select({ kind: 'server', server });
}
