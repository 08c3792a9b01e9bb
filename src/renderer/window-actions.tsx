/** Carries out the items of the window's menu with the page's own actions. Renders nothing. */
import { useMantineColorScheme } from '@mantine/core';
import { useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { WindowAction } from '../core/lab-api/window-channels.ts';
import type { Actions } from './store/actions.ts';
import { useActions } from './store/dashboard-context.ts';
import { chooseLanguage } from './store/preferences.ts';

export function WindowActions(): null {
  const actions = useActions();
  const { i18n } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  // Registered before the page is painted, because main may send an action once the page has sent `ready`.
  useLayoutEffect(() => {
    const act = (chosen: WindowAction): void => {
      if (chosen.action === 'set-language') chooseLanguage(i18n, chosen.language);
      else if (chosen.action === 'set-theme') setColorScheme(chosen.theme === 'system' ? 'auto' : chosen.theme);
      else if (chosen.action === 'show-dialog') actions.setDialog(chosen.dialog);
      else if (chosen.action === 'show-file-error') actions.showFileError(chosen.error);
      else void actOnLab(chosen, actions);
    };
    return window.raftLab?.onAction(act);
  }, [actions, i18n, setColorScheme]);
  return null;
}

type LabAction = Exclude<WindowAction, { action: 'set-language' | 'set-theme' | 'show-dialog' | 'show-file-error' }>;

async function actOnLab(chosen: LabAction, actions: Actions): Promise<void> {
  if (chosen.action === 'open-run') await actions.openRun(chosen.runId);
  else if (chosen.action === 'play-scenario') await actions.playScenario(chosen.name, null);
  else if (chosen.action === 'play-file') await actions.playFile(chosen.file, chosen.text);
  else if (chosen.action === 'open-recording') await actions.openNamed();
  else if (chosen.action === 'stop-scenario') await actions.stopScenario();
  else if (chosen.action === 'kill-leader') await actions.killLeader();
  else await actions.exportRun();
}
