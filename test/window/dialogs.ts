/**
 * Answers the system's dialogs inside the main process, because no person presses a button, and records what the app
 * opens.
 */
import type { WindowDriver } from './driver.ts';

/** A message box that was shown. */
export interface ShownBox {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/**
 * Replaces the dialogs. Message boxes are answered with their first button. Save and open dialogs are answered with the
 * path that `saveAs` or `chooseToOpen` set last, otherwise they are cancelled. Folders and addresses that the app opens
 * are only recorded.
 */
export async function answerDialogs(driver: WindowDriver): Promise<void> {
  await driver.main(({ dialog, shell }) => {
    const state = {
      boxes: [] as object[],
      path: null as string | null,
      toOpen: [] as string[],
      opened: [] as string[],
    };
    (globalThis as { answeredDialogs?: typeof state }).answeredDialogs = state;
    Object.assign(dialog, {
      showMessageBox: async (_window: object, { message, detail = '', buttons = [] }: Partial<ShownBox>) => {
        state.boxes.push({ message, detail, buttons });
        return { response: 0, checkboxChecked: false };
      },
      showSaveDialog: async () => ({ canceled: state.path === null, filePath: state.path ?? '' }),
      showOpenDialog: async () => ({ canceled: state.toOpen.length === 0, filePaths: state.toOpen }),
    });
    Object.assign(shell, {
      openPath: async (path: string) => {
        state.opened.push(path);
        return '';
      },
      openExternal: async (address: string) => void state.opened.push(address),
    });
  }, null);
}

/** Message boxes shown since the last call. */
export function shownBoxes(driver: WindowDriver): Promise<readonly ShownBox[]> {
  return driver.main(() => {
    const state = (globalThis as unknown as { answeredDialogs: { boxes: ShownBox[] } }).answeredDialogs;
    return state.boxes.splice(0);
  }, null);
}

/** Sets the path with which the next save dialogs are answered. */
export function saveAs(driver: WindowDriver, path: string): Promise<void> {
  return driver.main((_electron, chosen) => {
    (globalThis as unknown as { answeredDialogs: { path: string } }).answeredDialogs.path = chosen;
  }, path);
}

/** Sets the path with which the next dialogs that choose a file or folder are answered. */
export function chooseToOpen(driver: WindowDriver, path: string): Promise<void> {
  return driver.main((_electron, chosen) => {
    (globalThis as unknown as { answeredDialogs: { toOpen: string[] } }).answeredDialogs.toOpen = [chosen];
  }, path);
}

/** Folders and addresses that the app opened since the last call. */
export function openedBySystem(driver: WindowDriver): Promise<readonly string[]> {
  return driver.main(() => {
    const state = (globalThis as unknown as { answeredDialogs: { opened: string[] } }).answeredDialogs;
    return state.opened.splice(0);
  }, null);
}
