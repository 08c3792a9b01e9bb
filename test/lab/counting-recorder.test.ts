/** The recorder of a bare cluster keeps no events and counts those that the bench reports. */
import { expect, test } from 'vitest';
import { settingsFor } from '../../src/cluster/run-settings.ts';
import { countingRecorder } from '../../src/lab/bare/counting-recorder.ts';

test('counting recorder: any events → counts, the network’s pid, problems passed on', () => {
  const problems: string[] = [];
  const settings = settingsFor({ servers: 3 }, 1);
  const onProblem = (message: string): number => problems.push(message);
  const recorder = countingRecorder({ runId: 'R1', settings, originNs: process.hrtime.bigint(), onProblem });
  const common = { timeUs: 1, nseq: 1, life: 1 };
  recorder.record('network', { ...common, event: 'MessageSent', bytes: 300 });
  recorder.record('network', { ...common, event: 'MessageSent', bytes: 200 });
  recorder.record('network', { ...common, event: 'MessageDelivered' });
  recorder.record('S1', { ...common, event: 'LeaderElected' });
  recorder.note({ event: 'NetworkSpawned', pid: 77 });
  recorder.note({ event: 'LabFailed', message: 'no room' });
  expect(recorder.counts()).toEqual({ events: 6, messages: 2, linkBytes: 500, elections: 1 });
  expect([recorder.networkPid(), problems]).toEqual([77, ['no room']]);
});
