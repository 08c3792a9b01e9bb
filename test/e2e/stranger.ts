/**
 * A page of somebody else, served by the test on a port of its own and opened in the browser that holds the cookie.
 * It tries what such a page can try; the browser's own record of each answer's status is what tests look at.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';

export interface Stranger {
  readonly page: Page;
  /** Sends a request as scripts do; `seen`: the page could read the answer. `status`: what the other side said. */
  fetch(url: string, init: { method: string; mode: 'cors' | 'no-cors' }): Promise<Attempt>;
  /** Puts an element with this source into the page; `seen`: it loaded. */
  include(tag: 'script' | 'img' | 'iframe', url: string): Promise<Attempt>;
  /** `seen`: the socket opened. */
  socket(url: string, protocol?: string): Promise<Attempt>;
  close(): Promise<void>;
}

export interface Attempt {
  readonly seen: boolean;
  /** HTTP status of the answer, or null when the browser did not get or not even ask for one. */
  readonly status: number | null;
}

/** Serves an empty page and opens it. @param name  `127.0.0.1` is the same site as the host, `localhost` another */
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
  /** How many requests there were. */
  count(): number;
  /** Status of a request to this address, other than the first `after` requests; null while unknown. */
  status(url: string, after: number): number | null;
}

/**
 * Records what came over the wire, as the browser's network layer reports it: a page, and the developer tools of its
 * author, see nothing of a response that was withheld from it. Request and response are reported in either order.
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

/** The record may come a moment after the page has its answer. */
async function within<Value>(ms: number, look: () => Value | null): Promise<Value | null> {
  const until = performance.now() + ms;
  while (look() === null && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
  return look();
}

/** In the page: an answer counts as seen when its body could be read. */
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

/** On 127.0.0.1: a browser that looks for `localhost` finds it there too. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
