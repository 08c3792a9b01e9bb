/** The end of the browser door, by signals and after a crash, and the place of its data. */
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { SAME_REQUEST_MS } from '../../src/program/ending.ts';
import { watchLifetime } from '../../src/web-host/lifetime.ts';

let source: EventEmitter;
let did: string[];
let now: number;
let closed: () => void;
let failClose: (problem: Error) => void;

beforeEach(() => {
  source = new EventEmitter();
  did = [];
  now = 1000;
  const closing = new Promise<void>((resolve, reject) => {
    closed = resolve;
    failClose = reject;
  });
  watchLifetime(source, {
    close: () => {
      did.push('close');
      return closing;
    },
    killNow: () => did.push('killNow'),
    exit: (code) => did.push(`exit ${code}`),
    crashed: (problem) => did.push(`crashed ${(problem as Error).message}`),
    nowMs: () => now,
  });
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('signals', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s: first signal → lab closed, then exit', async (signal) => {
    source.emit(signal);
    await settled();
    expect(did).toEqual(['close']);
    closed();
    await settled();
    expect(did).toEqual(['close', 'exit 0']);
  });

  test('Ctrl-C: passed on by npm, too → counts as one signal', async () => {
    source.emit('SIGINT');
    now += SAME_REQUEST_MS;
    source.emit('SIGINT');
    expect(did).toEqual(['close']);
  });

  test('Ctrl-C: second one → servers killed at once', () => {
    source.emit('SIGINT');
    now += SAME_REQUEST_MS + 1;
    source.emit('SIGINT');
    expect(did).toEqual(['close', 'killNow', 'exit 1']);
  });

  test('end: close fails → remaining processes are killed', async () => {
    source.emit('SIGTERM');
    failClose(new Error('disk full'));
    await settled();
    expect(did).toEqual(['close', 'crashed disk full', 'killNow', 'exit 1']);
  });
});

test.each(['uncaughtException', 'unhandledRejection'])(
  '%s: thrown → servers killed, then the note, then the exit',
  (event) => {
    source.emit(event, new Error('a bug'));
    expect(did).toEqual(['killNow', 'crashed a bug', 'exit 1']);
  },
);
