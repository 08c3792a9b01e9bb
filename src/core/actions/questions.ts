/** Questions about the open run. A live run and a recording answer all of them, except `serverState`. */
import * as v from 'valibot';
import type { ClusterView, IndexLife } from '../trace/index.ts';
import type { Why } from '../why/index.ts';
import type { ServerId, ServerStateView, StoreView } from '../wire/index.ts';
import type { CommandPage, DiskView, EventPage, ProcessView, RunGraphsPage } from './answers.ts';
import { count, nothing, oneServer, serverId, timeUs, whole } from './fields.ts';
import { LIMITS } from './limits.ts';
import { answer, type Frozen, type RequestRow } from './row.ts';

const filterText = v.pipe(v.string(), v.maxLength(LIMITS.filterLength));
const filterList = v.pipe(v.array(filterText), v.maxLength(LIMITS.filterItems));

const eventQuery = v.strictObject({
  fromUs: v.exactOptional(timeUs),
  toUs: v.exactOptional(timeUs),
  /** Newest first when true; at most `limit` (≤ 1000). */
  newest: v.exactOptional(v.boolean()),
  limit: v.exactOptional(v.pipe(whole, v.minValue(1), v.maxValue(LIMITS.eventPage))),
  /** Only these event names; messages are left out unless named. */
  names: v.exactOptional(filterList),
  sources: v.exactOptional(filterList),
  /** Case-insensitive substring of the JSON line. */
  text: v.exactOptional(filterText),
});

/** Filters of a page of events; an absent filter matches all events. Times are microseconds since the run began. */
export type EventQuery = Frozen<v.InferOutput<typeof eventQuery>>;

const whyAsk = v.strictObject({
  /** Position of the event in the recording. */
  seq: v.pipe(count, v.minValue(1)),
  /** `story` (the default): of the story's sentence that the event caused, or else of the event; `event`: of the event. */
  of: v.exactOptional(v.picklist(['story', 'event'])),
});

/** The question why something happened. */
export type WhyAsk = Frozen<v.InferOutput<typeof whyAsk>>;

export const QUESTIONS = {
  /** GetState of the course tests, asked over the control channel. */
  serverState: {
    ask: oneServer,
    answer: answer<ServerStateView | { readonly noAnswer: true }>(),
    needs: 'live',
    uses: false,
  },
  /**
   * A page of every server's store; null for a server that is not up or does not answer. `timeUs` is the time in a recording; its
   * end by default.
   */
  stores: {
    ask: v.strictObject({
      limit: v.pipe(whole, v.minValue(1), v.maxValue(LIMITS.storeItems)),
      /** The page begins after this key; without it, at the first key. */
      after: v.exactOptional(v.pipe(v.string(), v.maxLength(LIMITS.keyLength))),
      timeUs: v.exactOptional(timeUs),
    }),
    answer: answer<Readonly<Record<ServerId, StoreView | null>>>(),
    needs: 'open',
    uses: false,
  },
  disk: { ask: oneServer, answer: answer<DiskView>(), needs: 'open', uses: false },
  /** Facts about a server's process. `timeUs` is as for `stores`. */
  process: {
    ask: v.strictObject({ server: serverId, timeUs: v.exactOptional(timeUs) }),
    answer: answer<ProcessView>(),
    needs: 'open',
    uses: false,
  },
  events: {
    ask: eventQuery,
    answer: answer<EventPage>(),
    needs: 'open',
    uses: false,
  },
  /** The newest commands that were asked until `toUs`, as they stood then; without it, at the newest event. */
  commands: {
    ask: v.strictObject({
      toUs: v.exactOptional(timeUs),
      limit: v.pipe(whole, v.minValue(1), v.maxValue(LIMITS.eventPage)),
    }),
    answer: answer<CommandPage>(),
    needs: 'open',
    uses: false,
  },
  /** Graphs of the whole run, up to its newest event. */
  graphs: { ask: nothing, answer: answer<RunGraphsPage>(), needs: 'open', uses: false },
  viewAt: { ask: v.strictObject({ timeUs }), answer: answer<ClusterView>(), needs: 'open', uses: false },
  /** Which entries stood at an index of the log, and what became of them up to `toUs`; up to the newest end by default. */
  indexLife: {
    ask: v.strictObject({ index: v.pipe(count, v.minValue(1)), toUs: v.exactOptional(timeUs) }),
    answer: answer<IndexLife>(),
    needs: 'open',
    uses: false,
  },
  /** The reason of an event, with its evidence; null when the recording does not hold the event. */
  why: { ask: whyAsk, answer: answer<Why | null>(), needs: 'open', uses: false },
} as const satisfies Readonly<Record<string, RequestRow>>;
