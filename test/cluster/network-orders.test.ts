/** The settings that the network process receives when it starts, shown with a fake process. */
import { expect, test } from 'vitest';
import { NetworkProcess } from '../../src/cluster/network-process.ts';
import type { NetworkRequest } from '../../src/core/wire/index.ts';
import { fakeProcesses } from '../helpers/fake-lives.ts';

function stage() {
  const { lives, control, children } = fakeProcesses<NetworkRequest>();
  const network = new NetworkProcess({
    program: 'none',
    folder: '/nowhere',
    spec: {
      runId: 'run',
      secret: 'secret',
      servers: ['S1', 'S2'],
      controlUrl: 'ws://127.0.0.1:1',
      originNs: '0',
      seed: 7,
      hopDelayMs: 0,
      tickMs: 10,
      electionTicks: 15,
    },
    earlierLives: 0,
    control,
    children,
    note: () => undefined,
    onEvents: () => undefined,
    onProblem: () => undefined,
    onFailed: () => undefined,
  });
  return { network, lives };
}

test('network starting: pace changes → the new pace is sent', async () => {
  const { network, lives } = stage();
  const started = network.start();
  await expect.poll(() => lives.length).toBe(1);
  await network.setPace({ hopDelayMs: 200, tickMs: 100, electionTicks: 15 });
  lives[0]?.connect();
  lives[0]?.ready(4000);
  await started;
  expect(lives[0]?.spec).toMatchObject({ hopDelayMs: 0, tickMs: 10 });
  expect(lives[0]?.asked).toEqual([{ type: 'pace', hopDelayMs: 200, tickMs: 100, electionTicks: 15 }]);
});

test('network replaced: settings change meanwhile → cuts are sent before any route', async () => {
  const { network, lives } = stage();
  const started = network.start();
  await expect.poll(() => lives.length).toBe(1);
  lives[0]?.connect();
  lives[0]?.ready(4000);
  await started;
  const cut = { from: 'S1', to: 'S2', policy: { mode: 'cut' } } as const;
  await network.setPolicies([cut]);
  await network.route('S1', 1, 4001);
  lives[0]?.exit({ code: null, signal: 'SIGKILL' });
  await expect.poll(() => lives.length).toBe(2);
  await network.setPace({ hopDelayMs: 600, jitterMs: 60, lossPercent: 5, tickMs: 300, electionTicks: 20 });
  lives[1]?.connect();
  // The network is connected but does not listen yet when S2 reports its port.
  await network.route('S2', 1, 4002);
  lives[1]?.ready(4000);
  await expect
    .poll(() => lives[1]?.asked)
    .toEqual([
      { type: 'pace', hopDelayMs: 600, jitterMs: 60, lossPercent: 5, tickMs: 300, electionTicks: 20 },
      { type: 'policies', links: [cut] },
      { type: 'route', server: 'S1', life: 1, port: 4001 },
      { type: 'route', server: 'S2', life: 1, port: 4002 },
    ]);
});
