/** The browser door over real sockets: admission, refusals, export, upload, and the maximum number of pages. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { EXPORTS } from '../../src/core/catalogue/index.ts';
import { safeFileName } from '../../src/web-host/export-route.ts';
import { MAX_CLIENTS, MAX_FRAME_BYTES, SUBPROTOCOL, serve, type WebHost } from '../../src/web-host/serve.ts';
import { createFakeLab, type FakeLab, modePush } from '../helpers/fake-lab.ts';

let folder: string;
let lab: FakeLab;
let host: WebHost;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-host-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
  lab = createFakeLab();
  host = await serve({ lab, rendererFolder: folder, port: 0 });
});

afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends a request with `node:http`, because fetch does not let a test set Host and Origin. */
function get(path: string, headers: OutgoingHttpHeaders = {}, method = 'GET', content = ''): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: host.port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asking.on('error', reject);
    asking.end(content);
  });
}

const own = (): string => `http://127.0.0.1:${host.port}`;

async function enter(address = host.address): Promise<string> {
  const got = await get(address.slice(own().length));
  return String(got.headers['set-cookie']).split(';')[0] ?? '';
}

/** Resolves with the status of a refused upgrade, or with the open socket. */
function dial(path: string, options: ClientOptions, protocol = SUBPROTOCOL): Promise<number | WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, protocol, options);
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_asked, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
  });
}

describe('admission', () => {
  test('tunnel: from another port → refused, with the command for the same port', async () => {
    const got = await get('/', { host: '127.0.0.1:9999' });
    expect(got.status).toBe(421);
    expect(got.body).toContain(`ssh -L ${host.port}:127.0.0.1:${host.port}`);
  });

  test('printed address: opened → cookie and clean address; cookie → page', async () => {
    const got = await get(host.address.slice(own().length));
    expect([got.status, got.headers.location]).toEqual([303, '/']);
    expect(String(got.headers['set-cookie'])).toMatch(
      new RegExp(`^raft-lab-${host.port}=[A-Za-z0-9_-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
    const page = await get('/', { cookie: await enter() });
    expect(page.status).toBe(200);
    expect(page.body).toMatch(/content="[A-Za-z0-9+/]{22}=="/);
    expect(page.headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${host.port}`);
  });

  test('printed address: opened twice → admitted twice; one-time address → admitted once', async () => {
    expect(await enter()).toBe(await enter());
    const once = host.oneTimeAddress().slice(own().length);
    expect((await get(once)).status).toBe(303);
    expect((await get(once)).status).toBe(401);
  });

  test('request: no token → refused, whether the file exists or not', async () => {
    const answers = await Promise.all(
      ['/', '/assets/x.js', '/?token=guess', '/export', '/lab'].map((path) => get(path)),
    );
    expect(answers.map((got) => got.status)).toEqual([401, 401, 401, 401, 401]);
    for (const got of answers) {
      expect(got.headers['access-control-allow-origin']).toBeUndefined();
      expect(got.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('token: another path, site or host name → refused', async () => {
    const path = host.address.slice(own().length);
    expect((await get(path.replace('/?', '/index.html?'))).status).toBe(401);
    expect((await get(path, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await get(path, { host: `evil.example:${host.port}` })).status).toBe(421);
    expect((await get(path, { host: `:${host.port}` })).status).toBe(421);
  });

  test.each(['', 'Host:\r\n', 'Host: 127.0.0.1\r\n'])(
    'request: Host line %j → refused like a wrong one',
    async (line) => {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(host.port, '127.0.0.1', () =>
          socket.write(`GET / HTTP/1.1\r\n${line}Connection: close\r\n\r\n`),
        );
        let text = '';
        socket.on('data', (chunk) => (text += chunk));
        socket.on('close', () => resolve(text));
        socket.on('error', reject);
      });
      expect(answer).toMatch(/^HTTP\/1\.1 421 /);
    },
  );

  test('request: path outside, odd path or method → refused', async () => {
    const cookie = await enter();
    expect((await get('/..%2f..%2fetc%2fpasswd.json', { cookie })).status).toBe(403);
    expect((await get('//evil.example/', { cookie })).status).toBe(400);
    expect((await get('http://evil.example/', { cookie })).status).toBe(400);
    expect((await get('/', { cookie, origin: own() }, 'POST')).status).toBe(405);
    expect((await get('/', { cookie, origin: own() }, 'OPTIONS')).status).toBe(405);
    expect((await get('/', { cookie }, 'HEAD')).body).toBe('');
  });
});

describe('the export', () => {
  test('export: our own page → download of the whole run; others → refused', async () => {
    const cookie = await enter();
    const got = await get('/export', { cookie, origin: own(), 'sec-fetch-site': 'same-origin' }, 'POST');
    expect([got.status, got.body]).toEqual([200, '{"seq":1}\n{"seq":2}\n']);
    expect(got.headers['content-disposition']).toBe('attachment; filename="run-1.jsonl"');
    expect((await get('/export', { cookie }, 'POST')).status).toBe(403);
    expect((await get('/export', { cookie, origin: 'http://evil.example' }, 'POST')).status).toBe(403);
    expect((await get('/export', { cookie })).status).toBe(405);
  });

  test('export: each format by name → its content type; another name → 400', async () => {
    const headers = { cookie: await enter(), origin: own() };
    for (const [format, { mime }] of Object.entries(EXPORTS)) {
      const got = await get(`/export?format=${format}`, headers, 'POST');
      expect([got.status, got.headers['content-type']]).toEqual([200, `${mime}; charset=utf-8`]);
    }
    expect((await get('/export?format=toString', headers, 'POST')).status).toBe(400);
  });

  test('export: lab refuses → its error as JSON', async () => {
    const error = { code: 'no-run', params: {}, message: 'no run is open' } as const;
    lab.exported = async () => ({ ok: false, error });
    const got = await get('/export', { cookie: await enter(), origin: own() }, 'POST');
    expect([got.status, JSON.parse(got.body)]).toEqual([409, { error }]);
  });

  test('export: stream breaks → connection broken, not a whole file', async () => {
    const broken = Readable.from(
      (async function* () {
        yield '{"seq":1}\n';
        throw new Error('disk gone');
      })(),
    );
    lab.exported = async () => ({ ok: true, value: { fileName: 'run.jsonl', stream: broken } });
    await expect(get('/export', { cookie: await enter(), origin: own() }, 'POST')).rejects.toThrow();
  });

  test('export: strange run name → safe in header and folder', () => {
    expect(safeFileName('run-1.jsonl')).toBe('run-1.jsonl');
    expect(safeFileName('../../a"b\r\nSet-Cookie: x.jsonl')).toBe('a-b-Set-Cookie-x.jsonl');
    expect(safeFileName('...')).toBe('run.jsonl');
    expect(safeFileName('x'.repeat(300))).toHaveLength(120);
  });
});

describe('upload of a recording', () => {
  const RUN = '{"seq":1}\n'.repeat(50_000);

  test('upload: by our own page → opened by the lab, under the name without its path', async () => {
    const cookie = await enter();
    lab.answer = async () => ({ ok: true, value: { mode: 'past' } });
    const path = `/open?name=${encodeURIComponent('../C:\\a b/考试.jsonl')}`;
    const got = await get(path, { cookie, origin: own(), 'sec-fetch-site': 'same-origin' }, 'POST', RUN);
    expect([got.status, JSON.parse(got.body)]).toEqual([200, { mode: 'past' }]);
    expect(lab.opened).toEqual([`考试.jsonl: ${RUN}`]);
    await get('/open?name=agreed.jsonl&endLive=1', { cookie, origin: own() }, 'POST', RUN);
    expect(lab.opened.at(-1)).toBe(`agreed.jsonl, endLive: ${RUN}`);
  });

  test('upload: from another origin → refused, and nothing reaches the lab', async () => {
    const cookie = await enter();
    const statuses = await Promise.all(
      [
        {},
        { cookie },
        { origin: own() },
        { cookie, origin: 'http://evil.example' },
        { cookie, origin: own(), 'sec-fetch-site': 'cross-site' },
        { cookie, origin: own(), host: `evil.example:${host.port}` },
      ].map(async (headers) => (await get('/open?name=run.jsonl', headers, 'POST', RUN)).status),
    );
    expect(statuses).toEqual([403, 403, 401, 403, 403, 421]);
    expect((await get('/open', { cookie })).status).toBe(404);
    expect(lab.opened).toEqual([]);
  });

  test('upload: page closes in the middle → the upload fails, and the host continues', async () => {
    const headers = { cookie: await enter(), origin: own(), 'content-length': String(RUN.length) };
    const told = new Promise<string>((resolve) => {
      lab.openBytes = async ({ bytes }) => {
        try {
          for await (const _ of bytes) asking.destroy();
          resolve('whole');
        } catch {
          resolve('broken off');
        }
        return { ok: false, error: { code: 'lab-failed', params: {}, message: 'broken off' } };
      };
    });
    const asking = request({
      host: '127.0.0.1',
      port: host.port,
      path: '/open?name=run.jsonl',
      method: 'POST',
      agent: false,
      headers,
    });
    asking.on('error', () => undefined).write(RUN.slice(0, 100));
    expect(await told).toBe('broken off');
    expect((await get('/', { cookie: headers.cookie })).status).toBe(200);
  });

  test('upload: lab cannot open it → error as JSON; too large → refused unread', async () => {
    const error = { code: 'not-a-recording', params: { file: 'run.jsonl' }, message: 'no' } as const;
    lab.answer = async () => ({ ok: false, error });
    const headers = { cookie: await enter(), origin: own() };
    const got = await get('/open?name=run.jsonl', headers, 'POST', RUN);
    expect([got.status, JSON.parse(got.body)]).toEqual([409, { error }]);
    const asking = request({
      host: '127.0.0.1',
      port: host.port,
      path: '/open?name=run.jsonl',
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': String(2 ** 40) },
    });
    asking.flushHeaders();
    const status = await new Promise((resolve) => asking.once('response', (answer) => resolve(answer.statusCode)));
    asking.on('error', () => undefined).destroy();
    expect([status, lab.opened]).toEqual([409, [`run.jsonl: ${RUN}`]]);
  });
});

describe('the socket', () => {
  test('upgrade: our page → raft-lab.v1, mode first', async () => {
    const opened = await dial('/lab', { headers: { cookie: await enter() }, origin: own() });
    if (typeof opened === 'number') throw new Error(`refused with ${opened}`);
    expect(opened.protocol).toBe('raft-lab.v1');
    const answered = new Promise((resolve) => opened.on('message', (data) => resolve(JSON.parse(String(data)))));
    opened.send(JSON.stringify({ id: 1, name: 'ready', ask: { autoStart: true } }));
    expect(await answered).toEqual({ id: 1, result: { ok: true, value: { mode: 'idle' } } });
    expect(lab.asked).toEqual([{ name: 'ready', ask: { autoStart: true } }]);
    expect(lab.listeners.size).toBe(1);
    opened.terminate();
  });

  test('socket: opened → first frame is the mode', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/lab`, SUBPROTOCOL, {
      headers: { authorization: `Bearer ${new URL(host.address).searchParams.get('token')}` },
    });
    const first = await new Promise((resolve, reject) => {
      socket.on('message', (data) => resolve(JSON.parse(String(data))));
      socket.on('error', reject);
    });
    expect(first).toEqual({ push: modePush });
    socket.terminate();
  });

  test('upgrade: others → refused before it', async () => {
    const cookie = await enter();
    const statuses = await Promise.all([
      dial('/lab', { origin: own() }),
      dial('/lab', { headers: { cookie } }),
      dial('/lab', { headers: { cookie }, origin: 'http://evil.example' }),
      dial('/lab', { headers: { cookie }, origin: `http://127.0.0.2:${host.port}` }),
      dial('/lab', {
        headers: { cookie, host: `evil.example:${host.port}` },
        origin: `http://evil.example:${host.port}`,
      }),
      dial('/lab', { headers: { cookie, host: `:${host.port}` }, origin: own() }),
      dial('/other', { headers: { cookie }, origin: own() }),
      dial('/lab', { headers: { cookie }, origin: own() }, 'another.v1'),
      dial('/lab', { headers: { authorization: 'Bearer guess' } }),
    ]);
    expect(statuses).toEqual([401, 403, 403, 403, 421, 421, 404, 400, 403]);
    expect(lab.calls).toEqual([]);
    // A page asks this to find out whether the lab was launched again.
    expect((await get('/lab', {})).status).toBe(401);
    expect((await get('/lab', { cookie })).status).toBe(426);
  });

  test(`pages: number ${MAX_CLIENTS + 1} → refused; one leaves → admitted`, async () => {
    const cookie = await enter();
    const options: ClientOptions = { headers: { cookie }, origin: own() };
    const open = await Promise.all(Array.from({ length: MAX_CLIENTS }, () => dial('/lab', options)));
    expect(await dial('/lab', options)).toBe(503);
    expect((await get('/lab', { cookie })).status).toBe(503);
    const leaving = open[0] as WebSocket;
    await new Promise((resolve) => {
      leaving.on('close', resolve);
      leaving.close();
    });
    const again = await dial('/lab', options);
    expect(typeof again).toBe('object');
    for (const socket of [...open, again]) (socket as WebSocket).terminate();
  });

  test('socket: frame over 1 MiB → connection ended', async () => {
    const opened = (await dial('/lab', { headers: { cookie: await enter() }, origin: own() })) as WebSocket;
    const code = await new Promise((resolve) => {
      opened.on('close', resolve);
      opened.send('x'.repeat(MAX_FRAME_BYTES + 1));
    });
    expect(code).toBe(1009);
  });

  test('host: closed → pages notified, port free', async () => {
    const opened = (await dial('/lab', { headers: { cookie: await enter() }, origin: own() })) as WebSocket;
    const code = new Promise((resolve) => opened.on('close', resolve));
    await host.close();
    expect(await code).toBe(1001);
    await expect(get('/')).rejects.toThrow(/ECONNREFUSED/);
  });

  test('host: closed, page does not answer → still ends', async () => {
    const socket = connect(host.port, '127.0.0.1');
    const head = [
      `GET /lab HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nOrigin: ${own()}\r\nCookie: ${await enter()}`,
      `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13`,
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`,
    ];
    const ended = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => socket.destroy());
    const opened = new Promise((resolve) => socket.once('data', resolve));
    socket.write(head.join('\r\n'));
    expect(String(await opened)).toMatch(/^HTTP\/1\.1 101 /);
    await host.close();
    await ended;
  });
});

test('port: taken → the system’s error', async () => {
  await expect(serve({ lab, rendererFolder: folder, port: host.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
