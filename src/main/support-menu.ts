/** The menu items for settings, logs and the diagnostic report, as data; menu.ts puts them in their places. */
import type { MenuItemConstructorOptions } from 'electron';
import type { WindowAction } from '../core/lab-api/index.ts';
import type { Translations } from '../translations/index.ts';

/** The actions of these items. */
export interface SupportActions {
  readonly openLogs: () => void;
  readonly copyReport: () => void;
  /** Resets the saved size and position of the window. */
  readonly resetWindow: () => void;
}

/** `settings` belongs to the app menu on macOS and to File elsewhere, `window` to Window, `help` to Help. */
export function supportItems(
  menu: { readonly texts: Translations['menu']; readonly act: (action: WindowAction) => void },
  actions: SupportActions,
): Readonly<Record<'settings' | 'window' | 'help', readonly MenuItemConstructorOptions[]>> {
  const { texts, act } = menu;
  return {
    settings: [
      {
        id: 'settings',
        label: texts.settings,
        accelerator: 'CmdOrCtrl+,',
        click: () => act({ action: 'show-dialog', dialog: 'settings' }),
      },
      { type: 'separator' },
    ],
    window: [{ id: 'reset-window', label: texts.resetWindow, click: actions.resetWindow }],
    help: [
      { id: 'open-logs', label: texts.openLogs, click: actions.openLogs },
      { id: 'copy-report', label: texts.copyReport, click: actions.copyReport },
    ],
  };
}
