/**
 * Schemas of the fields that events have. An event's type and the check of its fields both follow from them, so units and
 * bounds are stated here once.
 */
import * as v from 'valibot';
import {
  ALL_CLIENTS,
  type BothLanguages,
  COMMAND_REFUSALS,
  type Command,
  endsOf,
  isCommand,
  isEndpoint,
  isJson,
  isServerId,
  type Json,
  type LinkId,
  linkPolicySchema,
  PACES,
  type PaceName,
  RPCS,
  type Rpc,
} from '../vocabulary/index.ts';
import { EXPORT_FORMATS } from './exports.ts';

/** One of these texts. */
export const oneOf = <const Options extends readonly [string, ...string[]]>(...options: Options) => v.picklist(options);
/** A list of any length. */
export const listOf = <const Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.readonly());
/** The value, or null. */
export const nullable = <const Inner extends v.GenericSchema>(inner: Inner) => v.nullable(inner);
/** A field that may be absent. */
export const optional = <const Inner extends v.GenericSchema>(inner: Inner) => v.exactOptional(inner);
/** An object with exactly these fields. */
export const objectOf = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(v.strictObject(entries), v.readonly());

/** A text of any length. */
export const text = v.string();
/** True or false. */
export const flag = v.boolean();
/** An integer ≥ 0. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A number ≥ 0. */
export const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
/** Milliseconds, ≥ 0. */
export const milliseconds = amount;
/** Microseconds since the run began, or a length in microseconds. */
export const microseconds = v.pipe(v.number(), v.finite());
/** Term of the paper, ≥ 0. */
export const term = count;
/** Position in the log, ≥ 0. */
export const logIndex = count;
/** Hash of a log up to an index, 16 hexadecimal digits. */
export const chain = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
/** A member of the cluster. */
export const serverId = v.custom<string>(isServerId);
/** A server or a client. */
export const endpoint = v.custom<string>(isEndpoint);
/** One direction between two endpoints; `clients` stands for every client. */
export const linkId = v.custom<LinkId>((value) => {
  if (typeof value !== 'string') return false;
  const { from, to } = endsOf(value);
  return [from, to].every((end) => end === ALL_CLIENTS || isEndpoint(end));
});
/** How a link treats messages. */
export const linkPolicy = linkPolicySchema;
/** The exchange that a message belongs to. */
export const rpc = v.picklist(Object.keys(RPCS) as [Rpc, ...Rpc[]]);
/** Whether a message asks or answers. */
export const messageKind = oneOf('request', 'reply');
/** Any JSON. */
export const json = v.custom<Json>((value) => isJson(value));
/** A command of the store. */
export const command = v.custom<Command>(isCommand);

const storedValue = v.nullable(v.string());
/** The store's answer to a command. */
export const commandResult = v.pipe(
  v.variant('ok', [
    v.strictObject({
      ok: v.literal(true),
      value: storedValue,
      previous: storedValue,
      swapped: v.exactOptional(v.boolean()),
    }),
    v.strictObject({ ok: v.literal(false), reason: v.picklist(COMMAND_REFUSALS) }),
  ]),
  v.readonly(),
);

/** Role of a server. */
export const roleName = oneOf('follower', 'pre-candidate', 'candidate', 'leader');
/** A stretch of a log in which every entry has the same term. */
export const termRun = objectOf({ term, first: logIndex, last: logIndex });
/** A log entry on the wire. */
export const wireEntry = v.pipe(
  v.variant('type', [
    v.strictObject({ type: v.literal('noop'), index: logIndex, term }),
    v.strictObject({ type: v.literal('session'), index: logIndex, term }),
    v.strictObject({
      type: v.literal('command'),
      index: logIndex,
      term,
      session: v.nullable(logIndex),
      sequence: v.nullable(count),
      command: json,
    }),
  ]),
  v.readonly(),
);

/** A sentence in both languages. */
export const bothLanguages: v.GenericSchema<BothLanguages> = objectOf({ en: text, zh: text });
/** Pace of the cluster. */
export const paceName = v.picklist(Object.keys(PACES) as [PaceName, ...PaceName[]]);

/** Timing of a run in ticks, and the share of lost messages (core/vocabulary/timing.ts). Optional fields came later. */
export const timingFields = {
  electionTicks: count,
  electionMaxTicks: optional(count),
  heartbeatTicks: count,
  hopTicks: optional(amount),
  jitterTicks: optional(amount),
  lossPercent: optional(amount),
};

/** Everything that shapes a run, written into its manifest and its first event. */
export const runSettings = objectOf({
  servers: listOf(serverId),
  pace: paceName,
  preset: oneOf('paper', 'production', 'custom'),
  flags: objectOf({ preVote: flag, checkQuorum: flag, noop: flag }),
  durability: oneOf('fsync', 'os-cache'),
  ...timingFields,
  /** Servers that run a wrong rule on purpose, with the mutant's id (docs/mutants.md); absent when every server runs the right rules. */
  mutants: optional(v.pipe(v.record(serverId, text), v.readonly())),
  /** Seeds the random numbers of every server. With real processes it repeats the draws, but not the interleaving. */
  seed: count,
});
/** Everything that shapes a run, written into its manifest and its first event. */
export type RunSettings = v.InferOutput<typeof runSettings>;

/** An event that proves something, by its place in the trace. */
export const proof = objectOf({ seq: count, source: text, life: count, nseq: count, event: text });
/** An event that proves something, by its place in the trace. */
export type Proof = v.InferOutput<typeof proof>;
/** Values that fill the gaps of a sentence. */
export const params = v.pipe(v.record(v.string(), v.union([v.string(), v.number()])), v.readonly());
/** How a scenario ended. A lab failure says nothing about Raft. */
export const scenarioVerdict = oneOf('valid', 'violated', 'unknown', 'lab-failure');
/** How a scenario ended. A lab failure says nothing about Raft. */
export type ScenarioVerdict = v.InferOutput<typeof scenarioVerdict>;
/** Whether the lab had ordered the end of a process. */
export const exitCause = oneOf('ordered', 'not-ordered');
/** Whether the lab had ordered the end of a process. */
export type ExitCause = v.InferOutput<typeof exitCause>;
/**
 * Kind of a fault. `cut`: a group is separated from the others. `partition`: groups that may overlap. `link`: single directions
 * have a policy. `unreliable`: all links behave like the course tests' unreliable network. `clients`: clients are cut off.
 */
export const faultKind = oneOf('cut', 'partition', 'link', 'unreliable', 'clients');
/** Kind of a fault. */
export type FaultKind = v.InferOutput<typeof faultKind>;
/** Kind of a random fault. */
export const nemesisKind = oneOf('kill', 'freeze', 'cut', 'one-way', 'delay', 'lose', 'duplicate');
/** Kind of a random fault. */
export type NemesisKind = v.InferOutput<typeof nemesisKind>;
/** Format of an export. */
export const exportFormat = v.picklist(EXPORT_FORMATS);
/** Outcome of a random fault. */
export const actOutcome = oneOf('done', 'failed');
