/** The handshake: it accepts only the programs of this run, and no browser. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkHello, helloHeaders, loopbackHosts } from '../../../src/core/wire/index.ts';
import { checkProperty } from '../../helpers/property.ts';

const secret = 'test-secret-0123456789';
const expected = { secret, runId: 'run-1', hosts: loopbackHosts(4711) };
const good = { host: '127.0.0.1:4711', ...helloHeaders({ runId: 'run-1', secret, from: 'S1', to: 'S2', life: 3 }) };

test('handshake: valid headers → accepted with caller, receiver and life', () => {
  expect(checkHello(good, expected)).toEqual({ ok: true, from: 'S1', to: 'S2', life: 3 });
  expect(checkHello({ ...good, host: 'localhost:4711' }, expected)).toMatchObject({ ok: true });
});

describe('invalid handshakes', () => {
  test.each([
    [403, { origin: 'http://127.0.0.1:4711' }],
    [403, { origin: 'null' }],
    [403, { origin: '' }],
    [421, { host: undefined }],
    [421, { host: '' }],
    [421, { host: ':4711' }],
    [421, { host: '127.0.0.1' }],
    [421, { host: '127.0.0.1:4712' }],
    [421, { host: 'localhost6:4711' }],
    [421, { host: '127.0.0.1:4711.evil.example' }],
    [421, { host: 'evil.example:4711' }],
    [421, { host: '[::1]:4711' }],
    [401, { authorization: undefined }],
    [401, { authorization: '' }],
    [401, { authorization: secret }],
    [401, { authorization: 'Bearer ' }],
    [401, { authorization: `Bearer ${secret}x` }],
    [401, { authorization: `Bearer ${secret.slice(0, -1)}` }],
    [401, { authorization: `bearer ${secret}` }],
    [426, { 'x-raft-lab-version': undefined }],
    [426, { 'x-raft-lab-version': '2' }],
    [426, { 'x-raft-lab-version': '1, 1' }],
    [409, { 'x-raft-lab-run': 'run-2' }],
    [409, { 'x-raft-lab-run': undefined }],
    [400, { 'x-raft-lab-from': 'S0' }],
    [400, { 'x-raft-lab-from': 'S1, S3' }],
    [400, { 'x-raft-lab-to': 'S1' }],
    [400, { 'x-raft-lab-to': undefined }],
    [400, { 'x-raft-lab-life': '0' }],
    [400, { 'x-raft-lab-life': '1e3' }],
    [400, { 'x-raft-lab-life': undefined }],
  ])('handshake: refused with status %i for headers %j', (status, change) => {
    expect(checkHello({ ...good, ...change }, expected)).toEqual({ ok: false, status, reason: expect.any(String) });
  });

  test('handshake: listener without a secret → every caller refused', () => {
    const none = { ...good, authorization: 'Bearer ' };
    expect(checkHello(none, { ...expected, secret: '' })).toMatchObject({ ok: false, status: 401 });
  });

  test('handshake: header given twice, which some libraries make a list → refused', () => {
    expect(checkHello({ ...good, 'x-raft-lab-from': ['S1', 'S3'] }, expected)).toMatchObject({ ok: false });
  });

  test('handshake: any headers → never throws, accepted only with the secret', () => {
    checkProperty(
      'test/core/wire/hello.test.ts',
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(good), 'origin', '__proto__'), fc.string()),
        (headers) => {
          const outcome = checkHello({ ...good, authorization: 'Bearer no', ...headers }, expected);
          expect(outcome.ok).toBe(false);
        },
      ),
    );
  });

  test('handshake: wrong secret → reason without the right one', () => {
    expect(JSON.stringify(checkHello({ ...good, authorization: 'Bearer no' }, expected))).not.toContain(secret);
  });
});
