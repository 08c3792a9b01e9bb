/**
 * The codec of the control channel at both ends: specs in the environment, requests from the lab, reports from the
 * programs. Messages are checked with valibot. Only `events`, which is frequent, is checked by hand, and only as far as
 * the recorder relies on it.
 */
import * as v from 'valibot';
import {
  ALL_CLIENTS,
  isEndpoint,
  isJson,
  isRunId,
  isServerId,
  type Json,
  linkPolicySchema,
  PACES,
  TIMING_LIMITS,
} from '../vocabulary/index.ts';
import {
  checkFields,
  isCount,
  isPositive,
  isProblem,
  isRecord,
  isString,
  type Problem,
  parseJson,
  problem,
} from './check.ts';
import type {
  ControlDown,
  ControlUp,
  EventBody,
  NetworkRequest,
  NetworkSpec,
  ServerRequest,
  ServerSpec,
} from './control-protocol.ts';

/** Encodes any control message as the text of one frame. */
export function encodeControl(message: ControlUp | ControlDown<ServerRequest> | ControlDown<NetworkRequest>): string {
  return JSON.stringify(message);
}

/** Parses a message from a program to the lab. Event fields beyond the envelope stay unchanged for the trace. */
export function decodeControlUp(text: string): ControlUp | Problem {
  const parsed = parseJson(text);
  if (isProblem(parsed)) return parsed;
  const message = parsed.value;
  if (isRecord(message) && message.type === 'events') return checkEvents(message) ?? (message as unknown as ControlUp);
  return checked(controlUp, message);
}

/** Parses a request from the lab to a server. */
export function decodeServerRequest(text: string): ControlDown<ServerRequest> | Problem {
  const parsed = parseJson(text);
  return isProblem(parsed) ? parsed : checked(serverDown, parsed.value);
}

/** Parses a request from the lab to the network process. */
export function decodeNetworkRequest(text: string): ControlDown<NetworkRequest> | Problem {
  const parsed = parseJson(text);
  return isProblem(parsed) ? parsed : checked(networkDown, parsed.value);
}

/** Parses the text of RAFT_LAB_SERVER. The sentence of a problem never contains the secret. */
export function parseServerSpec(text: string): ServerSpec | Problem {
  const parsed = parseJson(text);
  if (isProblem(parsed)) return parsed;
  const spec = checked(serverSpec, parsed.value);
  if (isProblem(spec)) return spec;
  return spec.servers.includes(spec.server) ? spec : problem('server is not one of servers');
}

/** Parses the text of RAFT_LAB_NETWORK. The sentence of a problem never contains the secret. */
export function parseNetworkSpec(text: string): NetworkSpec | Problem {
  const parsed = parseJson(text);
  return isProblem(parsed) ? parsed : checked(networkSpec, parsed.value);
}

const count = v.custom<number>(isCount);
const positive = v.custom<number>(isPositive);
const serverId = v.custom<string>(isServerId);
const json = v.custom<Json>((value) => isJson(value));
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const port = v.pipe(count, v.maxValue(65_535));
/** Every length that a run's timing can have at the slowest pace is valid. */
const slowestTickMs = Math.max(...Object.values(PACES).map((pace) => pace.tickMs));
const hopDelayMs = v.pipe(amount, v.maxValue(TIMING_LIMITS.hopTicks.most * slowestTickMs));
const jitterMs = v.exactOptional(v.pipe(amount, v.maxValue(TIMING_LIMITS.jitterTicks.most * slowestTickMs)));
const tickMs = v.pipe(amount, v.minValue(1), v.maxValue(60_000));
const lossPercent = v.exactOptional(v.pipe(amount, v.maxValue(100)));
const loopbackUrl = v.pipe(v.string(), v.regex(/^ws:\/\/127\.0\.0\.1:[1-9][0-9]{0,4}$/));
const secret = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16,256}$/));
const serverList = v.pipe(
  v.array(serverId),
  v.minLength(1),
  v.maxLength(9),
  v.check((list) => new Set(list).size === list.length),
);
const originNs = v.pipe(v.string(), v.regex(/^(?:0|-?[1-9][0-9]{0,19})$/));
const runId = v.custom<string>(isRunId);
const protocolFlags = v.strictObject({ preVote: v.boolean(), checkQuorum: v.boolean(), noop: v.boolean() });

const serverTiming = {
  electionTicks: positive,
  electionMaxTicks: v.exactOptional(positive),
  heartbeatTicks: positive,
};

const serverSpec = v.strictObject({
  runId,
  secret,
  server: serverId,
  servers: serverList,
  life: positive,
  mustExist: v.boolean(),
  folder: v.pipe(v.string(), v.nonEmpty()),
  durability: v.picklist(['fsync', 'os-cache']),
  flags: protocolFlags,
  ...serverTiming,
  mutant: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  tickMs,
  seed: count,
  controlUrl: loopbackUrl,
  networkUrl: loopbackUrl,
  originNs,
});

const networkSpec = v.strictObject({
  runId,
  secret,
  servers: serverList,
  controlUrl: loopbackUrl,
  originNs,
  life: positive,
  hopDelayMs,
  jitterMs,
  lossPercent,
  tickMs,
  electionTicks: positive,
  seed: count,
  port: v.exactOptional(v.pipe(port, v.minValue(1))),
});

const telemetry = v.strictObject({
  rssBytes: amount,
  heapBytes: amount,
  cpuUs: amount,
  uptimeMs: amount,
  ticks: count,
  missedTicks: count,
  tickLagMs: amount,
  electionElapsed: count,
  electionTimeout: count,
  lastWriteMs: amount,
  writes: count,
});

const controlUp = v.variant('type', [
  v.strictObject({
    type: v.literal('hello'),
    program: v.picklist(['server', 'network']),
    pid: positive,
    life: positive,
    version: positive,
  }),
  v.strictObject({ type: v.literal('ready'), port: v.pipe(port, v.minValue(1)) }),
  v.strictObject({ type: v.literal('telemetry'), telemetry }),
  v.variant('ok', [
    v.strictObject({ type: v.literal('answer'), id: count, ok: v.literal(true), value: json }),
    v.strictObject({ type: v.literal('answer'), id: count, ok: v.literal(false), reason: v.string() }),
  ]),
]);

const serverRequest = v.variant('type', [
  v.strictObject({ type: v.literal('go') }),
  v.strictObject({ type: v.literal('pace'), tickMs }),
  v.strictObject({ type: v.literal('timing'), ...serverTiming }),
  v.strictObject({ type: v.literal('start'), command: json }),
  v.strictObject({ type: v.literal('state') }),
  v.strictObject({ type: v.literal('die-in-write') }),
  v.strictObject({
    type: v.literal('store'),
    limit: v.pipe(positive, v.maxValue(100_000)),
    after: v.exactOptional(v.string()),
  }),
]);

const endpoint = v.custom<string>((value) => isEndpoint(value) || value === ALL_CLIENTS);
const networkRequest = v.variant('type', [
  v.strictObject({
    type: v.literal('route'),
    server: serverId,
    life: positive,
    port: v.nullable(v.pipe(port, v.minValue(1))),
  }),
  v.strictObject({
    type: v.literal('policies'),
    links: v.array(v.strictObject({ from: endpoint, to: endpoint, policy: linkPolicySchema })),
  }),
  v.strictObject({ type: v.literal('reset'), links: v.array(v.strictObject({ from: endpoint, to: endpoint })) }),
  v.strictObject({
    type: v.literal('pace'),
    hopDelayMs,
    jitterMs,
    lossPercent,
    tickMs,
    electionTicks: v.exactOptional(positive),
  }),
  v.strictObject({ type: v.literal('counts') }),
]);
const serverDown = v.strictObject({ type: v.literal('request'), id: count, request: serverRequest });
const networkDown = v.strictObject({ type: v.literal('request'), id: count, request: networkRequest });

/** Checks a value against a schema. The sentence of its first issue names the field, never the value. */
function checked<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> | Problem {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const path = v.getDotPath(result.issues[0]);
  return problem(path === null ? 'not a known message' : `field ${path} has no allowed value`);
}

function checkEvents(message: Readonly<Record<string, unknown>>): Problem | null {
  const wrong = checkFields(message, EVENTS, WRITES);
  if (wrong !== null) return wrong;
  for (const event of message.events as unknown[]) {
    if (!isEventBody(event)) return problem('an event without its envelope');
  }
  return null;
}

const EVENTS = { type: isString, events: Array.isArray, coalesced: isCount };
const WRITES = { writes: (field: unknown) => field === true };

/**
 * Checks an event's envelope. Only the recorder may set `seq`, `source` and `late`, so an event that carries one of
 * them is refused.
 */
function isEventBody(event: unknown): event is EventBody {
  return (
    isRecord(event) &&
    isCount(event.timeUs) &&
    isPositive(event.nseq) &&
    isPositive(event.life) &&
    isString(event.event) &&
    !Object.hasOwn(event, 'seq') &&
    !Object.hasOwn(event, 'source') &&
    !Object.hasOwn(event, 'late')
  );
}
