/** The waits of the driver between a scenario and its live run, on a run whose servers the test sets. */
import { expect, test } from 'vitest';
import type { LiveRun } from '../../src/cluster/live-run.ts';
import { deferred } from '../../src/cluster/waiting.ts';
import { LiveRunDriver } from '../../src/play/live-run-driver.ts';

test('kill: a server that does not end → waits until the scenario is called off', async () => {
  const over = deferred<void>();
  const calledOff = new AbortController();
  const run = {
    hear: () => () => undefined,
    servers: { kill: () => [{ server: 'S1', pid: 7 }], lifeOf: () => ({ over: over.promise }) },
  };
  const driver = new LiveRunDriver(run as unknown as LiveRun, 'no folder', ['S1'], calledOff.signal);
  const killed = driver.act('kill', { servers: ['S1'], signal: 'SIGTERM' });
  calledOff.abort(new Error('the limit is over'));
  await expect(killed).rejects.toThrow('the limit is over');
});

test('kill: the server ends → answered with its process', async () => {
  const run = {
    hear: () => () => undefined,
    servers: { kill: () => [{ server: 'S1', pid: 7 }], lifeOf: () => ({ over: Promise.resolve() }) },
  };
  const driver = new LiveRunDriver(run as unknown as LiveRun, 'no folder', ['S1'], new AbortController().signal);
  await expect(driver.act('kill', { servers: ['S1'] })).resolves.toEqual([{ server: 'S1', pid: 7 }]);
});
