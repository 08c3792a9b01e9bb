/** Requests of clients and replies to them survive encoding, and a reply with missing or extra fields is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCommand } from '../../../src/core/vocabulary/index.ts';
import {
  type ClientReplyBody,
  type ClientRequestBody,
  decodeClientReply,
  decodeClientRequest,
  encodeClientReply,
  encodeClientRequest,
  encodeFrame,
  type FrameHeader,
  isProblem,
  readHeader,
} from '../../../src/core/wire/index.ts';
import { checkProperty } from '../../helpers/property.ts';
import { arbitraryCommand } from './arbitraries.ts';

const file = 'test/core/wire/client-codec.test.ts';
const stamp = { id: 'C1.1.1', from: 'C1', to: 'S2', life: 1, sentUs: 5 };
const positive = fc.integer({ min: 1, max: 1_000_000 });
const text = fc.string({ unit: 'binary', maxLength: 8 });
const set: ClientRequestBody = {
  ...{ type: 'command', session: 4, sequence: 2, command: { op: 'set', key: 'x', value: '5' } },
};

function open(frame: string): { header: FrameHeader; body: string } {
  const read = readHeader(frame);
  if (isProblem(read)) throw new Error(read.problem);
  return { header: read.header, body: frame.slice(read.bodyAt) };
}

const request = open(encodeClientRequest(set, stamp)).header;

const arbitraryRequest: fc.Arbitrary<ClientRequestBody> = fc.oneof(
  fc.constant({ type: 'open-session' as const }),
  fc.record({
    type: fc.constant('command' as const),
    session: positive,
    sequence: positive,
    command: arbitraryCommand,
  }),
);

const arbitraryReply: fc.Arbitrary<ClientReplyBody> = fc.oneof(
  fc.record({
    ok: fc.constant(true as const),
    index: positive,
    term: fc.nat(1000),
    result: fc.oneof(
      fc.record(
        { ok: fc.constant(true as const), value: fc.option(text), previous: fc.option(text), swapped: fc.boolean() },
        { requiredKeys: ['ok', 'value', 'previous'] },
      ),
      fc.record({ ok: fc.constant(false as const), reason: fc.constant('key-too-long' as const) }),
    ),
  }),
  fc.record(
    {
      ok: fc.constant(false as const),
      reason: fc.constantFrom('not-leader', 'busy', 'unknown', 'unknown-session', 'superseded', 'bad-request'),
      leaderId: fc.option(fc.constantFrom('S1', 'S9')),
      message: text,
    },
    { requiredKeys: ['ok', 'reason', 'leaderId'] },
  ),
);

test('client request: encoded → decodes to itself', () => {
  checkProperty(
    file,
    fc.property(arbitraryRequest, (body) => {
      const { header, body: bodyText } = open(encodeClientRequest(body, stamp));
      expect(decodeClientRequest(header, bodyText)).toEqual(body);
      expect(header).toMatchObject({
        kind: 'request',
        term: null,
        rpc: body.type === 'command' ? 'Command' : 'OpenSession',
      });
    }),
  );
});

test('client reply: encoded → decodes to itself, with the id of its request', () => {
  checkProperty(
    file,
    fc.property(arbitraryReply, (body) => {
      const reply = { id: 'S2.3.1', life: 3, sentUs: 9, term: 6, request };
      const { header, body: bodyText } = open(encodeClientReply(body, reply));
      expect(decodeClientReply(header, bodyText)).toEqual(body);
      expect(header).toMatchObject({ from: 'S2', to: 'C1', kind: 'reply', replyTo: 'C1.1.1', success: body.ok });
    }),
  );
});

test('opened session: as the result of OpenSession → accepted; of Command → refused', () => {
  const body: ClientReplyBody = { ok: true, index: 7, term: 2, result: { session: 7 } };
  const opening = open(encodeClientRequest({ type: 'open-session' }, stamp)).header;
  const stampOf = (header: FrameHeader) => ({ id: 'S2.3.1', life: 3, sentUs: 9, term: 2, request: header });
  const decode = (frame: string) => decodeClientReply(open(frame).header, open(frame).body);
  expect(decode(encodeClientReply(body, stampOf(opening)))).toEqual(body);
  expect(decode(encodeClientReply(body, stampOf(request)))).toHaveProperty('problem');
});

describe('invalid client frames', () => {
  const alter = (header: object, body: unknown): unknown => {
    const { header: altered, body: bodyText } = open(encodeFrame({ ...request, ...header }, body));
    return decodeClientRequest(altered, bodyText);
  };
  test.each([
    ['a body of another rpc', { rpc: 'OpenSession' }, set],
    ['session 0', {}, { ...set, session: 0 }],
    ['an unknown field', {}, { ...set, retry: true }],
    ['an unknown op', {}, { ...set, command: { op: 'flush' } }],
    ['an op inherited from Object', {}, { ...set, command: { op: 'constructor' } }],
    ['a number as value', {}, { ...set, command: { op: 'set', key: 'x', value: 5 } }],
    ['a missing value', {}, { ...set, command: { op: 'set', key: 'x' } }],
    ['a text instead of an object', {}, 'open-session'],
  ])('client request with %s → refused', (_what, header, body) => {
    expect(alter({}, set)).toEqual(set);
    expect(alter(header, body)).toHaveProperty('problem');
  });

  test('client header: field that clients may not send → refused', () => {
    const wrong = [
      { term: 3 },
      { kind: 'reply' },
      { rpc: 'AppendEntries' },
      { to: 'C2', from: 'C1' },
      { replyTo: 'S1.1.1' },
    ];
    for (const header of wrong)
      expect(readHeader(encodeFrame({ ...request, ...header } as FrameHeader, set))).toHaveProperty('problem');
  });

  test('client codec: any JSON → refused without throwing', () => {
    checkProperty(
      file,
      fc.property(fc.json(), (body) => {
        const reply = { ...request, kind: 'reply' as const };
        expect(isProblem(decodeClientRequest(request, body))).toBe(true);
        expect(isProblem(decodeClientReply(reply, body))).toBe(true);
        expect(isCommand(JSON.parse(body))).toBe(false);
      }),
      1000,
    );
  });
});
