/**
 * Requests that are refused: from pages of other origins in the browser that holds the cookie, under another host name,
 * without a token, and from browsers to the servers' ports. For each refusal the same request from our own page, or
 * with the right token, succeeds; so a host that refuses every request fails these tests.
 */
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processesOf } from '../helpers/processes-of.ts';
import { openBrowser } from './browser.ts';
import { type Dashboard, dashboardOf } from './dashboard.ts';
import { type Host, startHost } from './host.ts';
import { listeningPorts } from './ports.ts';
import { openStranger, type Stranger } from './stranger.ts';

const SUBPROTOCOL = 'raft-lab.v1';
const PATHS = ['/links', '/clients', '/control'];
/** Status codes with which an inner port answers a browser. */
const REFUSED: readonly number[] = [403, 404, 426];

/** Only Linux shows which process listens on which port. */
const knowsPorts = process.platform === 'linux';

let host: Host;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let dashboard: Dashboard;
let origin: string;
let cookie: string;
/** Path of a script of the dashboard, which other pages must not be able to read. */
let script: string;

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
  origin = new URL(host.address).origin;
  context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', acceptDownloads: true });
  page = await context.newPage();
  dashboard = dashboardOf(page);
  await page.goto(host.address);
  await dashboard.leader();
  const [held] = await context.cookies(origin);
  cookie = `${held?.name}=${held?.value}`;
  const source = (await page.locator('script[src]').first().getAttribute('src')) ?? '';
  script = new URL(source, origin).pathname;
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

/**
 * Returns the sentence once the page is connected: leader, term, servers that are up. It is unchanged while the cluster
 * is unharmed.
 */
async function unharmed(): Promise<string> {
  await page.getByTestId('banner-lost').waitFor({ state: 'detached' });
  return dashboard.sentence();
}

describe('our own page', () => {
  test('our own page: export, WebSocket, script → allowed', async () => {
    const own = await page.evaluate(
      async ({ path, protocol }) => {
        const exported = await fetch('/export', { method: 'POST' });
        const socket = new WebSocket(`ws://${location.host}/lab`, protocol);
        const opened = await new Promise((resolve) => {
          socket.onopen = () => resolve(true);
          socket.onerror = () => resolve(false);
        });
        socket.close();
        return { exported: exported.status, opened, script: (await fetch(path)).status };
      },
      { path: script, protocol: SUBPROTOCOL },
    );
    expect(own).toEqual({ exported: 200, opened: true, script: 200 });
  });
});

describe.each(['127.0.0.1', 'localhost'] as const)('page of http://%s:<another port>', (name) => {
  let stranger: Stranger;
  beforeAll(async () => {
    stranger = await openStranger(context, name);
  });
  afterAll(() => stranger?.close());

  test.each([
    ['GET', '/', 'cors'],
    ['GET', '/', 'no-cors'],
    ['POST', '/', 'no-cors'],
    ['POST', '/export', 'cors'],
    ['POST', '/export', 'no-cors'],
    ['GET', '/export', 'no-cors'],
  ] as const)('page of another origin: %s %s (%s) → refused, nothing readable', async (method, path, mode) => {
    const { seen, status } = await stranger.fetch(`${origin}${path}`, { method, mode });
    expect({ seen, status }).toEqual({ seen: false, status: 403 });
  });

  test.each(['script', 'img', 'iframe'] as const)(
    'page of another origin: <%s> with the host’s address → nothing is included',
    async (tag) => {
      // A new address, so that the browser asks the host instead of using its cached copy.
      for (const path of [`${script}?fresh-${tag}-${name}`, '/']) {
        const { seen, status } = await stranger.include(tag, `${origin}${path}`);
        expect({ tag, path, status }).toEqual({ tag, path, status: 403 });
        // A browser fires `load` for a frame whatever the answer was.
        if (tag !== 'iframe') expect(seen).toBe(false);
      }
      for (const frame of stranger.page.frames().slice(1)) {
        expect(await frame.locator('[data-testid=sentence]').count()).toBe(0);
      }
    },
  );

  test('page of another origin: WebSocket to /lab, any subprotocol → does not open', async () => {
    const url = `${origin.replace('http', 'ws')}/lab`;
    expect(await stranger.socket(url, SUBPROTOCOL)).toEqual({ seen: false, status: 403 });
    expect(await stranger.socket(url)).toEqual({ seen: false, status: 403 });
  });

  test.skipIf(!knowsPorts)('ports of servers, network and control: asked by a browser → refused', async () => {
    const ports = await innerPorts();
    // All sockets open at once, because a browser delays the next socket of a page whose sockets often failed.
    const sockets = ports.flatMap((port) => PATHS.map((path) => `ws://127.0.0.1:${port}${path}`));
    const tried = await Promise.all(sockets.map(async (url) => ({ url, ...(await stranger.socket(url)) })));
    expect(tried.filter(({ seen, status }) => seen || !REFUSED.includes(status ?? 0))).toEqual([]);
    for (const port of ports) {
      const { seen, status } = await stranger.fetch(`http://127.0.0.1:${port}/`, { method: 'GET', mode: 'no-cors' });
      expect([port, seen, REFUSED.includes(status ?? 0)]).toEqual([port, false, true]);
    }
  });
});

test.skipIf(!knowsPorts)('our own page: asks the inner ports → refused', async () => {
  const ports = await innerPorts();
  const opened = await page.evaluate(
    (all) =>
      Promise.all(
        all.map(
          (port) =>
            new Promise((resolve) => {
              const socket = new WebSocket(`ws://127.0.0.1:${port}/links`);
              socket.onopen = () => resolve(true);
              socket.onerror = () => resolve(false);
            }),
        ),
      ),
    ports,
  );
  expect(opened).toEqual(ports.map(() => false));
});

describe('raw requests to the real program', () => {
  const hosted = (): string => new URL(origin).host;
  const port = (): string => new URL(origin).port;
  const evil = (): string => `evil.example:${port()}`;
  const token = (): string => new URL(host.address).searchParams.get('token') ?? '';

  const CASES: readonly (readonly [string, number, () => Record<string, string | undefined>])[] = [
    ['another name', 421, () => ({ host: evil(), cookie })],
    [
      'a name rebound to our address, with its own origin',
      421,
      () => ({ host: evil(), origin: `http://${evil()}`, cookie }),
    ],
    ['the name without the port', 421, () => ({ host: '127.0.0.1', cookie })],
    ['another port', 421, () => ({ host: '127.0.0.1:1', cookie })],
    ['a name that ends in a dot', 421, () => ({ host: `localhost.:${port()}`, cookie })],
    ['an empty Host', 421, () => ({ host: '', cookie })],
    ['no Host', 421, () => ({ host: undefined, cookie })],
    ['no cookie', 401, () => ({ host: hosted(), origin: undefined })],
    ['a cookie of another value', 401, () => ({ host: hosted(), cookie: cookie.replace(/=.*/, '=guess') })],
    ['a wrong Bearer', 401, () => ({ host: hosted(), authorization: 'Bearer guess' })],
    ['another origin', 403, () => ({ host: hosted(), origin: 'http://evil.example', cookie })],
    ['our other host name as origin', 403, () => ({ host: hosted(), origin: `http://localhost:${port()}`, cookie })],
    ['origin null', 403, () => ({ host: hosted(), origin: 'null', cookie })],
    ['Sec-Fetch-Site of another site', 403, () => ({ host: hosted(), 'sec-fetch-site': 'cross-site', cookie })],
    ['Sec-Fetch-Site of another port', 403, () => ({ host: hosted(), 'sec-fetch-site': 'same-site', cookie })],
  ];

  test.each(CASES)('raw request or upgrade with %s → %i', async (_what, status, headers) => {
    const given = headers();
    expect(await raw(port(), 'GET', '/', given)).toBe(status);
    // Requests that must prove their origin carry our own one, so that the refusal has another cause.
    const proven = 'origin' in given && given.origin !== undefined ? given : { ...given, origin };
    expect(await raw(port(), 'POST', '/export', proven)).toBe(status);
    expect(await upgrade(port(), proven)).toBe(status);
  });

  test('raw request: two Host headers → refused', async () => {
    const answer = await rawText(
      port(),
      `GET / HTTP/1.1\r\nHost: ${hosted()}\r\nHost: ${evil()}\r\nCookie: ${cookie}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 4(21|00) /);
  });

  test('raw requests: right host, origin and token → answered', async () => {
    const right = { host: hosted(), origin, cookie };
    expect(await raw(port(), 'GET', '/', right)).toBe(200);
    expect(await raw(port(), 'POST', '/export', right)).toBe(200);
    expect(await upgrade(port(), right)).toBe(101);
    expect(await raw(port(), 'POST', '/export', { host: hosted(), authorization: `Bearer ${token()}` })).toBe(200);
  });

  test('token in the address: right → opens only /; wrong → refused', async () => {
    const own = { host: hosted() };
    expect(await raw(port(), 'GET', `/?token=${token()}`, own)).toBe(303);
    expect(await raw(port(), 'GET', '/?token=guess', own)).toBe(401);
    expect(await raw(port(), 'GET', '/?token=', own)).toBe(401);
    expect(await raw(port(), 'GET', `/?token=${token().slice(1)}`, own)).toBe(401);
    expect(await raw(port(), 'POST', `/?token=${token()}`, { ...own, origin })).toBe(401);
    expect(await raw(port(), 'GET', `${script}?token=${token()}`, own)).toBe(401);
    expect(await raw(port(), 'GET', `/?token=${token()}`, { host: evil() })).toBe(421);
  });
});

describe('the printed address', () => {
  test('address: opened again in the same browser → dashboard, no token left in it', async () => {
    const again = await context.newPage();
    await again.goto(host.address);
    expect(new URL(again.url()).search).toBe('');
    expect(await dashboardOf(again).leader()).toBe(await dashboard.leader());
    await again.close();
  });

  test('address: opened in a fresh browser profile → dashboard', async () => {
    const fresh = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
    const visit = await fresh.newPage();
    await visit.goto(host.address);
    expect(await dashboardOf(visit).leader()).toBe(await dashboard.leader());
    await fresh.close();
  });

  test('address: wrong or missing token → a sentence that says what to do, no dashboard', async () => {
    const fresh = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
    const visit = await fresh.newPage();
    for (const address of [`${origin}/?token=guess`, `${origin}/`]) {
      const response = await visit.goto(address);
      expect(response?.status()).toBe(401);
      await visit.getByText('Open the address that Raft Lab printed').waitFor();
      expect(await visit.getByTestId('sentence').count()).toBe(0);
    }
    expect(await fresh.cookies()).toEqual([]);
    await fresh.close();
  });
});

test('cluster: after all refused requests → unharmed, no action recorded, same leader', async () => {
  expect(await unharmed()).toContain('5 of 5 up');
  const events = await dashboard.exported();
  const isAction = /Ordered$|^PaceChanged$|^CommandInvoked$|^ServerExited$/;
  expect(events.filter(({ event }) => isAction.test(event))).toEqual([]);
  expect(events.filter(({ event, reason }) => event === 'MessageDropped' && reason === 'malformed')).toEqual([]);
  // Three exports succeeded, all of them ours: one by the page and two raw requests with the right token.
  expect(events.filter(({ event }) => event === 'RunExported')).toHaveLength(3);
});

/** Returns every port on which our programs listen, except the web host's. */
async function innerPorts(): Promise<readonly number[]> {
  const children = processesOf(host.runs().at(-1) ?? '').map(({ pid }) => pid);
  const told = [...children, host.process.pid ?? 0].flatMap((pid) => [...listeningPorts(pid)]);
  const inner = told.filter((port) => String(port) !== new URL(origin).port);
  // Five servers, the network process and the lab's control listener.
  expect(inner).toHaveLength(7);
  return inner;
}

type Headers = Readonly<Record<string, string | undefined>>;

function given(headers: Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Returns the status of a request with exactly these headers. */
async function raw(port: string, method: string, path: string, headers: Headers): Promise<number> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path, headers: given(headers), setHost: false, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
  response.resume();
  return response.statusCode ?? 0;
}

/** Returns the status of an upgrade request for /lab with exactly these headers; 101 when it was accepted. */
async function upgrade(port: string, headers: Headers): Promise<number> {
  const lines = Object.entries(given(headers)).map(([name, value]) => `${name}: ${value}`);
  const text = await rawText(
    port,
    [
      'GET /lab HTTP/1.1',
      ...lines,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
      '',
      '',
    ].join('\r\n'),
  );
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
}

/** Sends the text and returns the first bytes of the answer. */
function rawText(port: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('end', () => reject(new Error('hung up without an answer')));
  });
}
