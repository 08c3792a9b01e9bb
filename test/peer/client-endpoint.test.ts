/** The client endpoint: the answers it gives, and the inputs it refuses. */
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { EntryContent } from '../../src/core/vocabulary/index.ts';
import { type ClientRequestBody, encodeClientRequest, readHeader } from '../../src/core/wire/index.ts';
import type { Caller } from '../../src/peer/calls.ts';
import { createClientEndpoint, MAX_REQUEST_LENGTH, MAX_WAITING, replyTo } from '../../src/peer/client-endpoint.ts';
import { createStamps } from '../../src/peer/stamps.ts';

function endpoint(waiting = 0) {
  const proposed: { content: EntryContent; caller: Caller }[] = [];
  const replies: unknown[] = [];
  const socket = Object.assign(new EventEmitter(), {
    ...{ OPEN: 1, readyState: 1, bufferedAmount: 0 },
    send: (frame: string) => {
      const read = readHeader(frame);
      if ('problem' in read) throw new Error(read.problem);
      const { kind, from, to, replyTo: id, term } = read.header;
      replies.push({ kind, from, to, id, term, body: JSON.parse(frame.slice(read.bodyAt)) });
    },
  });
  createClientEndpoint({
    stamps: createStamps({ server: 'S1', life: 2 }, () => 5),
    waiting: () => waiting,
    currentTerm: () => 7,
    propose: (content, caller) => proposed.push({ content, caller }),
  }).accept({ from: 'C1', to: 'S1', life: 1 }, socket as unknown as WebSocket, (text) => socket.send(String(text)));
  const say = (text: string): boolean => socket.emit('message', Buffer.from(text), false);
  return { proposed, replies, socket, say };
}

const frame = (body: ClientRequestBody, from = 'C1'): string =>
  encodeClientRequest(body, { id: `${from}.1.1`, from, to: 'S1', life: 1, sentUs: 1 });
const about = { kind: 'reply', from: 'S1', to: 'C1', id: 'C1.1.1', term: 7 };

test('client endpoint: command → a proposal; its outcome → a reply to that request', () => {
  const { proposed, replies, say } = endpoint();
  say(frame({ type: 'command', session: 3, sequence: 4, command: { op: 'get', key: 'x' } }));
  expect(proposed[0]?.content).toEqual({ type: 'command', session: 3, sequence: 4, command: { op: 'get', key: 'x' } });
  const result = { ok: true, value: '1', previous: '1' } as const;
  proposed[0]?.caller.done({ type: 'applied', index: 9, term: 7, answer: { type: 'result', result } });
  expect(replies).toEqual([{ ...about, body: { ok: true, index: 9, term: 7, result } }]);
});

test('client endpoint: invalid request → bad-request; invalid header → dropped; never proposed', () => {
  const { proposed, replies, say } = endpoint();
  const [header = ''] = frame({ type: 'open-session' }).split('\n');
  say(`${header}\n{"type":"open-session","more":1}`);
  say(`${header}\nnot JSON`);
  expect(replies).toMatchObject([{ body: { reason: 'bad-request' } }, { body: { reason: 'bad-request' } }]);
  const long = { op: 'set', key: 'x', value: 'x'.repeat(MAX_REQUEST_LENGTH) } as const;
  say(frame({ type: 'command', session: 1, sequence: 1, command: long }));
  expect(replies[2]).toMatchObject({ body: { reason: 'bad-request', message: expect.stringContaining('1048576') } });
  say('no header');
  say(frame({ type: 'open-session' }, 'C2'));
  expect(replies).toHaveLength(3);
  expect(proposed).toEqual([]);
});

test('client endpoint: 1,000 requests wait → the next one is answered busy', () => {
  const full = endpoint(MAX_WAITING);
  full.say(frame({ type: 'open-session' }));
  expect(full.replies).toMatchObject([{ body: { ok: false, reason: 'busy' } }]);
  const room = endpoint(MAX_WAITING - 1);
  room.say(frame({ type: 'open-session' }));
  expect([room.replies, room.proposed.length]).toEqual([[], 1]);
});

test('client endpoint: client disconnected or not reading → gets no reply', () => {
  for (const state of [{ readyState: 3 }, { bufferedAmount: 5 * 1024 * 1024 }]) {
    const { proposed, replies, socket, say } = endpoint();
    say(frame({ type: 'open-session' }));
    Object.assign(socket, state);
    proposed[0]?.caller.done({ type: 'unknown', leaderId: null });
    expect(replies).toEqual([]);
  }
});

test('client endpoint: outcome of a call → reply of the client protocol', () => {
  const place = { index: 4, term: 2 };
  expect(replyTo({ type: 'unknown', leaderId: 'S2' })).toEqual({ ok: false, reason: 'unknown', leaderId: 'S2' });
  expect(replyTo({ type: 'rejected', reason: 'not-leader', leaderId: null, term: 2 })).toEqual({
    ...{ ok: false, reason: 'not-leader', leaderId: null },
  });
  expect(replyTo({ type: 'applied', ...place, answer: { type: 'session', session: 4 } })).toEqual({
    ...{ ok: true, ...place, result: { session: 4 } },
  });
  expect(replyTo({ type: 'applied', ...place, answer: { type: 'refused', reason: 'superseded' } })).toEqual({
    ...{ ok: false, reason: 'superseded', leaderId: null },
  });
});
