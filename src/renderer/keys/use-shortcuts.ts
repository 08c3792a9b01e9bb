/** Listens for keys on the whole page and carries out their actions, except in a text field or an open dialog. */
import { useEffect } from 'react';
import { type Dashboard, useDashboard } from '../store/dashboard-context.ts';
import { byServer } from '../texts/format.ts';
import { KEYS } from './key-table.ts';
import { isComposing, keyOf, type PressedKey, selectedServer } from './shortcuts.ts';

/** Handles the keys as long as the component is mounted. */
export function useShortcuts(): void {
  const dashboard = useDashboard();
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || isComposing(event)) return;
      if (isTyping(event.target)) {
        // A select element handles letters itself. Esc leaves it.
        if (event.key === 'Escape' && event.target instanceof HTMLSelectElement) event.target.blur();
        return;
      }
      const pressed = keyOf(event);
      if (pressed === null) return;
      const { dialog } = dashboard.store.getState();
      if (dialog !== 'none' && pressed.key !== 'escape') return;
      if (pressed.key === 'freeze' && activatesFocused()) return;
      event.preventDefault();
      act(pressed, dashboard);
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
 * Space presses a button that got the focus from the keyboard. After a click the focus does not count, and
 * Space pauses the view.
 */
function activatesFocused(): boolean {
  const focused = document.activeElement;
  return focused !== null && focused !== document.body && focused.matches(':focus-visible');
}

function act(pressed: PressedKey, dashboard: Dashboard): void {
  if (pressed.key === 'select') {
    selectPlace(pressed.place, dashboard);
    return;
  }
  const { action } = KEYS[pressed.key];
  const state = dashboard.store.getState();
  const isLive = state.mode?.mode === 'live' && state.connection === 'open';
  const server = selectedServer(state);
  switch (action?.needs) {
    case 'run':
      if (state.mode === null || state.mode.mode === 'idle') return;
      break;
    case 'live':
      if (!isLive) return;
      break;
    case 'server':
      if (!isLive || server === null) return;
  }
  void action?.run(dashboard, server ?? '');
}

function selectPlace(place: number, { actions, store }: Pick<Dashboard, 'actions' | 'store'>): void {
  const { view } = store.getState();
  const server = Object.keys(view?.servers ?? {}).sort(byServer)[place - 1];
  if (server !== undefined) actions.select({ kind: 'server', server });
}
