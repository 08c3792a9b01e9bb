/**
 * The network program from spec to exit: it connects to the lab, opens its port, and carries out the lab's requests. It
 * ends when the control channel closes, because then the lab is gone or has released it.
 */
import { decodeNetworkRequest, type NetworkRequest, type NetworkSpec } from '../core/wire/index.ts';
import { createClock } from '../program/clock.ts';
import { type ControlAnswer, openControl } from '../program/control-client.ts';
import { type Batching, createReporter } from '../program/reporter.ts';
import type { ProgramEnds, RunningProgram } from '../program/start-program.ts';
import { createWatch, type Watch } from '../program/ticks.ts';
import { type NetworkReporter, ticksLate } from './events.ts';
import { Hub } from './hub.ts';
import { listen } from './listener.ts';

/** A timer completes a batch of events, because messages come at any time. */
const BATCHING: Batching = { afterMs: 4, maxEvents: 512 };

/**
 * Starts the network; resolves when it is ready to carry messages. @throws the system's error when its port cannot be
 * opened
 */
export async function runNetwork(spec: NetworkSpec, { released, fail }: ProgramEnds): Promise<RunningProgram> {
  const { life } = spec;
  // The channel opens before the port, so that every frame can be reported.
  const control = await openControl<NetworkRequest>({
    program: 'network',
    from: 'network',
    spec,
    decode: decodeNetworkRequest,
    onClosed: released,
    onFailure: fail,
  });
  const nowUs = createClock(spec.originNs);
  const { send, unsentBytes } = control;
  const reporter: NetworkReporter = createReporter({ life, nowUs, send, unsentBytes, batching: BATCHING });
  const hub = new Hub(spec, nowUs, reporter);
  const watch = createWatch({ ...spec, onLate: (lateMs, missed) => reporter.report(ticksLate(lateMs, missed)) });
  control.onRequest((request, answer) => answer(carryOut(request, hub, watch)));
  const listener = await listen(
    spec,
    (direction, inbound, sendBack) => hub.connect(direction, inbound, sendBack),
    fail,
  );
  watch.start();
  control.tell({ type: 'ready', port: listener.port });

  return {
    async stop() {
      watch.stop();
      void listener.close();
      hub.close();
      reporter.flush();
      await control.close();
    },
  };
}

/** Carries out one request of the lab. */
function carryOut(request: NetworkRequest, hub: Hub, watch: Watch): ControlAnswer {
  if (request.type === 'counts') return { ok: true, value: hub.counts() };
  if (request.type === 'pace') watch.setTiming(request);
  const refused = hub.request(request);
  return refused === null ? { ok: true, value: null } : { ok: false, reason: refused };
}
