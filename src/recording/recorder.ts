/**
 * The recorder: every event of a live run passes here once. An event gets its number and its line in the file at once.
 * It then waits in the hold-back, is folded into the live view and goes to the listeners. The judges receive events in
 * the order of arrival, from memory or from the file.
 */

import type { LabEvent, RunSettings } from '../core/catalogue/index.ts';
import { traceJson } from '../core/export/jsonl.ts';
import type { LabLag } from '../core/lab-api/api.ts';
import { emptyView } from '../core/trace/empty-view.ts';
import type { Source, TraceEvent } from '../core/trace/events.ts';
import type { EventBody } from '../core/wire/control-protocol.ts';
import { type ArrivalFeed, type ArrivalFeedOptions, endOf, WokenFeed } from './arrival-feed.ts';
import { type Cap, type CapLimits, capLimits, watchCaps } from './cap-watch.ts';
import { type RecorderClock, systemClock } from './clock.ts';
import { createDelivery, type Delivery, type DeliveryOptions } from './delivery.ts';
import { createGapWatch } from './gaps.ts';
import { createHistory, type History } from './history.ts';
import { openIndexWriter } from './index-writer.ts';
import type { ViewAtKey } from './live-fold.ts';
import type { ResumedRun } from './resume.ts';
import { runPaths } from './run-folder.ts';
import { readSpan } from './trace-file.ts';
import { type Block, createTraceIndex, type IndexSize } from './trace-index.ts';
import { crcIn, sealedLine } from './trace-line.ts';
import { openTraceWriter, type TraceWriter } from './trace-writer.ts';
import type { Recorder } from './types.ts';

const LAB = 'lab';
/** Number of events between two attempts to make the live view exact again. */
const REBASE_EVERY = 5_000;

/** Time by which a live view is too far behind to be rebased, µs. */
const LAGGING_US = 500_000;

/** Maximum number of attempts in a row. The next ones follow after REBASE_EVERY events. */
const MOST_TRIES = 3;

/** The run to record, the earlier part that it continues, and the callbacks for a run that must end. */
export interface RecorderOptions {
  readonly folder: string;
  readonly runId: string;
  readonly settings: RunSettings;
  /** `process.hrtime.bigint()` at which the run's time was 0. `originAfter` computes it for a continued run. */
  readonly originNs: bigint;
  /** The result of `resumeRun`, for a continued run. */
  readonly resume?: ResumedRun;
  /** The run's secret. It is never written, even when a program prints it. */
  readonly secret?: string;
  readonly holdBackUs?: number;
  /** Called once when the file can no longer be written or read. The run must then end as a lab failure. */
  readonly onFailure?: (error: Error) => void;
  /** Called once when the run must end, because it grew too big or the disk is nearly full. */
  readonly onCap?: (cap: Cap) => void;
  readonly limits?: CapLimits;
  readonly clock?: RecorderClock;
  readonly indexSize?: IndexSize;
  /** Bytes of lines that may wait to be folded before messages are only counted. */
  readonly maxWaitingBytes?: number;
}

/** Opens the run's events.jsonl for appending and starts recording. Rejects when the file cannot be opened. */
export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const { folder, runId, settings, originNs, resume, clock = systemClock } = options;
  const nowUs = (): number => Number((clock.nowNs() - originNs) / 1_000n);
  const file = runPaths(folder).events;
  const index = resume?.index ?? createTraceIndex(options.indexSize);
  const gaps = createGapWatch(resume?.counts);
  const lab = createLabSource({ life: (resume?.lives[LAB] ?? 0) + 1, lastTimeUs: resume?.lastTimeUs ?? 0, nowUs });
  const { fail, isWhole, assertWhole } = createFailure((event) => note(event), options.onFailure);
  const delivery = beginDelivery(options, { nowUs, clock, onError: fail }, (settled) => {
    history.keep(settled);
    indexFile.view(settled);
  });
  let span = resume && resume.lastSeq > 0 ? { fromUs: resume.firstTimeUs, toUs: resume.lastTimeUs } : null;
  let seq = resume?.lastSeq ?? 0;
  let closing: Promise<boolean> | null = null;
  const writer = await openTraceWriter(file, fail);
  const history = createHistory({ file, index, beforeRead: writer.written, isHidden: delivery.isHeld }, resume?.views);
  const indexFile = await openIndexWriter(folder, { runId, index, views: resume?.views ?? [] });
  const rebaser = createRebaser(delivery, history, fail);
  const judges = createJudgesFeed({ file, writer, index, from: endOf(index), clock, nowUs, onError: fail });
  const stopCaps = beginCaps(options, { clock, recordedBytes: index.bytes, onError: fail });

  const take = (source: Source, body: EventBody): void => {
    seq += 1;
    const isLate = delivery.isLate({ timeUs: body.timeUs, source, nseq: body.nseq, seq });
    const { event, line } = envelop({ seq, source, body, isLate, secret: options.secret ?? '' });
    span = { fromUs: Math.min(span?.fromUs ?? body.timeUs, body.timeUs), toUs: Math.max(span?.toUs ?? 0, body.timeUs) };
    const bytes = Buffer.byteLength(line);
    index.add(event, bytes, crcIn(line));
    indexFile.look();
    writer.write(line);
    history.recorded(event);
    delivery.add(event, bytes);
    judges.wake();
    if (index.size() % REBASE_EVERY === 0 && isWhole()) rebaser.rebase();
  };
  const endIndex = (): Promise<void> => indexFile.close({ isWhole: isWhole(), last: lastViewOf(delivery) });
  const note = (event: LabEvent): void => {
    if (closing === null) take(LAB, lab.body(event));
  };

  return {
    runId,
    settings,
    nowUs,
    note,
    span: () => span ?? { fromUs: 0, toUs: 0 },
    record: (source, body) => {
      if (closing !== null) return;
      const count = gaps.missingBefore(source, body.life, body.nseq);
      if (count > 0) note({ event: 'EventsMissing', of: source, count });
      take(source, body);
    },
    ...answersOf(delivery, judges, history),
    written: writer.flush,
    flush: () => judges.caughtUp(delivery.caughtUp).then(writer.flush),
    settle: () => delivery.settle().then(writer.flush).then(assertWhole),
    close: (reason) => {
      if (closing === null) {
        note({ event: 'RunEnded', reason });
        stopCaps();
        closing = delivery.finish().then(rebaser.stop).then(writer.close).then(endIndex).then(isWhole);
      }
      return closing;
    },
  };
}

/** Creates the delivery of events in the order of time. */
function beginDelivery(
  { holdBackUs = 20_000, maxWaitingBytes, resume }: RecorderOptions,
  by: Pick<DeliveryOptions, 'nowUs' | 'clock' | 'onError'>,
  onSettled: NonNullable<DeliveryOptions['onSettled']>,
): Delivery {
  return createDelivery({ holdBackUs, maxWaitingBytes, view: resume?.view ?? emptyView, onSettled, ...by });
}

/** The recorder's answers about the present and the past. */
function answersOf(
  { view, listen, lagUs }: Delivery,
  judges: ReturnType<typeof createJudgesFeed>,
  { viewAt, events, commands, graphs, indexLife, why }: History,
) {
  const lag = (): LabLag => ({ pictureUs: lagUs(), ...judges.lag() });
  return { view, listen, feed: judges.feed, lag, viewAt, events, commands, graphs, indexLife, why };
}

/** Returns the view after the last event; null when it is not exact. */
function lastViewOf({ live, view }: Delivery): ViewAtKey | null {
  const key = live.isExact ? (live.mark()?.key ?? null) : null;
  return key === null ? null : { key, view: view() };
}

/** Starts to check the limits of the recording. Returns a function that stops it. */
function beginCaps(
  { folder, limits = capLimits(), onCap = () => undefined }: RecorderOptions,
  watch: Pick<Parameters<typeof watchCaps>[0], 'clock' | 'recordedBytes' | 'onError'>,
): () => void {
  return watchCaps({ folder, limits, onCap, ...watch });
}

/** The feed of the judges. It exists once the judges are attached. */
function createJudgesFeed(
  of: Omit<ArrivalFeedOptions, 'read'> & { readonly file: string; readonly writer: TraceWriter },
) {
  let feed: WokenFeed | null = null;
  const read = async (block: Block): Promise<readonly TraceEvent[]> => {
    await of.writer.written();
    return await readSpan(of.file, block);
  };
  return {
    feed: (hear: (event: TraceEvent) => void): ArrivalFeed => {
      feed = new WokenFeed({ ...of, read }, hear);
      return feed;
    },
    wake: (): void => feed?.wake(),
    lag: () => {
      const { us: judgesUs, events: judgesEvents } = feed?.lag() ?? { us: 0, events: 0 };
      return { judgesUs, judgesEvents };
    },
    /** Waits for the judges, then for `next`. */
    caughtUp: (next: () => Promise<void>): Promise<void> => (feed === null ? next() : feed.caughtUp().then(next)),
  };
}

/** Reports the first failure, which ends the recording. Later failures follow from it and are not reported. */
function createFailure(note: (event: LabEvent) => void, onFailure: RecorderOptions['onFailure']) {
  let isFirst = true;
  return {
    isWhole: (): boolean => isFirst,
    assertWhole: (): void => {
      if (!isFirst) throw new Error('the recording failed');
    },
    fail: (error: unknown): void => {
      if (!isFirst) return;
      isFirst = false;
      const failure = error instanceof Error ? error : new Error(String(error));
      note({ event: 'LabFailed', message: `The recording failed: ${failure.message}` });
      onFailure?.(failure);
    },
  };
}

/** Numbers and dates the lab's own events. Their time never goes back. */
function createLabSource(from: { readonly life: number; readonly lastTimeUs: number; readonly nowUs: () => number }) {
  let nseq = 0;
  let timeUs = from.lastTimeUs;
  return {
    body: (event: LabEvent): EventBody => {
      nseq += 1;
      timeUs = Math.max(timeUs, from.nowUs());
      return { ...(event as unknown as EventBody), timeUs, nseq, life: from.life };
    },
  };
}

/** Makes the live view exact again after events that came too late for it. It reads the file in the background. */
function createRebaser({ live, lagUs }: Delivery, history: History, fail: (error: unknown) => void) {
  let rebasing: Promise<unknown> | null = null;
  const stopped = new AbortController();

  const attempt = async (): Promise<void> => {
    // More events arrive during the reading when the cluster is busy. A further attempt reads less, because views were
    // kept.
    for (let tries = 0; tries < MOST_TRIES && !live.isExact; tries += 1) {
      const mark = live.mark();
      if (mark === null || live.rebase(mark, await history.viewUpTo(mark.key, stopped.signal))) return;
    }
  };

  return {
    rebase: (): void => {
      // A live view that is far behind needs the processor time itself.
      if (live.isExact || lagUs() >= LAGGING_US) return;
      rebasing ??= attempt()
        .catch((error: unknown) => {
          if (!stopped.signal.aborted) fail(error);
        })
        .finally(() => {
          rebasing = null;
        });
    },
    /** Stops making the live view exact. */
    stop: async (): Promise<void> => {
      stopped.abort();
      await rebasing;
    },
  };
}

interface Arrival {
  readonly seq: number;
  readonly source: Source;
  readonly body: EventBody;
  readonly isLate: boolean;
  readonly secret: string;
}

/**
 * Returns the event with its envelope first, and its line. The fields `seq`, `source` and `late` of a program's event
 * are ignored.
 */
function envelop(arrival: Arrival): { readonly event: TraceEvent; readonly line: string } {
  const { timeUs, nseq, life, event: name, seq: _seq, source: _source, late: _late, ...fields } = arrival.body;
  const { seq, source } = arrival;
  const late = arrival.isLate ? { late: true } : {};
  const event = { seq, timeUs, source, nseq, life, ...late, event: name, ...fields } as unknown as TraceEvent;
  const { json, isBlotted } = traceJson(event, arrival.secret);
  return { event: isBlotted ? (JSON.parse(json) as TraceEvent) : event, line: sealedLine(json) };
}
