/** The gate of the browser door: the admitted requests, and every way in which another web page could try to get in. */
import { describe, expect, test } from 'vitest';
import { judge, type Visit } from '../../src/web-host/gate.ts';
import { createSecrets } from '../../src/web-host/secrets.ts';

const secrets = createSecrets(() => 0);
const door = { port: 5000, secrets };
const cookie = `raft-lab-5000=${secrets.cookie}`;
const bearer = `Bearer ${secrets.launchToken}`;
const own = 'http://127.0.0.1:5000';

function visit(kind: Visit['kind'], headers: Readonly<Record<string, string>>): Visit {
  const all = { host: '127.0.0.1:5000', ...headers };
  return { kind, headers: all, rawHeaders: Object.entries(all).flat() };
}

describe('admitted requests', () => {
  const cases: readonly (readonly [string, Visit])[] = [
    ['a page with the cookie', visit('read', { cookie })],
    ['the same by the name localhost', visit('read', { host: 'localhost:5000', cookie })],
    ['a cookie among others', visit('read', { cookie: `theme=dark; ${cookie}; raft-lab-5001=x` })],
    ['an upgrade from our own page', visit('act', { cookie, origin: own, 'sec-fetch-site': 'same-origin' })],
    ['a program with the launch token', visit('act', { authorization: bearer })],
    ['an address typed by hand', visit('read', { cookie, 'sec-fetch-site': 'none' })],
  ];
  test.each(cases)('%s', (_name, came) => {
    expect(judge(came, door)).toBeNull();
  });
});

describe('refused requests', () => {
  const cases: readonly (readonly [string, Visit, number, string])[] = [
    ['no cookie', visit('read', {}), 401, 'no-token'],
    ['a wrong cookie', visit('read', { cookie: 'raft-lab-5000=guess' }), 401, 'no-token'],
    ['the cookie of another port', visit('read', { cookie: `raft-lab-5001=${secrets.cookie}` }), 401, 'no-token'],
    [
      'the launch token as a cookie',
      visit('read', { cookie: `raft-lab-5000=${secrets.launchToken}` }),
      401,
      'no-token',
    ],
    ['the cookie as a token', visit('read', { authorization: `Bearer ${secrets.cookie}` }), 401, 'no-token'],
    ['a rebound name', visit('read', { host: 'evil.example:5000', cookie }), 421, 'wrong-host'],
    ['a name that begins like ours', visit('read', { host: '127.0.0.1:5000.evil.example', cookie }), 421, 'wrong-host'],
    ['an empty name', visit('read', { host: ':5000', cookie }), 421, 'wrong-host'],
    ['an empty Host', visit('read', { host: '', cookie }), 421, 'wrong-host'],
    ['no port', visit('read', { host: '127.0.0.1', cookie }), 421, 'wrong-host'],
    ['another port', visit('read', { host: '127.0.0.1:5001', cookie }), 421, 'wrong-host'],
    ['another loopback name', visit('read', { host: 'localhost6:5000', cookie }), 421, 'wrong-host'],
    ['upper case', visit('read', { host: 'LOCALHOST:5000', cookie }), 421, 'wrong-host'],
    ['another site', visit('read', { cookie, 'sec-fetch-site': 'cross-site' }), 403, 'other-site'],
    ['a sister site', visit('read', { cookie, 'sec-fetch-site': 'same-site' }), 403, 'other-site'],
    ['another origin', visit('act', { cookie, origin: 'http://evil.example' }), 403, 'other-origin'],
    ['another port’s origin', visit('act', { cookie, origin: 'http://127.0.0.1:8080' }), 403, 'other-origin'],
    ['another address as origin', visit('act', { cookie, origin: 'http://127.0.0.2:5000' }), 403, 'other-origin'],
    ['our other name as origin', visit('act', { cookie, origin: 'http://localhost:5000' }), 403, 'other-origin'],
    ['a page from a file', visit('act', { cookie, origin: 'null' }), 403, 'other-origin'],
    ['https', visit('act', { cookie, origin: 'https://127.0.0.1:5000' }), 403, 'other-origin'],
    ['an act without an origin', visit('act', { cookie }), 403, 'no-origin'],
    ['a wrong token without an origin', visit('act', { authorization: 'Bearer guess' }), 403, 'no-origin'],
    ['an upgrade from our page with no cookie', visit('act', { origin: own }), 401, 'no-token'],
  ];
  test.each(cases)('%s', (_name, came, status, reason) => {
    expect(judge(came, door)).toEqual({ status, reason });
  });

  test('gate: no Host header, or two of them → refused', () => {
    const none: Visit = { kind: 'read', headers: { cookie }, rawHeaders: ['Cookie', cookie] };
    expect(judge(none, door)).toMatchObject({ status: 421 });
    const two: Visit = {
      ...visit('read', { cookie }),
      rawHeaders: ['Host', '127.0.0.1:5000', 'host', 'evil.example', 'Cookie', cookie],
    };
    expect(judge(two, door)).toMatchObject({ status: 421 });
  });
});

test('gate on port 80: Host without a port → admitted', () => {
  const onHttpPort = { port: 80, secrets };
  const headers = { host: '127.0.0.1', origin: 'http://127.0.0.1', cookie: `raft-lab-80=${secrets.cookie}` };
  const came: Visit = { kind: 'act', headers, rawHeaders: Object.entries(headers).flat() };
  expect(judge(came, onHttpPort)).toBeNull();
  expect(judge(visit('read', { host: '127.0.0.1:80', cookie }), onHttpPort)).toMatchObject({ status: 421 });
});

describe('the secrets', () => {
  test('secrets: launch token used twice → admitted; ticket → once', () => {
    const own = createSecrets(() => 0);
    const ticket = own.issueTicket();
    expect([own.admits(own.launchToken), own.admits(own.launchToken)]).toEqual([true, true]);
    expect([own.admits(ticket), own.admits(ticket)]).toEqual([true, false]);
    expect(own.admits(own.cookie)).toBe(false);
    expect(own.admits('')).toBe(false);
  });

  test('ticket: older than a minute → refused', () => {
    let now = 0;
    const own = createSecrets(() => now);
    const ticket = own.issueTicket();
    now = 60_001;
    expect(own.admits(ticket)).toBe(false);
  });

  test('secrets: created → 256 bits each, all different', () => {
    const all = [secrets.launchToken, secrets.cookie, secrets.issueTicket(), secrets.issueTicket()];
    expect(new Set(all).size).toBe(all.length);
    for (const secret of all) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  });
});
