/** The system's dialogs and programs, answered by the test inside the main process, because no person presses a button. */
import type { WindowDriver } from './driver.ts';

/** A message box that was shown. */
export interface ShownBox {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/**
 * Takes over the dialogs: message boxes are answered with their first button, the others with what `saveAs` and
 * `chooseToOpen` set last, else as cancelled. Folders and addresses that the system should open are noted instead.
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

/** The next dialogs that choose a file or folder are answered with this path. */
export function chooseToOpen(driver: WindowDriver, path: string): Promise<void> {
  return driver.main((_electron, chosen) => {
    (globalThis as unknown as { answeredDialogs: { toOpen: string[] } }).answeredDialogs.toOpen = [chosen];
  }, path);
}

/** Folders and addresses that the system was asked to open since the last call. */
export function openedBySystem(driver: WindowDriver): Promise<readonly string[]> {
  return driver.main(() => {
    const state = (globalThis as unknown as { answeredDialogs: { opened: string[] } }).answeredDialogs;
    return state.opened.splice(0);
  }, null);
}
