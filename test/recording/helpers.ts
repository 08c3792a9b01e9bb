/** Temporary folders, a manual clock and small recorded runs for tests of the recording. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { TraceEvent } from '../../src/core/trace/events.ts';
import type { EventBody } from '../../src/core/wire/control-protocol.ts';
import type { RecorderClock } from '../../src/recording/clock.ts';
import { createRecorder, type RecorderOptions } from '../../src/recording/recorder.ts';
import { createRunFolder } from '../../src/recording/run-folder.ts';
import type { Recorder } from '../../src/recording/types.ts';
import { settings } from '../core/trace/story.ts';

const made: string[] = [];

afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'raft-lab-recording-'));
  made.push(folder);
  return folder;
}

export interface HandClock extends RecorderClock {
  /** Advances the time by `ms` milliseconds and runs the due timers in order. */
  pass(ms: number): void;
}

/** Creates a clock whose time advances only through `pass`. */
export function handClock(): HandClock {
  let nowNs = 1_000_000_000n;
  const timers = new Set<{ readonly atNs: bigint; readonly callback: () => void }>();
  return {
    nowNs: () => nowNs,
    later: (callback, ms) => {
      const timer = { atNs: nowNs + BigInt(Math.round(ms * 1e6)), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass: (ms) => {
      const untilNs = nowNs + BigInt(Math.round(ms * 1e6));
      for (;;) {
        const due = [...timers].filter((timer) => timer.atNs <= untilNs);
        const [next] = due.sort((a, b) => Number(a.atNs - b.atNs));
        if (next === undefined) break;
        timers.delete(next);
        if (next.atNs > nowNs) nowNs = next.atNs;
        next.callback();
      }
      nowNs = untilNs;
    },
  };
}

export interface Recording {
  readonly recorder: Recorder;
  readonly clock: HandClock;
  readonly folder: string;
  readonly dataFolder: string;
  /** Events delivered to listeners, in order. */
  readonly told: TraceEvent[];
}

/** Starts a recorder with a new run folder and a manual clock. */
export async function beginRecording(options: Partial<RecorderOptions> = {}): Promise<Recording> {
  const dataFolder = await temporaryFolder();
  const run = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  const clock = handClock();
  const { runId, folder } = run;
  const recorder = await createRecorder({ folder, runId, settings, originNs: clock.nowNs(), clock, ...options });
  const told: TraceEvent[] = [];
  recorder.listen((released) => told.push(...released));
  return { recorder, clock, folder, dataFolder, told };
}

/** Returns an event as a program sends it over its control channel. */
export function body(timeUs: number, nseq: number, fields: Partial<EventBody> & { readonly event: string }): EventBody {
  return { timeUs, nseq, life: 1, ...fields } as EventBody;
}

/** Returns an event whose fields do not matter to the test. */
export function filler(timeUs: number, nseq: number): EventBody {
  return body(timeUs, nseq, { event: 'ElectionTimerReset', term: 1, timeoutTicks: nseq, reason: 'started' });
}

export function place(events: readonly TraceEvent[]): readonly string[] {
  return events.map((event) => `${event.timeUs} ${event.source} ${event.nseq}`);
}
