/** The inbox returns all inputs together and in order, and drops messages beyond its bound. */
import { expect, test } from 'vitest';
import type { Message } from '../../src/core/raft/messages.ts';
import { createInbox } from '../../src/peer/inbox.ts';

const message = { type: 'request-vote', from: 'S1', to: 'S2' } as unknown as Message;

test('inbox: inputs pushed → onInput called for each; drain → all inputs in order, once', () => {
  let told = 0;
  const inbox = createInbox(() => {
    told += 1;
  });
  inbox.push({ type: 'tick' });
  expect(inbox.pushMessage(message, 'm1')).toBe(true);
  expect(inbox.isEmpty()).toBe(false);
  expect(inbox.drain()).toEqual({ inputs: [{ type: 'tick' }, { type: 'message', message }], messageIds: ['m1'] });
  expect([inbox.isEmpty(), inbox.drain().inputs, told]).toEqual([true, [], 2]);
});

test('inbox: 10,000 messages wait → next one dropped, tick still accepted; drained → room again', () => {
  const inbox = createInbox(() => undefined);
  for (let at = 0; at < 10_000; at += 1) expect(inbox.pushMessage(message, `m${at}`)).toBe(true);
  expect(inbox.pushMessage(message, 'too many')).toBe(false);
  inbox.push({ type: 'tick' });
  expect(inbox.drain().inputs).toHaveLength(10_001);
  expect(inbox.pushMessage(message, 'again')).toBe(true);
});
