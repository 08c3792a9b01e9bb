/**
 * A person's view of the window's page, and their actions on it. The actions go through the main process and the page's
 * own debugger, so they work behind the stand-in, in the real Electron, and after a crash of the page.
 */
import { until } from '../helpers/until.ts';
import type { WindowDriver } from './driver.ts';

/** The page of the one window. */
export interface WindowPage {
  /** Runs a function in the page. The function is sent as text, so it can use nothing from its surroundings. */
  evaluate<Given, Result>(act: (given: Given) => Result | Promise<Result>, given: Given): Promise<Result>;
  /** Sends a command of the DevTools protocol. */
  command(method: string, params?: object): Promise<unknown>;
  /** Waits until the text at a test id matches, then returns it. */
  textFits(testId: string, pattern: RegExp): Promise<string>;
  /** Waits until the sentence names a leader, then returns its id. */
  leader(): Promise<string>;
  press(key: string): Promise<void>;
  /** Selects a server with its number key, after closing any open dialog or list. */
  select(server: string): Promise<void>;
  click(testId: string): Promise<void>;
  /** Types a command and waits until the answer matches. */
  send(text: string, answer: RegExp): Promise<string>;
  /** Takes a picture of the page, as PNG. */
  picture(): Promise<Buffer>;
}

/** Confirms the end of the live run if the page asks; the run may have ended already. */
export async function agree(page: WindowPage): Promise<void> {
  await page.evaluate(() => document.querySelector<HTMLElement>('[data-testid=end-run-close]')?.click(), null);
}

/** Longest wait in milliseconds for a change on the page; a hosted machine is slow. */
const LIMIT_MS = 40_000;

/** Resolves when the program has a window and its page can be driven. */
export async function pageOf(driver: WindowDriver): Promise<WindowPage> {
  const tellMore = (): string => `; it printed:\n${driver.printed()}`;
  const isThere = driver.main(async ({ app, BrowserWindow }) => {
    await app.whenReady();
    if (BrowserWindow.getAllWindows().length === 0) {
      await new Promise((resolve) => app.once('browser-window-created', resolve));
    }
    BrowserWindow.getAllWindows()[0]?.webContents.debugger.attach('1.3');
  }, null);
  await Promise.race([
    isThere,
    driver.ended.then(({ code, signal }) => Promise.reject(new Error(`it ended with ${signal ?? code}${tellMore()}`))),
  ]);
  const command: WindowPage['command'] = (method, params = {}) =>
    driver.main(
      async ({ BrowserWindow }, asked) =>
        (await BrowserWindow.getAllWindows()[0]?.webContents.debugger.sendCommand(
          asked.method,
          asked.params,
        )) as unknown,
      { method, params },
    );
  // A page receives keys only when it has the focus, and on a hosted machine no window has it.
  await command('Emulation.setFocusEmulationEnabled', { enabled: true });
  const evaluate: WindowPage['evaluate'] = async (act, given) => {
    const answer = (await command('Runtime.evaluate', {
      expression: `(${act})(${JSON.stringify(given)})`,
      ...{ awaitPromise: true, returnByValue: true, userGesture: true },
    })) as { readonly result: { readonly value?: unknown }; readonly exceptionDetails?: object };
    if (answer.exceptionDetails) throw new Error(`in the page: ${JSON.stringify(answer.exceptionDetails)}`);
    return answer.result.value as never;
  };
  /** Returns null while the page is loading or its renderer has crashed. */
  const textAt = (testId: string): Promise<string | null> =>
    evaluate((id) => {
      const place = document.querySelector(`[data-testid=${id}]`);
      return place?.checkVisibility() === true ? (place.textContent ?? '').replace(/\s+/g, ' ').trim() : null;
    }, testId).catch(() => null);
  const textFits: WindowPage['textFits'] = async (testId, pattern) => {
    let last: string | null = null;
    return until(
      `${testId} to fit ${pattern}`,
      async () => {
        last = await textAt(testId);
        return last !== null && pattern.test(last) ? last : null;
      },
      { withinMs: LIMIT_MS, tellMore: () => `; it reads: ${last}${tellMore()}` },
    );
  };
  const press = async (key: string): Promise<void> => {
    const stroke = strokeOf(key);
    await command('Input.dispatchKeyEvent', { type: 'keyDown', ...stroke });
    await command('Input.dispatchKeyEvent', { type: 'keyUp', ...stroke, text: undefined });
  };
  const focus = (isIn: boolean): Promise<void> =>
    evaluate((focused) => {
      const input = document.querySelector<HTMLElement>('[data-testid=command-input]');
      if (focused) input?.focus();
      else input?.blur();
    }, isIn);
  return {
    evaluate,
    command,
    textFits,
    press,
    leader: async () => /S\d/.exec(await textFits('sentence', /S\d leads/))?.[0] ?? '',
    select: async (server) => {
      await press('Escape');
      await press(server.slice(1));
    },
    click: (testId) =>
      evaluate((id) => {
        const place = document.querySelector<HTMLElement>(`[data-testid=${id}]`);
        if (place === null) throw new Error(`there is no ${id}`);
        place.click();
      }, testId),
    send: async (text, answer) => {
      await focus(true);
      await command('Input.insertText', { text });
      await press('Enter');
      const said = await textFits('command-result', answer);
      await focus(false);
      return said;
    },
    picture: async () => {
      const { data } = (await command('Page.captureScreenshot', { format: 'png' })) as { readonly data: string };
      return Buffer.from(data, 'base64');
    },
  };
}

/** Returns the key event that a keyboard would send. */
function strokeOf(key: string): object {
  if (key === 'Enter') return { key, code: key, windowsVirtualKeyCode: 13, text: '\r' };
  if (key === 'Escape') return { key, code: key, windowsVirtualKeyCode: 27 };
  const code = /\d/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`;
  return { key, code, windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0), text: key };
}
