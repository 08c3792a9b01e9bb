/**
 * A page of another origin, served by the test on a port of its own and opened in the browser that holds the host's
 * cookie. It tries to read the host and to send requests to it. The tests check the status that the browser recorded
 * for each answer.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';

export interface Stranger {
  readonly page: Page;
  /**
   * Sends a request as a script does. `seen`: the page could read the answer; `status`: status of the host's answer.
   */
  fetch(url: string, init: { method: string; mode: 'cors' | 'no-cors' }): Promise<Attempt>;
  /** Adds an element with this source to the page. `seen`: it loaded. */
  include(tag: 'script' | 'img' | 'iframe', url: string): Promise<Attempt>;
  /** Opens a WebSocket. `seen`: the socket opened. */
  socket(url: string, protocol?: string): Promise<Attempt>;
  close(): Promise<void>;
}

export interface Attempt {
  readonly seen: boolean;
  /** HTTP status of the answer; null when the browser got no answer or sent no request. */
  readonly status: number | null;
}

/**
 * Serves an empty page and opens it.
 * @param name  `127.0.0.1` is the same site as the host, `localhost` another one
 */
export async function openStranger(context: BrowserContext, name: '127.0.0.1' | 'localhost'): Promise<Stranger> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Somebody else</title>');
  });
  const port = await listen(server);
  const page = await context.newPage();
  const wire = await watchWire(context, page);
  await page.goto(`http://${name}:${port}/`);
  const judged = async (url: string, attempt: () => Promise<boolean>): Promise<Attempt> => {
    const before = wire.count();
    return { seen: await attempt(), status: await within(5000, () => wire.status(url, before)) };
  };
  return {
    page,
    fetch: (url, init) => judged(url, () => page.evaluate(tryFetch, { url, init })),
    include: (tag, url) => judged(url, () => page.evaluate(tryInclude, { tag, url })),
    socket: (url, protocol) => judged(url, () => page.evaluate(trySocket, { url, protocol: protocol ?? null })),
    close: async () => {
      await page.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Wire {
  /** Number of recorded requests. */
  count(): number;
  /** Status of a request to this address, leaving out the first `after` requests; null while unknown. */
  status(url: string, after: number): number | null;
}

/**
 * Records the answers as the browser's network layer reports them. A page and its developer tools learn nothing about a
 * response that is withheld from the page. The reports of request and response come in either order.
 */
async function watchWire(context: BrowserContext, page: Page): Promise<Wire> {
  const requests: { readonly id: string; readonly url: string }[] = [];
  const statuses = new Map<string, number>();
  const session = await context.newCDPSession(page);
  session.on('Network.requestWillBeSent', ({ requestId: id, request }) => requests.push({ id, url: request.url }));
  session.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => statuses.set(requestId, statusCode));
  page.on('websocket', (socket) => {
    const id = `socket ${requests.length}`;
    requests.push({ id, url: socket.url() });
    socket.on('socketerror', (text) => {
      const status = /response code: (\d+)/.exec(text)?.[1];
      if (status !== undefined) statuses.set(id, Number(status));
    });
  });
  await session.send('Network.enable');
  return {
    count: () => requests.length,
    status: (url, after) => {
      const found = requests.slice(after).find((request) => request.url === url && statuses.has(request.id));
      return found === undefined ? null : (statuses.get(found.id) ?? null);
    },
  };
}

/** Waits for a value, because the record may come shortly after the page has its answer. */
async function within<Value>(ms: number, look: () => Value | null): Promise<Value | null> {
  const until = performance.now() + ms;
  while (look() === null && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
  return look();
}

/** Runs in the page. An answer counts as seen when its body could be read. */
async function tryFetch(of: { url: string; init: { method: string; mode: 'cors' | 'no-cors' } }): Promise<boolean> {
  try {
    const response = await fetch(of.url, { ...of.init, credentials: 'include', cache: 'no-store' });
    return (await response.text()) !== '';
  } catch {
    return false;
  }
}

async function tryInclude(of: { tag: 'script' | 'img' | 'iframe'; url: string }): Promise<boolean> {
  const element = document.createElement(of.tag);
  const loaded = new Promise<boolean>((resolve) => {
    element.onload = () => resolve(true);
    element.onerror = () => resolve(false);
  });
  element.src = of.url;
  document.body.append(element);
  return await loaded;
}

async function trySocket(of: { url: string; protocol: string | null }): Promise<boolean> {
  const socket = of.protocol === null ? new WebSocket(of.url) : new WebSocket(of.url, of.protocol);
  const opened = await new Promise<boolean>((resolve) => {
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
  });
  socket.close();
  return opened;
}

/** Listens on 127.0.0.1, where a browser also finds `localhost`. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
