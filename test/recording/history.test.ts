/** Queries on a live run and on an opened run. Views, pages and lives of indexes must match the trace sorted by time. */
import { readFile, symlink } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { emptyView } from '../../src/core/trace/empty-view.ts';
import type { TraceEvent } from '../../src/core/trace/events.ts';
import { fold } from '../../src/core/trace/fold.ts';
import { compareEvents } from '../../src/core/trace/order.ts';
import type { EventBody } from '../../src/core/wire/control-protocol.ts';
import { openRun } from '../../src/recording/open-run.ts';
import { createRecorder } from '../../src/recording/recorder.ts';
import { createRunFolder, runPaths } from '../../src/recording/run-folder.ts';
import type { RunReader } from '../../src/recording/types.ts';
import { chain, foldAll, settings } from '../core/trace/story.ts';
import { beginRecording, handClock, place, temporaryFolder } from './helpers.ts';

/** A small random generator. The seed reproduces a failing trace. */
function seeded(seed: number): (below: number) => number {
  let word = seed >>> 0;
  return (below) => {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((word / 2 ** 32) * below);
  };
}

const seed = Number(process.env.RECORDING_SEED ?? Date.now() % 2 ** 31);
const repeat = `RECORDING_SEED=${seed} npx vitest run --config test/vitest.config.ts --project unit test/recording/history.test.ts`;

/** An index size at which most blocks have to be read from the file again. */
const SMALL = { blockEvents: 250, keptBlocks: 3 };

/** Records `count` events of five servers in random order. Most arrive within the hold-back, and some far too late. */
async function recordChaos(count: number) {
  const draw = seeded(seed);
  const recording = await beginRecording({ indexSize: SMALL });
  const { recorder, clock } = recording;
  recorder.note({ event: 'RunStarted', traceVersion: 2, settings, startedAt: '', raftLab: '0' });
  const nseqs = [0, 0, 0, 0, 0];
  const delayed: { readonly source: string; readonly body: EventBody; readonly at: number }[] = [];
  for (let i = 0; i < count; i += 1) {
    if (draw(3) === 0) clock.pass(draw(6));
    const server = draw(5);
    const nseq = (nseqs[server] ?? 0) + 1;
    nseqs[server] = nseq;
    const timeUs = recorder.nowUs();
    const body = { timeUs, nseq, life: 1, ...chaosEvent(draw, nseq) } as EventBody;
    // S5 is frozen at times: its events of such a stretch arrive much later, in their own order.
    const wait = server === 4 && i % 2_000 > 1_200 ? 3_000 : draw(10);
    delayed.push({ source: `S${server + 1}`, body, at: i + wait });
    const due = delayed.filter((one) => one.at <= i);
    for (const one of due) delayed.splice(delayed.indexOf(one), 1);
    for (const one of due.sort((a, b) => a.body.nseq - b.body.nseq)) recorder.record(one.source, one.body);
    if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  for (const one of delayed) recorder.record(one.source, one.body);
  clock.pass(100);
  await recorder.flush();
  return recording;
}

function chaosEvent(draw: (below: number) => number, nseq: number): Record<string, unknown> {
  const kind = draw(10);
  if (kind === 0) return { event: 'TermAdvanced', term: nseq, from: nseq - 1, reason: 'E5-higher-term' };
  if (kind === 1) return { event: 'CommitAdvanced', term: 1, from: 0, to: nseq, reason: 'quorum', chain: '' };
  if (kind < 7) return { event: 'MessagesReceived', ids: [`m${nseq}`] };
  return { event: 'ElectionTimerReset', term: 1, timeoutTicks: draw(20), reason: 'heard-from-leader' };
}

async function fileEvents(folder: string): Promise<TraceEvent[]> {
  const text = await readFile(runPaths(folder).events, 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as TraceEvent);
}

async function opened(folder: string): Promise<RunReader> {
  const result = await openRun(folder, SMALL);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe(`run of 7,000 events in random order (${repeat})`, () => {
  test('viewAt, events, counts: run live or opened → same as the sorted trace', async () => {
    const { recorder, folder } = await recordChaos(7_000);
    const sorted = (await fileEvents(folder)).sort(compareEvents);
    expect(sorted.filter((event) => event.late).length).toBeGreaterThan(300);
    const past = await opened(folder);
    expect(past.span()).toEqual(recorder.span());
    const draw = seeded(seed + 1);
    const moments = [...Array(5)].map(() => sorted[draw(sorted.length)]?.timeUs ?? 0).concat([-1, 0, 1e12]);
    for (const reader of [recorder, past]) {
      for (const timeUs of moments) {
        const prefix = sorted.filter((event) => event.timeUs <= timeUs);
        expect(await reader.viewAt(timeUs)).toEqual(foldAll(prefix));
      }
      for (const query of [
        { limit: 1_000 },
        { newest: true, limit: 50 },
        { fromUs: moments[0], toUs: Math.max(moments[0] ?? 0, moments[1] ?? 0), limit: 1_000 },
        { names: ['MessagesReceived'], limit: 10 },
        { names: ['CommitAdvanced'], sources: ['S5', 'S1'], newest: true, limit: 30 },
        { text: 'E5-HIGHER', limit: 25 },
        { sources: ['nobody'] },
      ]) {
        const wanted = sorted.filter(
          (event) =>
            event.timeUs >= (query.fromUs ?? 0) &&
            event.timeUs <= (query.toUs ?? Number.POSITIVE_INFINITY) &&
            (query.names === undefined ? !event.event.startsWith('Message') : query.names.includes(event.event)) &&
            (query.sources === undefined || query.sources.includes(event.source)) &&
            (query.text === undefined || JSON.stringify(event).toLowerCase().includes(query.text.toLowerCase())),
        );
        const ordered = query.newest ? wanted.reverse() : wanted;
        const asked = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
        const page = await reader.events(asked);
        const limit = query.limit ?? 200;
        expect(place(page.events)).toEqual(place(ordered.slice(0, limit)));
        expect(page.leftOut).toBe(Math.max(0, wanted.length - limit));
      }
    }
    await recorder.close('closed');
  });
});

test('live run: event recorded but not delivered → absent from pages and views', async () => {
  const { recorder, clock } = await beginRecording();
  recorder.note({ event: 'NetworkSpawned', pid: 1 });
  clock.pass(50);
  recorder.note({ event: 'NetworkSpawned', pid: 2 });
  expect(await recorder.events({})).toMatchObject({ events: [{ pid: 1 }], leftOut: 0 });
  expect(await recorder.viewAt(1e9)).toEqual(recorder.view());
  clock.pass(50);
  expect((await recorder.events({})).events).toHaveLength(2);
  expect(await recorder.viewAt(1e9)).toEqual(recorder.view());
  await recorder.close('closed');
});

test('viewAt: late event before a moment asked for earlier → later answers include it', async () => {
  const { recorder, clock } = await beginRecording();
  for (let nseq = 1; nseq <= 7_000; nseq += 1) {
    recorder.record('S1', { timeUs: nseq * 10, nseq, life: 1, event: 'ElectionTimerReset', term: 1, timeoutTicks: 1 });
  }
  clock.pass(200);
  await vi.waitFor(() => expect(recorder.view().counts.events).toBe(7_000));
  expect((await recorder.viewAt(69_000)).servers.S2).toBeUndefined();
  const late = { timeUs: 500, nseq: 1, life: 1, event: 'TermAdvanced', term: 4, from: 3, reason: 'E5-higher-term' };
  recorder.record('S2', late);
  clock.pass(50);
  expect((await recorder.viewAt(69_000)).servers.S2?.term).toBe(4);
  expect((await recorder.viewAt(499)).servers.S2).toBeUndefined();
  await recorder.close('closed');
});

test('index life: 1,500 entries later → found, with few blocks read, up to the moment asked for', async () => {
  const { recorder, clock, folder } = await beginRecording({ indexSize: SMALL });
  for (let index = 1; index <= 1_500; index += 1) {
    clock.pass(1);
    const at = (nseq: number) => ({ timeUs: recorder.nowUs(), nseq, life: 1, term: 3, chain: chain(index) });
    const entry = { type: 'command', index, term: 3, session: 1, sequence: index, command: { op: 'get', key: 'k' } };
    const range = { first: index, last: index };
    const client = { timeUs: recorder.nowUs(), life: 1, operation: `C1.1.op${index}` };
    const command = { client: 'C1', session: 1, sequence: index, command: entry.command };
    recorder.record('C1', { ...client, nseq: index * 2 - 1, event: 'CommandInvoked', ...command });
    recorder.record('S1', { ...at(index * 3 - 2), event: 'EntriesProposed', ...range, entries: [entry] });
    recorder.record('S1', { ...at(index * 3 - 1), event: 'EntriesAppended', ...range, runs: [{ term: 3, ...range }] });
    const commit = { event: 'CommitAdvanced', from: index - 1, to: index, reason: 'quorum' };
    if (index < 1_500) recorder.record('S1', { ...at(index * 3), ...commit });
    const unknown = { event: 'CommandUnknown', reason: 'timed-out', attempts: 1 };
    if (index % 2 === 1) recorder.record('C1', { ...client, nseq: index * 2, ...unknown });
  }
  clock.pass(50);
  await recorder.flush();
  for (const reader of [recorder, await opened(folder)]) {
    const life = await reader.indexLife({ index: 7 });
    expect(life).toMatchObject({
      index: 7,
      isCut: false,
      stays: [{ server: 'S1', term: 3, fromUs: 7_000, toUs: null }],
    });
    expect(life.entries).toMatchObject([
      {
        term: 3,
        fate: 'committed',
        proposal: { by: 'S1', atUs: 7_000, entry: { index: 7 } },
        committed: { atUs: 7_000, by: 'S1', on: ['S1'] },
        by: { client: 'C1', answers: [{ kind: 'unknown', atUs: 7_000 }], copies: [] },
      },
    ]);
    expect((await reader.indexLife({ index: 1_500 })).entries).toMatchObject([{ fate: 'open', by: { answers: [] } }]);
    expect((await reader.indexLife({ index: 7, toUs: 6_999 })).entries).toEqual([]);
    expect((await reader.indexLife({ index: 2_000 })).entries).toEqual([]);
  }
  await recorder.close('closed');
});

test('opened run: same trace as the live run → same view', async () => {
  const { recorder, clock, folder, told } = await beginRecording();
  recorder.note({ event: 'RunStarted', traceVersion: 2, settings, startedAt: '', raftLab: '0' });
  recorder.note({ event: 'ServerSpawned', server: 'S1', ofLife: 1, pid: 5 });
  clock.pass(50);
  await recorder.close('closed');
  const past = await opened(folder);
  expect(past.settings).toEqual(settings);
  expect(await past.viewAt(past.span().toUs)).toEqual(told.reduce(fold, emptyView));
});

test.runIf(process.platform === 'linux')('disk full → the run fails once; the live view continues', async () => {
  const dataFolder = await temporaryFolder();
  const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: '0' });
  await symlink('/dev/full', runPaths(folder).events);
  const onFailure = vi.fn();
  const clock = handClock();
  const recorder = await createRecorder({ folder, runId, settings, originNs: clock.nowNs(), clock, onFailure });
  recorder.note({ event: 'NetworkSpawned', pid: 1 });
  await vi.waitFor(() => expect(onFailure).toHaveBeenCalledTimes(1));
  expect(String(onFailure.mock.calls[0]?.[0])).toContain('ENOSPC');
  clock.pass(50);
  expect(recorder.view().story.at(-1)?.code).toBe('lab-failed');
  await expect(recorder.flush()).rejects.toThrow('ENOSPC');
  await recorder.close('lab-failure');
});

test('commands: 1,500 commands, the oldest of a page unknown → its fate, live and opened alike', async () => {
  const { recorder, clock, folder } = await beginRecording({ indexSize: SMALL });
  const command = { op: 'set', key: 'k', value: 'v' };
  for (let op = 1; op <= 1_500; op += 1) {
    clock.pass(1);
    const at = (nseq: number) => ({ timeUs: recorder.nowUs(), nseq, life: 1 });
    const numbered = { session: 1, sequence: op };
    const operation = `C1.1.op${op}`;
    recorder.record('C1', {
      ...at(op * 3 - 2),
      event: 'CommandInvoked',
      operation,
      client: 'C1',
      ...numbered,
      command,
    });
    recorder.record('C1', { ...at(op * 3 - 1), event: 'CommandSent', operation, to: 'S1', attempt: 1 });
    const entry = { type: 'command', index: op, term: 1, ...numbered, command };
    const range = { first: op, last: op, term: 1, chain: chain(op) };
    recorder.record('S1', { ...at(op * 2 - 1), event: 'EntriesProposed', ...range, entries: [entry] });
    clock.pass(1);
    recorder.record('C1', { ...at(op * 3), event: 'CommandUnknown', operation, reason: 'timed-out', attempts: 1 });
    const commit = { event: 'CommitAdvanced', term: 1, from: op - 1, to: op, reason: 'quorum', chain: chain(op) };
    if (op < 1_500) recorder.record('S1', { ...at(op * 2), ...commit });
  }
  clock.pass(50);
  await recorder.flush();
  for (const reader of [recorder, await opened(folder)]) {
    const page = await reader.commands({ limit: 3 });
    expect(page).toMatchObject({ leftOut: 1_497, readToUs: null });
    expect(page.commands.map(({ fate }) => fate?.is)).toEqual(['open', 'committed', 'committed']);
    const before = await reader.commands({ limit: 2, toUs: 200_000 });
    expect(before.leftOut).toBe(98);
    expect(before.commands.map(({ fate, askedUs }) => [askedUs, fate])).toEqual([
      [199_000, { is: 'committed', index: 100, atUs: 200_000 }],
      [197_000, { is: 'committed', index: 99, atUs: 198_000 }],
    ]);
  }
  await recorder.close('closed');
});
