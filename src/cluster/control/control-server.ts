/**
 * The listener to which our own programs connect: a WebSocket server on the loopback address, on a port that the system
 * chooses. It accepts only a program that the lab has just started, once, with the run's secret and its own life, and
 * never a browser. Flow: program → upgrade-listener.ts → the expectation of its starter → channel.ts.
 */
import type { WebSocket } from 'ws';
import { PATHS } from '../../core/wire/index.ts';
import { openListener } from '../../program/upgrade-listener.ts';
import { type ControlChannel, type OnReport, openChannel } from './channel.ts';

/** A program that is expected to connect, and the callbacks for its reports and its channel. */
export interface Expectation {
  /** `S1` or `network`. */
  readonly program: string;
  readonly life: number;
  readonly onReport: OnReport;
  readonly onChannel: (channel: ControlChannel) => void;
}

/** The listener of one run. */
export interface ControlServer {
  /** `ws://127.0.0.1:PORT`; programs add the path. */
  readonly url: string;
  readonly port: number;
  /** Accepts this program of this life once. Returns a function that withdraws the expectation. */
  expect(expectation: Expectation): () => void;
  /** Closes the listener and every open connection. */
  close(): Promise<void>;
}

/** The run's id and secret. `onProblem` receives a sentence about each message that was not understood. */
export interface ControlServerOptions {
  readonly runId: string;
  readonly secret: string;
  readonly onProblem: (message: string) => void;
}

/** Starts to listen on 127.0.0.1, on a port that the system chooses. */
export async function openControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const expected = new Map<string, Expectation>();
  const open = new Set<WebSocket>();
  const listener = await openListener({
    run: options,
    refuses: ({ from, to, life }, path) => {
      if (path !== PATHS.control) return 404;
      return to === 'lab' && expected.has(keyOf(from, life)) ? null : 403;
    },
    onAccepted: ({ hello, socket }) => {
      const key = keyOf(hello.from, hello.life);
      const expectation = expected.get(key);
      expected.delete(key);
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      const onProblem = (message: string): void =>
        options.onProblem(`${hello.from} sent a message that is not understood: ${message}`);
      expectation?.onChannel(openChannel(socket, expectation.onReport, onProblem));
    },
    onFailure: (error) => options.onProblem(`the control listener accepts no program: ${(error as Error).message}`),
  });
  const { port } = listener;

  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    expect: (expectation) => {
      const key = keyOf(expectation.program, expectation.life);
      expected.set(key, expectation);
      return () => {
        if (expected.get(key) === expectation) expected.delete(key);
      };
    },
    close: async () => {
      for (const socket of open) socket.terminate();
      await listener.close();
    },
  };
}

function keyOf(program: string, life: number): string {
  return `${program}#${life}`;
}
