/** The control channel: every valid message survives encoding, and every other text is refused with a sentence. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  lengthsOf,
  PACES,
  type PaceName,
  TIMING_FIELDS,
  TIMING_LIMITS,
  type Timing,
} from '../../../src/core/vocabulary/index.ts';
import {
  type ControlUp,
  decodeControlUp,
  decodeNetworkRequest,
  decodeServerRequest,
  encodeControl,
  isProblem,
  LONG_REORDERING,
  type NetworkRequest,
  type NetworkSpec,
  parseNetworkSpec,
  parseServerSpec,
  type ServerRequest,
  type ServerSpec,
} from '../../../src/core/wire/index.ts';
import { checkProperty } from '../../helpers/property.ts';

const secret = 'a-secret-of-at-least-16';
const serverSpec: ServerSpec = {
  runId: '2026-11-22-a1',
  secret,
  server: 'S2',
  servers: ['S1', 'S2', 'S3'],
  life: 1,
  mustExist: false,
  folder: '/somewhere/servers/S2',
  durability: 'fsync',
  flags: { preVote: false, checkQuorum: false, noop: false },
  electionTicks: 15,
  heartbeatTicks: 5,
  tickMs: 10,
  seed: 7,
  controlUrl: 'ws://127.0.0.1:4000',
  networkUrl: 'ws://127.0.0.1:4001',
  originNs: '-12345678901234567',
};
const networkSpec: NetworkSpec = {
  ...{ runId: 'r1', secret, servers: ['S1', 'S2'], controlUrl: 'ws://127.0.0.1:4000', originNs: '0' },
  ...{ life: 2, hopDelayMs: 200, tickMs: 100, electionTicks: 15, seed: 7, port: 4001 },
};
const telemetry = {
  ...{ rssBytes: 1, heapBytes: 2, cpuUs: 3, uptimeMs: 4.5, ticks: 5, missedTicks: 0, tickLagMs: 0.25 },
  ...{ electionElapsed: 1, electionTimeout: 17, lastWriteMs: 0.4, writes: 9 },
};
const event = { timeUs: 5, nseq: 1, life: 1, event: 'VoteGranted', term: 3, extra: [1, { deep: null }] };

const up: readonly ControlUp[] = [
  { type: 'hello', program: 'server', pid: 77, life: 1, version: 1 },
  { type: 'ready', port: 4711 },
  { type: 'events', events: [event], coalesced: 0 },
  { type: 'events', events: [], coalesced: 12 },
  { type: 'telemetry', telemetry },
  { type: 'answer', id: 1, ok: true, value: { index: 4, items: [{ key: 'x' }] } },
  { type: 'answer', id: 1, ok: true, value: null },
  { type: 'answer', id: 2, ok: false, reason: 'busy' },
];
const serverRequests: readonly ServerRequest[] = [
  { type: 'go' },
  { type: 'pace', tickMs: 300 },
  { type: 'timing', electionTicks: 15, heartbeatTicks: 5 },
  { type: 'timing', electionTicks: 15, electionMaxTicks: 18, heartbeatTicks: 5 },
  { type: 'start', command: { op: 'set', key: 'x', value: '5' } },
  { type: 'start', command: null },
  { type: 'state' },
  { type: 'store', limit: 50 },
  { type: 'store', limit: 50, after: '' },
  { type: 'die-in-write' },
];
const networkRequests: readonly NetworkRequest[] = [
  { type: 'route', server: 'S1', life: 2, port: 4002 },
  { type: 'route', server: 'S1', life: 2, port: null },
  { type: 'policies', links: [{ from: 'S1', to: 'C2', policy: { mode: 'cut' } }] },
  { type: 'policies', links: [{ from: 'S1', to: 'S2', policy: { mode: 'hold' } }] },
  { type: 'policies', links: [{ from: 'S1', to: 'S2', policy: LONG_REORDERING }] },
  { type: 'policies', links: [] },
  { type: 'reset', links: [{ from: 'S1', to: 'S2' }] },
  { type: 'pace', hopDelayMs: 0, tickMs: 10 },
  { type: 'pace', hopDelayMs: 200, jitterMs: 20, lossPercent: 2.5, tickMs: 100, electionTicks: 15 },
];

test.each(up)('message to the lab: $type → decodes to itself', (message) => {
  expect(decodeControlUp(encodeControl(message))).toEqual(message);
});
test.each(serverRequests)('request to a server: $type → decodes to itself, refused by the network codec', (request) => {
  const message = { type: 'request', id: 3, request } as const;
  expect(decodeServerRequest(encodeControl(message))).toEqual(message);
  expect(decodeNetworkRequest(JSON.stringify({ ...message, request: { ...request, type: 'other' } }))).toHaveProperty(
    'problem',
  );
});
test.each(networkRequests)('request to the network process: $type → decodes to itself', (request) => {
  const message = { type: 'request', id: 3, request } as const;
  expect(decodeNetworkRequest(encodeControl(message))).toEqual(message);
});
test('specs: as JSON → parse to themselves', () => {
  expect(parseServerSpec(JSON.stringify(serverSpec))).toEqual(serverSpec);
  expect(parseNetworkSpec(JSON.stringify(networkSpec))).toEqual(networkSpec);
  const { port: _port, ...withoutPort } = networkSpec;
  expect(parseNetworkSpec(JSON.stringify(withoutPort))).toEqual(withoutPort);
});

test.each(Object.keys(PACES) as PaceName[])('longest timing that a run may have at pace %s → accepted', (pace) => {
  const most = TIMING_FIELDS.map((name) => [name, TIMING_LIMITS[name].most] as const);
  const timing = Object.fromEntries(most) as unknown as Timing;
  const { electionTicks, electionMaxTicks, heartbeatTicks } = timing;
  const links = { ...lengthsOf(timing, pace), electionTicks };
  const toNetwork = { type: 'request', id: 1, request: { type: 'pace', ...links } } as const;
  const toServer = {
    ...{ type: 'request', id: 1 },
    request: { type: 'timing', electionTicks, electionMaxTicks, heartbeatTicks },
  } as const;
  expect(decodeNetworkRequest(encodeControl(toNetwork))).toEqual(toNetwork);
  expect(decodeServerRequest(JSON.stringify(toServer))).toEqual(toServer);
  const spec = { ...networkSpec, ...links };
  expect(parseNetworkSpec(JSON.stringify(spec))).toEqual(spec);
});

describe('invalid control messages', () => {
  const without = (spec: object, field: string): object =>
    Object.fromEntries(Object.entries(spec).filter(([name]) => name !== field));

  test.each(Object.keys(serverSpec))('server spec without %s → refused', (field) => {
    expect(parseServerSpec(JSON.stringify(without(serverSpec, field)))).toHaveProperty('problem');
  });
  test.each([
    { server: 'S9' },
    { servers: ['S2', 'S2'] },
    { servers: [] },
    { controlUrl: 'ws://example.org:4000' },
    { controlUrl: 'ws://127.0.0.1:4000/elsewhere' },
    { life: 0 },
    { tickMs: 0 },
    { durability: 'none' },
    { secret: '' },
    { secret: 'with\r\nnewline-0123456789' },
    { runId: '../../etc' },
    { folder: '' },
    { more: 1 },
  ])('server spec with %j → refused', (change) => {
    expect(parseServerSpec(JSON.stringify({ ...serverSpec, ...change }))).toHaveProperty('problem');
  });
  test('server spec: invalid → problem without the secret', () => {
    const leaky = [{ ...serverSpec, secret: `${secret}!` }, { ...serverSpec, life: secret }, secret];
    for (const spec of leaky) expect(JSON.stringify(parseServerSpec(JSON.stringify(spec)))).not.toContain(secret);
  });

  test.each(['timeUs', 'nseq', 'life', 'event'])('event without %s → refused', (field) => {
    const text = JSON.stringify({ type: 'events', events: [event, without(event, field)], coalesced: 0 });
    expect(decodeControlUp(text)).toHaveProperty('problem');
  });
  test.each(['seq', 'source', 'late'])('event with %s, which only the recorder sets → refused', (field) => {
    const text = JSON.stringify({ type: 'events', events: [{ ...event, [field]: 1 }], coalesced: 0 });
    expect(decodeControlUp(text)).toHaveProperty('problem');
  });
  test.each([
    { type: 'ready', port: 0 },
    { type: 'ready', port: 70_000 },
    { type: 'answer', id: 1, ok: true },
    { type: 'answer', id: 1, ok: false, value: 1 },
    { type: 'events', events: {}, coalesced: 0 },
    { type: 'goodbye' },
    null,
    7,
  ])('message to the lab: %j → refused', (message) => {
    expect(decodeControlUp(JSON.stringify(message))).toHaveProperty('problem');
  });

  test('control codec: any text → refused, or decoded without loss; never throws', () => {
    const known = [...up, ...serverRequests, ...networkRequests, serverSpec, networkSpec].map((value) =>
      JSON.stringify(value),
    );
    const mutated = fc
      .tuple(fc.constantFrom(...known), fc.nat(60), fc.nat(5), fc.string({ maxLength: 4 }))
      .map(([text, at, cut, insert]) => text.slice(0, at) + insert + text.slice(at + cut));
    checkProperty(
      'test/core/wire/control-codec.test.ts',
      fc.property(fc.oneof(fc.string(), fc.json(), mutated), (text) => {
        for (const decode of [
          decodeControlUp,
          decodeServerRequest,
          decodeNetworkRequest,
          parseServerSpec,
          parseNetworkSpec,
        ]) {
          const decoded = decode(text);
          if (!isProblem(decoded)) expect(decoded).toEqual(JSON.parse(text));
        }
      }),
      2000,
    );
  });
});
