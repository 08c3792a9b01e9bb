/** Signals and uncaught errors: the first signal ends the program in order, a later one at once, an error always. */
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { END_SIGNALS, SAME_REQUEST_MS, type SignalWays, watchErrors, watchSignals } from '../../src/program/ending.ts';

let source: EventEmitter;
let now: number;
let ends: string[];

beforeEach(() => {
  source = new EventEmitter();
  now = 1_000;
  ends = [];
});

function watch(more: Partial<SignalWays> = {}) {
  return watchSignals(source, {
    inOrder: () => ends.push('in order'),
    atOnce: () => ends.push('at once'),
    nowMs: () => now,
    ...more,
  });
}

describe('signals', () => {
  test.each(END_SIGNALS)('signal %s: first → orderly end; later → end at once', (signal) => {
    watch();
    source.emit(signal);
    expect(ends).toEqual(['in order']);
    now += SAME_REQUEST_MS + 1;
    source.emit(signal);
    expect(ends).toEqual(['in order', 'at once']);
  });

  test('signals: a later one of another kind → end at once', () => {
    watch();
    source.emit('SIGTERM');
    now += SAME_REQUEST_MS + 1;
    source.emit('SIGINT');
    expect(ends).toEqual(['in order', 'at once']);
  });

  test('signals: same request repeated by npm or the login session → one orderly end', () => {
    watch();
    source.emit('SIGTERM');
    source.emit('SIGHUP');
    now += SAME_REQUEST_MS;
    source.emit('SIGTERM');
    expect(ends).toEqual(['in order']);
  });

  test('signals: left to the parent → ignored; after the orderly end began → end at once', () => {
    watch({ leftToParent: ['SIGINT', 'SIGHUP'] });
    source.emit('SIGINT');
    now += SAME_REQUEST_MS + 1;
    source.emit('SIGHUP');
    expect(ends).toEqual([]);
    source.emit('SIGTERM');
    source.emit('SIGINT');
    expect(ends).toEqual(['in order']);
    now += SAME_REQUEST_MS + 1;
    source.emit('SIGINT');
    expect(ends).toEqual(['in order', 'at once']);
  });

  test('signals: orderly end begun for another reason → the next signal ends at once', () => {
    const { begin } = watch();
    begin();
    begin();
    expect(ends).toEqual(['in order']);
    now += SAME_REQUEST_MS + 1;
    source.emit('SIGINT');
    expect(ends).toEqual(['in order', 'at once']);
  });

  test('signals: watch stopped → no listener left', () => {
    watch().stop();
    expect(END_SIGNALS.map((signal) => source.listenerCount(signal))).toEqual([0, 0, 0]);
  });
});

test.each(['uncaughtException', 'unhandledRejection'])('errors: %s → reported with its cause', (event) => {
  const problems: unknown[] = [];
  watchErrors(source, (problem) => problems.push(problem));
  const problem = new Error('a bug');
  source.emit(event, problem);
  expect(problems).toEqual([problem]);
});

test('errors: separate handler for rejections → gets rejections but no exceptions', () => {
  const problems: unknown[] = [];
  watchErrors(
    source,
    (problem) => problems.push(['exception', problem]),
    (problem) => problems.push(['rejection', problem]),
  );
  source.emit('uncaughtException', 1);
  source.emit('unhandledRejection', 2);
  expect(problems).toEqual([
    ['exception', 1],
    ['rejection', 2],
  ]);
});
