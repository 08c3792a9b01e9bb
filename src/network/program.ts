/**
 * The network program from spec to exit: it connects to the lab, opens its port, and then carries out the lab's requests.
 * When the control channel closes, the lab is gone or has released the program, and the program ends.
 */
import { WebSocket } from 'ws';
import {
  type ControlDown,
  decodeNetworkRequest,
  encodeControl,
  helloHeaders,
  isProblem,
  type NetworkRequest,
  type NetworkSpec,
  PATHS,
  WIRE_VERSION,
} from '../core/wire/index.ts';
import { createClock } from '../program/clock.ts';
import { type Batching, createReporter } from '../program/reporter.ts';
import { createWatch } from '../program/ticks.ts';
import { type NetworkReporter, ticksLate } from './events.ts';
import { Hub } from './hub.ts';
import { listen } from './listener.ts';

/** A message comes at any time, so nothing but a timer tells when a batch is complete. */
const BATCHING: Batching = { afterMs: 4, maxEvents: 512 };

/** The running network process. */
export interface NetworkProgram {
  /** Stops carrying, hands the last events to the lab and closes the control channel: `onControlClosed` follows. */
  stop(): void;
}

/**
 * @param onControlClosed  called once, when the control channel is lost or could not be opened
 * @throws when the port cannot be opened
 */
export async function runNetwork(spec: NetworkSpec, onControlClosed: () => void): Promise<NetworkProgram> {
  const { runId, secret, life } = spec;
  const control = new WebSocket(`${spec.controlUrl}${PATHS.control}`, {
    headers: helloHeaders({ runId, secret, from: 'network', to: 'lab', life }),
    perMessageDeflate: false,
  });
  control.on('error', (error) => console.error(`control channel: ${error.message}`));
  control.on('close', onControlClosed);

  const nowUs = createClock(spec.originNs);
  const send = (text: string): void => {
    if (control.readyState === WebSocket.OPEN) control.send(text);
  };
  const reporter: NetworkReporter = createReporter({
    life,
    nowUs,
    send,
    unsentBytes: () => control.bufferedAmount,
    batching: BATCHING,
  });
  const hub = new Hub(spec, nowUs, reporter);
  const watch = createWatch({ ...spec, onLate: (lateMs, missed) => reporter.report(ticksLate(lateMs, missed)) });

  control.on('message', (data) => {
    const down = decodeNetworkRequest(data.toString());
    if (!isProblem(down) && down.request.type === 'pace') watch.setTickMs(down.request.tickMs);
    if (isProblem(down)) console.error(`control channel: ${down.problem}`);
    else if (down.request.type === 'counts') {
      send(encodeControl({ type: 'answer', id: down.id, ok: true, value: hub.counts() }));
    } else send(answer(down, hub.request(down.request)));
  });

  // Not a frame may cross before it can be reported.
  await new Promise<void>((resolve) => control.once('open', () => resolve()));
  send(encodeControl({ type: 'hello', program: 'network', pid: process.pid, life, version: WIRE_VERSION }));
  const listener = await listen(spec, (direction, inbound, send) => hub.connect(direction, inbound, send));
  watch.start();
  send(encodeControl({ type: 'ready', port: listener.port }));

  return {
    stop() {
      watch.stop();
      listener.close();
      hub.close();
      reporter.flush();
      control.close();
    },
  };
}

function answer({ id }: ControlDown<NetworkRequest>, refused: string | null): string {
  if (refused !== null) return encodeControl({ type: 'answer', id, ok: false, reason: refused });
  return encodeControl({ type: 'answer', id, ok: true, value: null });
}
