/**
 * The door of the browser: one WebSocket to the host that served the page (subprotocol `raft-lab.v1`, the cookie
 * of the page's launch). Requests are numbered; pushes come between answers. The door reconnects with growing pauses. A
 * request that was waiting when the connection broke is answered as lost, because it may or may not have arrived.
 */

import type {
  DoorConnection,
  LabDoor,
  LabError,
  LabMode,
  LabPush,
  LabResult,
  RequestName,
  Requests,
} from '../../core/lab-api/index.ts';
import { labError } from '../../core/lab-api/lab-problem.ts';

export const SUBPROTOCOL = 'raft-lab.v1';

type AnyResult = LabResult<Requests[RequestName]['answer']>;

/** One frame from the host. */
type HostFrame = { readonly id: number; readonly result: AnyResult } | { readonly push: LabPush };

export interface BrowserDoorOptions {
  /** Address of the WebSocket: `ws(s)://host/lab`. */
  readonly url: string;
  readonly openSocket?: (url: string) => WebSocket;
  readonly setTimer?: (run: () => void, ms: number) => void;
  /** Returns why a connection was refused; called after one that never opened. The default asks the host. */
  readonly whyShut?: () => Promise<DoorConnection>;
  /** Sends a recording's bytes to the host; the default uploads them. */
  readonly upload?: (file: File, endLive: boolean) => Promise<LabResult<LabMode>>;
  /** Asks the host for the run as a file; the default downloads it. */
  readonly download?: () => Promise<LabResult<{ readonly savedAs: string | null }>>;
}

/** First pause before a reconnection, in milliseconds. Each pause is twice as long as the one before, up to a maximum. */
export const BACKOFF_MS = { first: 250, last: 5000 } as const;

interface Listener {
  readonly onPush: (push: LabPush) => void;
  readonly onConnection: (state: DoorConnection) => void;
}

/** Connects at the first `listen` or `ask`, and again, with growing pauses, whenever the connection is lost. */
export function createBrowserDoor(options: BrowserDoorOptions): LabDoor {
  const pending = new Map<number, (result: AnyResult) => void>();
  const listeners = new Set<Listener>();
  let nextId = 1;

  function receive(data: unknown): void {
    const frame = readFrame(data);
    if (frame === null) return;
    if ('push' in frame) {
      for (const listener of listeners) listener.onPush(frame.push);
      return;
    }
    pending.get(frame.id)?.(frame.result);
    pending.delete(frame.id);
  }

  function onState(state: DoorConnection): void {
    if (state !== 'open') {
      for (const answer of pending.values()) answer({ ok: false, error: connectionLost() });
      pending.clear();
    }
    for (const listener of listeners) listener.onConnection(state);
  }

  const connection = createConnection(options, receive, onState);
  return {
    kind: 'browser',
    ask(name, ask) {
      const id = nextId++;
      return new Promise((resolve) => {
        pending.set(id, resolve as (result: AnyResult) => void);
        if (connection.send(JSON.stringify({ id, name, ask }))) return;
        pending.delete(id);
        resolve({ ok: false, error: connectionLost() });
      });
    },
    listen(onPush, onConnection) {
      const listener = { onPush, onConnection };
      listeners.add(listener);
      connection.begin();
      return () => void listeners.delete(listener);
    },
    openRecording: options.upload ?? uploadRecording,
    exportRun: options.download ?? downloadRun,
  };
}

interface Connection {
  begin(): void;
  /** Sends a frame. Frames wait until the first connection is made. @returns false while the connection is lost */
  send(frame: string): boolean;
}

function createConnection(
  { url, ...options }: BrowserDoorOptions,
  onFrame: (data: unknown) => void,
  onState: (state: DoorConnection) => void,
): Connection {
  const openSocket = options.openSocket ?? ((address: string) => new WebSocket(address, SUBPROTOCOL));
  const whyShut = options.whyShut ?? askWhyShut;
  const setTimer = options.setTimer ?? ((run: () => void, ms: number) => void setTimeout(run, ms));
  let waiting: readonly string[] = [];
  let socket: WebSocket | null = null;
  let pauseMs: number = BACKOFF_MS.first;
  let isLost = false;

  function connect(): void {
    const opened = openSocket(url);
    let stood = false;
    socket = opened;
    opened.onopen = () => {
      stood = true;
      pauseMs = BACKOFF_MS.first;
      isLost = false;
      for (const frame of waiting) opened.send(frame);
      waiting = [];
      onState('open');
    };
    opened.onmessage = (message: MessageEvent<unknown>) => onFrame(message.data);
    opened.onclose = () => {
      if (socket !== opened) return;
      socket = null;
      isLost = true;
      waiting = [];
      if (stood) onState('lost');
      else void tellWhyShut();
      setTimer(connect, pauseMs);
      pauseMs = Math.min(pauseMs * 2, BACKOFF_MS.last);
    };
  }

  async function tellWhyShut(): Promise<void> {
    const why = await whyShut();
    // The connection may have been restored meanwhile.
    if (isLost) onState(why);
  }

  function begin(): void {
    if (socket === null && !isLost) connect();
  }

  return {
    begin,
    send(frame) {
      begin();
      if (socket === null) return false;
      if (socket.readyState === WebSocket.OPEN) socket.send(frame);
      else waiting = [...waiting, frame];
      return true;
    },
  };
}

/** Asks the host why it refuses the WebSocket, since a page cannot see the status of an upgrade. */
async function askWhyShut(): Promise<DoorConnection> {
  try {
    const { status } = await fetch('/lab', { cache: 'no-store' });
    if (status === 401) return 'restarted';
    return status === 503 ? 'full' : 'lost';
  } catch {
    // No lab answers.
    return 'lost';
  }
}

/** Drops a frame that is not ours (a proxy's page, a newer host). Its request is answered as lost on close. */
function readFrame(data: unknown): HostFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const frame: unknown = JSON.parse(data);
    if (typeof frame !== 'object' || frame === null) return null;
    if ('push' in frame || ('id' in frame && 'result' in frame)) return frame as HostFrame;
    return null;
  } catch (error) {
    console.warn('a frame from the host is not JSON', error);
    return null;
  }
}

function connectionLost(): LabError {
  return labError('connection-lost');
}

async function uploadRecording(file: File, endLive: boolean): Promise<LabResult<LabMode>> {
  try {
    const response = await fetch(`/open?name=${encodeURIComponent(file.name)}${endLive ? '&endLive=1' : ''}`, {
      method: 'POST',
      body: file,
    });
    if (!response.ok) return { ok: false, error: await errorFrom(response) };
    return { ok: true, value: (await response.json()) as LabMode };
  } catch (error) {
    console.warn('the recording did not arrive', error);
    // When the lab still answers, the file was moved or changed while the browser read it.
    const isGone = await file
      .slice(0, 1)
      .arrayBuffer()
      .then(
        () => false,
        () => true,
      );
    if (!isGone) return { ok: false, error: connectionLost() };
    return { ok: false, error: labError('cannot-read', { path: file.name, errno: 'NotFoundError' }) };
  }
}

async function downloadRun(): Promise<LabResult<{ readonly savedAs: string | null }>> {
  try {
    const response = await fetch('/export', { method: 'POST' });
    if (!response.ok) return { ok: false, error: await errorFrom(response) };
    const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'run.jsonl';
    const address = URL.createObjectURL(await response.blob());
    const anchor = document.createElement('a');
    anchor.href = address;
    anchor.download = name;
    anchor.click();
    // The browser reads the blob after the click returns. It begins within a minute.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    return { ok: true, value: { savedAs: null } };
  } catch (error) {
    console.warn('the export did not arrive', error);
    return { ok: false, error: connectionLost() };
  }
}

/** The host answers a refused export or upload with a LabError as JSON. */
async function errorFrom(response: Response): Promise<LabError> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'error' in body) return body.error as LabError;
  } catch (error) {
    console.warn('a request was refused without a reason', error);
  }
  return labError('lab-failed', { detail: `HTTP ${response.status}` });
}
