/** A program that the lab starts: its orders, its orderly end, and the exit code of each other end. */
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { EXIT } from '../../src/core/wire/index.ts';
import { SAME_REQUEST_MS } from '../../src/program/ending.ts';
import { type ProgramEnds, type ProgramProcess, startProgram } from '../../src/program/start-program.ts';
import { wayOut } from '../../src/program/way-out.ts';

/** Stands in for the end of the process: `exit` throws, so that no code after it runs. */
class Exited extends Error {}

class FakeProcess extends EventEmitter implements ProgramProcess {
  readonly stdin = Object.assign(new EventEmitter(), { resume: vi.fn() });
  readonly env: Record<string, string | undefined> = { RAFT_LAB_TEST: '{"orders":1}' };
  readonly codes: number[] = [];

  exit(code: number): never {
    this.codes.push(code);
    throw new Exited();
  }

  /** Emits an event and ignores the end of the process that may follow. */
  send(event: string, problem?: unknown): void {
    ending(() => this.emit(event, problem));
  }
}

function ending(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Exited)) throw error;
  }
}

let host: FakeProcess;
let printed: string[];
let ends: ProgramEnds | null;
/** Settles the orderly end of the running program. */
let stopped: { readonly promise: Promise<void>; readonly resolve: () => void; readonly reject: (error: Error) => void };

beforeEach(() => {
  host = new FakeProcess();
  printed = [];
  ends = null;
  let [resolve, reject] = [() => {}, (_error: Error) => {}];
  const promise = new Promise<void>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  stopped = { promise, resolve: () => resolve(), reject: (error) => reject(error) };
});

async function start(begins: Promise<void> = Promise.resolve(), stoppedCode?: number): Promise<void> {
  const description = {
    variable: 'RAFT_LAB_TEST',
    parse: (text: string) => (text === '' ? { problem: 'no orders' } : (JSON.parse(text) as object)),
    wayOut: (error: unknown) => wayOut(error, 'the test', 'the run'),
    start: async (_spec: object, given: ProgramEnds) => {
      ends = given;
      await begins;
      return {
        stop: async () => {
          printed.push('stopping');
          await stopped.promise;
        },
      };
    },
  };
  const more = stoppedCode === undefined ? {} : { stoppedCode };
  await startProgram({ ...description, ...more }, host, (text) => printed.push(text)).catch((error) => {
    if (!(error instanceof Exited)) throw error;
  });
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('orders of a program: read → removed from the environment', async () => {
  await start();
  expect(host.env).toEqual({});
  expect(host.codes).toEqual([]);
});

test('orders of a program: absent → a sentence and exit code 64', async () => {
  delete host.env.RAFT_LAB_TEST;
  await start();
  expect([printed, host.codes]).toEqual([['RAFT_LAB_TEST: no orders'], [EXIT.badSpec]]);
});

test.each(['end', 'close', 'error'])('standard input of a program: %s → it ends at once', async (event) => {
  await start();
  expect(host.stdin.resume).toHaveBeenCalled();
  ending(() => host.stdin.emit(event, new Error('EIO')));
  expect(host.codes).toEqual([EXIT.controlClosed]);
});

test('control channel of a program: lost → it ends at once', async () => {
  await start();
  ending(() => ends?.released());
  expect(host.codes).toEqual([EXIT.controlClosed]);
});

describe('signals', () => {
  test('program: SIGTERM → stops in order, then exits with 0', async () => {
    await start();
    host.send('SIGTERM');
    await turn();
    expect([printed, host.codes]).toEqual([['stopping'], []]);
    const exited = vi.spyOn(host, 'exit').mockImplementation((code) => void host.codes.push(code) as never);
    stopped.resolve();
    await turn();
    expect(exited).toHaveBeenCalledExactlyOnceWith(EXIT.ok);
  });

  test('program: second signal while stopping → ends at once with its own exit code', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      await start();
      host.send('SIGTERM');
      vi.advanceTimersByTime(SAME_REQUEST_MS + 1);
      host.send('SIGINT');
      expect([printed, host.codes]).toEqual([['stopping'], [EXIT.interrupted]]);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each(['SIGINT', 'SIGHUP'])('program: %s before SIGTERM → left to the lab', async (signal) => {
    await start();
    host.send(signal);
    expect([printed, host.codes]).toEqual([[], []]);
  });

  test('program: SIGTERM while it starts → exits without calling stop', async () => {
    void start(new Promise(() => undefined), 130);
    await turn();
    host.send('SIGTERM');
    expect([printed, host.codes]).toEqual([[], [130]]);
  });
});

describe('errors', () => {
  test.each(['uncaughtException', 'unhandledRejection'])(
    'program: %s → a sentence and the exit code of a crash',
    async (event) => {
      await start();
      host.send(event, new Error('a bug'));
      expect(printed[0]?.split('\n').at(-1)).toBe('the test crashed: a bug');
      expect(host.codes).toEqual([EXIT.crashed]);
    },
  );

  test('program: start fails → the sentence and the exit code of that error', async () => {
    await start(Promise.reject(Object.assign(new Error('no disk'), { code: 'ENOSPC' })));
    expect(printed).toEqual(['the test stops: no disk; free or repair the disk and start the run again.']);
    expect(host.codes).toEqual([EXIT.storageFailed]);
  });

  test('program: orderly end fails → the sentence and the exit code of that error', async () => {
    await start();
    const exited = vi.spyOn(host, 'exit').mockImplementation((code) => void host.codes.push(code) as never);
    host.send('SIGTERM');
    stopped.reject(new Error('tail not complete'));
    await turn();
    expect(printed.at(-1)?.split('\n').at(-1)).toBe('the test crashed: tail not complete');
    expect(exited).toHaveBeenCalledExactlyOnceWith(EXIT.crashed);
  });
});
