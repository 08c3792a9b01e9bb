/** The question before the app ends while a scenario plays: its progress, and what happens to it. */
import type { BrowserWindow, Dialog } from 'electron';
import type { Translations } from '../translations/index.ts';
import type { LabFacts } from './lab-facts.ts';

/**
 * Shows the question.
 *
 * @param signal  closes the question when aborted; its answer no longer counts
 * @returns true when the person wants to leave
 */
export async function askToQuit(
  desk: {
    readonly dialog: Pick<Dialog, 'showMessageBox'>;
    readonly window: BrowserWindow;
    readonly texts: Translations['menu'];
  },
  playing: NonNullable<LabFacts['playing']>,
  signal: AbortSignal,
): Promise<boolean> {
  const { quitWhilePlaying, quitWhilePlayingDetail, quitAnyway, keepPlaying } = desk.texts;
  const { response } = await desk.dialog.showMessageBox(desk.window, {
    type: 'question',
    message: quitWhilePlaying
      .replace('{{left}}', String(playing.stepsLeft))
      .replace('{{steps}}', String(playing.steps)),
    detail: quitWhilePlayingDetail,
    buttons: [quitAnyway, keepPlaying],
    // Enter and Escape lose nothing.
    defaultId: 1,
    cancelId: 1,
    signal,
  });
  return response === 0;
}
