/** The system's dialogs, answered by the test inside the main process: nobody is there to press a button. */
import type { WindowDriver } from './driver.ts';

/** A message box that was shown. */
export interface ShownBox {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/**
 * Takes over both dialogs: message boxes are answered with their first button, and the save dialog with what `saveAs` set
 * last, else as cancelled.
 */
export async function answerDialogs(driver: WindowDriver): Promise<void> {
  await driver.main(({ dialog }) => {
    const state = { boxes: [] as object[], path: null as string | null };
    (globalThis as { answeredDialogs?: typeof state }).answeredDialogs = state;
    Object.assign(dialog, {
      showMessageBox: async (_window: object, { message, detail = '', buttons = [] }: Partial<ShownBox>) => {
        state.boxes.push({ message, detail, buttons });
        return { response: 0, checkboxChecked: false };
      },
      showSaveDialog: async () => ({ canceled: state.path === null, filePath: state.path ?? '' }),
    });
  }, null);
}

/** Message boxes since the last call. */
export function shownBoxes(driver: WindowDriver): Promise<readonly ShownBox[]> {
  return driver.main(() => {
    const state = (globalThis as unknown as { answeredDialogs: { boxes: ShownBox[] } }).answeredDialogs;
    return state.boxes.splice(0);
  }, null);
}

/** The next save dialogs are answered with this path. */
export function saveAs(driver: WindowDriver, path: string): Promise<void> {
  return driver.main((_electron, chosen) => {
    (globalThis as unknown as { answeredDialogs: { path: string } }).answeredDialogs.path = chosen;
  }, path);
}
