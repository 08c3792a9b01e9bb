/**
 * The examples in docs/wire-protocol.md pass our own codecs, because other implementations are written from that page.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  decodeClientReply,
  decodeClientRequest,
  decodeControlUp,
  decodeNetworkRequest,
  decodeRaftMessage,
  decodeServerRequest,
  EXIT,
  encodeClientRequest,
  isProblem,
  type LinkPolicy,
  parseWireEntry,
  readHeader,
} from '../../../src/core/wire/index.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/wire-protocol.md'), 'utf8');

/** Every `{…}` in backticks, with a valid value in place of each `…`. */
const examples = [...page.matchAll(/`(\{"[^`]*\})`/g)].map(([, text]) =>
  (text ?? '').replaceAll('[…]', '[]').replaceAll('{…}', '{"op":"get","key":"x"}').replaceAll(':…', ':null'),
);

function examplesOf(start: string): string[] {
  const found = examples.filter((text) => text.startsWith(start));
  expect(found.length).toBeGreaterThan(0);
  return found;
}

test('wire-protocol.md: example frame → decodes to AppendEntries with a valid entry', () => {
  const frame = /```\n(\{"v":1[^`]*)\n```/.exec(page)?.[1] ?? '';
  const read = readHeader(frame);
  if (isProblem(read)) throw new Error(read.problem);
  const message = decodeRaftMessage(read.header, frame.slice(read.bodyAt));
  expect(message).toMatchObject({ type: 'AppendEntries', from: 'S1', to: 'S2', term: 7 });
  expect(message).toHaveProperty('entries', [expect.objectContaining({ type: 'noop' })]);
  expect(parseWireEntry({ type: 'noop', index: 4, term: 7 })).toEqual({ type: 'noop', index: 4, term: 7 });
});

test('wire-protocol.md: examples of client requests and replies → decode', () => {
  const stamp = { id: 'C1.1.1', from: 'C1', to: 'S2', life: 1, sentUs: 0 };
  const session = readHeader(encodeClientRequest({ type: 'open-session' }, stamp));
  const command = readHeader(
    encodeClientRequest({ type: 'command', session: 4, sequence: 1, command: { op: 'get', key: 'x' } }, stamp),
  );
  if (isProblem(session) || isProblem(command)) throw new Error('the codec refuses its own frame');
  for (const text of examplesOf('{"type":"open-session"')) {
    expect(decodeClientRequest(session.header, text)).not.toHaveProperty('problem');
  }
  for (const text of examplesOf('{"type":"command","session"')) {
    expect(decodeClientRequest(command.header, text)).not.toHaveProperty('problem');
  }
  const replyHeader = { ...session.header, kind: 'reply', from: 'S2', to: 'C1', term: 2, success: true } as const;
  for (const text of examplesOf('{"ok":true,"index":4')) {
    expect(decodeClientReply(replyHeader, text)).not.toHaveProperty('problem');
  }
});

test('wire-protocol.md: examples of control messages → decode', () => {
  for (const type of ['hello', 'ready', 'events', 'answer']) {
    for (const text of examplesOf(`{"type":"${type}"`)) expect(decodeControlUp(text)).not.toHaveProperty('problem');
  }
  const down = (text: string): string => JSON.stringify({ type: 'request', id: 1, request: JSON.parse(text) });
  for (const type of ['go', 'state', 'store', 'start']) {
    for (const text of examplesOf(`{"type":"${type}"`))
      expect(decodeServerRequest(down(text))).not.toHaveProperty('problem');
  }
  for (const type of ['route', 'policies', 'reset']) {
    for (const text of examplesOf(`{"type":"${type}"`))
      expect(decodeNetworkRequest(down(text))).not.toHaveProperty('problem');
  }
  for (const text of examplesOf('{"type":"pace"')) {
    const answers = [decodeServerRequest(down(text)), decodeNetworkRequest(down(text))];
    expect(answers.filter((answer) => !isProblem(answer))).toHaveLength(1);
  }
});

test('wire-protocol.md: every exit code and link policy → described', () => {
  for (const code of new Set(Object.values(EXIT))) expect(page).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
  const modes: Record<LinkPolicy['mode'], true> = { pass: true, cut: true, hold: true, shape: true };
  for (const mode of Object.keys(modes)) expect(page).toContain(`\`${mode}\``);
});
