/**
 * The window's side of the door: the page's requests go to the lab over IPC, and the lab's pushes go to the page. Only the main
 * frame of our window showing our page is served. The lab checks every request.
 */

import { isAbsolute } from 'node:path';
import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import {
  CHANNELS,
  kindOfFile,
  type LabMode,
  type LabResult,
  type Language,
  openPushValve,
  type PushValve,
  type RequestName,
  type Requests,
  WINDOW_THEMES,
  type WindowTheme,
} from '../core/lab-api/index.ts';
import { labError } from '../core/lab-api/lab-problem.ts';
import type { Lab } from '../lab/index.ts';
import { isOwnPage } from './app-protocol.ts';
import type { Support } from './support.ts';

/** The parts of Electron that are used to answer the page. */
export interface IpcSide {
  readonly ipcMain: Pick<IpcMain, 'handle' | 'on'>;
  readonly lab: Pick<Lab, 'ask' | 'listen' | 'openPlace'>;
  /** The window's page, or null while no window is open. */
  readonly page: () => WebContents | null;
  readonly exportRun: () => Promise<LabResult<{ readonly savedAs: string | null }>>;
  readonly onLanguage: (language: Language) => void;
  readonly onTheme: (theme: WindowTheme) => void;
  readonly showExported: () => void;
  /** Opens the recording that main has asked the page to open. */
  readonly openNamed: (endLive: boolean) => Promise<LabResult<LabMode>>;
  readonly support: Pick<Support, 'state' | 'change' | 'act'>;
}

/** Maximum number of pushes that wait for the page: ten seconds at 30 a second. */
export const BEHIND_PUSHES = 300;

/** True when the message comes from the main frame of our window, and that frame shows our page. */
function isTrusted(
  event: Pick<IpcMainEvent | IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  page: WebContents | null,
): boolean {
  const frame = event.senderFrame;
  // The frame is null when it closed or navigated after it had sent the message.
  if (frame === null || page === null || event.sender !== page) return false;
  return frame === page.mainFrame && isOwnPage(frame.url);
}

/** Registers every channel of `CHANNELS`. An untrusted invoke rejects; an untrusted send is ignored. */
export function registerIpc(side: IpcSide): void {
  const handle = (channel: string, answer: (args: readonly unknown[]) => Promise<unknown>): void => {
    side.ipcMain.handle(channel, async (event, ...args: unknown[]) => {
      if (!isTrusted(event, side.page())) throw new Error(`${channel}: this sender may not ask`);
      return answer(args);
    });
  };
  const receive = (channel: string, act: (args: readonly unknown[], page: WebContents) => void): void => {
    side.ipcMain.on(channel, (event, ...args: unknown[]) => {
      if (isTrusted(event, side.page())) act(args, event.sender);
    });
  };
  handle(CHANNELS.ask, (args) => answerAsk(side.lab, args));
  handle(CHANNELS.exportRun, (args) => (args.length === 0 ? side.exportRun() : refuse('export takes no arguments')));
  handle(CHANNELS.openRecording, (args) => answerOpen(side.lab, args));
  handle(CHANNELS.openNamed, ([endLive]) => side.openNamed(endLive === true));
  receive(CHANNELS.language, ([language]) => {
    if (language === 'en' || language === 'zh-CN') side.onLanguage(language);
  });
  receive(CHANNELS.theme, ([theme]) => {
    const known = WINDOW_THEMES.find((one) => one === theme);
    if (known !== undefined) side.onTheme(known);
  });
  receive(CHANNELS.showExported, () => side.showExported());
  handle(CHANNELS.readSettings, async () => side.support.state());
  handle(CHANNELS.changeSettings, async ([change]) => side.support.change(change));
  handle(CHANNELS.actOnSettings, ([act]) => side.support.act(act));
  const pushes = pushesTo(side.lab);
  receive(CHANNELS.listen, (_args, page) => pushes.begin(page));
  receive(CHANNELS.unlisten, () => pushes.end());
  receive(CHANNELS.taken, () => pushes.taken());
}

function answerAsk(lab: Pick<Lab, 'ask'>, args: readonly unknown[]): Promise<LabResult<unknown>> {
  const [name, ask] = args;
  if (args.length !== 2 || typeof name !== 'string') return refuse('an ask is a name and what is asked');
  return lab.ask(name as RequestName, ask as Requests[RequestName]['ask']);
}

/** Opens a path that the page names. The lab opens recordings only, so a compromised page cannot read other files here. */
function answerOpen(lab: Pick<Lab, 'openPlace'>, [path, endLive]: readonly unknown[]): Promise<LabResult<unknown>> {
  const isNamed = typeof path === 'string' && isAbsolute(path) && kindOfFile(path) === 'recording';
  return isNamed ? lab.openPlace(path, endLive === true) : refuse('a recording is opened by the path of its file');
}

function refuse(detail: string): Promise<LabResult<never>> {
  return Promise.resolve({ ok: false, error: labError('bad-request', { detail }) });
}

/** Sends pushes to one page at a time. A reloaded page starts a new subscription; a closed page gets no more pushes. */
function pushesTo(lab: Pick<Lab, 'listen'>): { begin(page: WebContents): void; end(): void; taken(): void } {
  let valve: PushValve | null = null;
  let untaken = 0;
  /** Pages whose end is already watched, so that a reload adds no second listener. */
  const watched = new WeakSet<WebContents>();
  const end = (): void => {
    valve?.stop();
    valve = null;
    untaken = 0;
  };
  return {
    begin(page) {
      end();
      if (!watched.has(page)) {
        watched.add(page);
        page.once('destroyed', end);
        page.on('render-process-gone', end);
      }
      valve = openPushValve({
        listen: (onPush) => lab.listen(onPush),
        send(push) {
          if (page.isDestroyed()) return;
          untaken += 1;
          page.send(CHANNELS.push, push);
        },
        behind: () => untaken,
        high: BEHIND_PUSHES,
        low: 0,
      });
    },
    end,
    taken() {
      untaken = Math.max(0, untaken - 1);
      valve?.drained();
    },
  };
}
