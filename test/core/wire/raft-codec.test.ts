/** Messages between servers survive encoding unchanged, and malformed frames are refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/core/raft/messages.ts';
import {
  checkLink,
  decodeRaftMessage,
  encodeFrame,
  encodeRaftMessage,
  type FrameHeader,
  isProblem,
  readHeader,
} from '../../../src/core/wire/index.ts';
import { checkProperty } from '../../helpers/property.ts';
import { arbitraryMessage, arbitraryStamp } from './arbitraries.ts';

const stamp = { id: 'S1.2.7', life: 2, sentUs: 1234 };
const append: Message = {
  type: 'AppendEntries',
  from: 'S1',
  to: 'S2',
  term: 7,
  prevLogIndex: 3,
  prevLogTerm: 5,
  entries: [
    { type: 'noop', index: 4, term: 7 },
    { type: 'command', session: 2, sequence: 1, command: { op: 'set', key: 'x', value: '5' }, index: 5, term: 7 },
  ],
  leaderCommit: 3,
};

function decode(frame: string): Message | { problem: string } {
  const read = readHeader(frame);
  return isProblem(read) ? read : decodeRaftMessage(read.header, frame.slice(read.bodyAt));
}

/** Returns the frame of `append` with its header and body changed. */
function altered(header: object, body: object): string {
  const [headerLine, bodyText] = encodeRaftMessage(append, stamp).split('\n') as [string, string];
  return encodeFrame({ ...JSON.parse(headerLine), ...header }, { ...JSON.parse(bodyText), ...body });
}

describe('round trip', () => {
  test('message: encoded → decodes to itself, and encodes again to the same bytes', () => {
    checkProperty(
      'test/core/wire/raft-codec.test.ts',
      fc.property(arbitraryMessage, arbitraryStamp, (message, anyStamp) => {
        const full = { ...anyStamp, id: `${message.from}.${anyStamp.life}.${anyStamp.counter}` };
        const frame = encodeRaftMessage(message, full);
        const back = decode(frame);
        expect(back).toEqual(message);
        expect(encodeRaftMessage(back as Message, full)).toBe(frame);
      }),
    );
  });

  test('header: every message → has the fields that the picture draws', () => {
    const read = readHeader(encodeRaftMessage(append, stamp));
    expect(read).toMatchObject({
      header: {
        v: 1,
        id: 'S1.2.7',
        kind: 'request',
        rpc: 'AppendEntries',
        from: 'S1',
        to: 'S2',
        life: 2,
        term: 7,
        sentUs: 1234,
        prevLogIndex: 3,
        first: 4,
        last: 5,
        leaderCommit: 3,
      },
    });
  });

  test('log entry with a chain → encoded without it, so that a divergence shows', () => {
    const entries = append.entries.map((entry) => ({ ...entry, chain: '0123456789abcdef' }));
    expect(decode(encodeRaftMessage({ ...append, entries }, stamp))).toEqual(append);
  });
});

describe('malformed frames', () => {
  const cases: readonly (readonly [string, object, object])[] = [
    ['a picture that disagrees with the body', { last: 6 }, {}],
    ['a leaderCommit that differs', { leaderCommit: 4 }, {}],
    ['an unknown body field', {}, { term: 9 }],
    ['a sender named in the body', {}, { from: 'S3' }],
    ['a gap between prevLogIndex and the entries', {}, { entries: [{ type: 'noop', index: 5, term: 7 }] }],
    ['an entry from a term above the leader', { last: 4 }, { entries: [{ type: 'noop', index: 4, term: 8 }] }],
    ['an entry from a term below prevLogTerm', { last: 4 }, { entries: [{ type: 'noop', index: 4, term: 4 }] }],
    ['an entry with an unknown field', { last: 4 }, { entries: [{ type: 'noop', index: 4, term: 7, more: 1 }] }],
    ['an unsafe index', {}, { prevLogTerm: 2 ** 53 }],
    ['a fractional index', {}, { prevLogTerm: 1.5 }],
    ['an unknown header field', { colour: 'red' }, {}],
    ['another version', { v: 2 }, {}],
    ['an id of another sender', { id: 'S3.2.7' }, {}],
    ['an id of another life', { id: 'S1.1.7' }, {}],
    ['a message to itself', { to: 'S1' }, {}],
    ['a server without a term', { term: null }, {}],
    ['a client rpc between servers', { rpc: 'Command' }, {}],
    ['a negative time', { sentUs: -1 }, {}],
    ['half an entry range', { first: undefined }, {}],
  ];

  test('frame: the one that these cases change → accepted unchanged', () => {
    expect(decode(altered({}, {}))).toEqual(append);
  });

  test.each(cases)('frame with %s → refused', (_what, header, body) => {
    expect(decode(altered(header, body))).toHaveProperty('problem');
  });

  test('frame: command with a number too large for JSON → refused', () => {
    const frame = encodeRaftMessage(append, stamp).replace('"5"', '1e999');
    expect(decode(frame)).toHaveProperty('problem');
  });

  test('frame: command nested too deeply → refused before it exhausts the stack', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const frame = encodeRaftMessage(append, stamp).replace('"5"', deep);
    expect(decode(frame)).toHaveProperty('problem');
  });

  test('codec: any text → refused, or decoded to a value that JSON keeps; never throws', () => {
    const frame = encodeRaftMessage(append, stamp);
    const mutated = fc
      .tuple(fc.nat(frame.length - 1), fc.nat(12), fc.string({ maxLength: 6 }))
      .map(([at, cut, text]) => frame.slice(0, at) + text + frame.slice(at + cut));
    const text = fc.oneof(
      fc.string(),
      mutated,
      fc.json().map((json) => `${json}\n${json}`),
    );
    checkProperty(
      'test/core/wire/raft-codec.test.ts',
      fc.property(text, (anything) => {
        const back = decode(anything);
        expect(JSON.parse(JSON.stringify(back))).toEqual(back);
      }),
      3000,
    );
  });
});

test('checkLink: header with other ends or another life → refused', () => {
  const { header } = readHeader(encodeRaftMessage(append, stamp)) as { header: FrameHeader };
  expect(checkLink(header, { from: 'S1', to: 'S2', life: 2 })).toBeNull();
  expect(checkLink(header, { from: 'S3', to: 'S2', life: 2 })).toHaveProperty('problem');
  expect(checkLink(header, { from: 'S1', to: 'S3', life: 2 })).toHaveProperty('problem');
  expect(checkLink(header, { from: 'S1', to: 'S2', life: 3 })).toHaveProperty('problem');
});
