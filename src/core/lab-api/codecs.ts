/**
 * The guard at every door: what came from a window, a browser or a terminal is unknown until it passed here.
 * Objects are strict (an unexpected field is an error, so no pid, path or environment can slip in), servers are
 * named by id only, and every list, string and number has a bound. Flow: door → parseAsk → the lab's dispatcher.
 */
import * as v from 'valibot';
import { isRunId, type LinkId, linkPolicySchema } from '../wire/index.ts';
import type { RequestName, Requests } from './api.ts';

/** Bounds a door's requests must keep; a request beyond one is `bad-request`. */
export const LIMITS = {
  servers: 9,
  /** UTF-16 code units, the same bounds as the store's own (state-machine/commands.ts). */
  keyLength: 256,
  valueLength: 65_536,
  eventPage: 1_000,
  storeItems: 10_000,
  filterItems: 200,
  filterLength: 200,
  /** Acts of the nemesis. */
  perMinute: 600,
  /** UTF-16 code units of a scenario file; as JSON they fit into one frame of the browser door. */
  scenarioLength: 131_072,
  fileNameLength: 255,
  /** A title is one line of the list. */
  titleLength: 120,
  noteLength: 4_000,
} as const;

/** The result of `parseAsk`: the typed request, or a sentence for the person who sent it. */
export type ParsedAsk<Name extends RequestName> =
  | { readonly ok: true; readonly ask: Requests[Name]['ask'] }
  | { readonly ok: false; readonly detail: string };

const serverId = v.pipe(v.string(), v.regex(/^S[1-9]$/, 'a server is named S1 to S9'));
const serverList = v.pipe(
  v.array(serverId),
  v.minLength(1, 'at least one server must be named'),
  v.maxLength(LIMITS.servers, `at most ${LIMITS.servers} servers can be named`),
  v.check((ids) => new Set(ids).size === ids.length, 'a server is named twice'),
);
const linkId = v.custom<LinkId>(
  (id) => typeof id === 'string' && /^S[1-9]>S[1-9]$/.test(id) && id[1] !== id[4],
  'a link is named S1>S2',
);
const linkList = v.pipe(
  v.array(linkId),
  v.minLength(1, 'at least one link must be named'),
  v.maxLength(LIMITS.servers * (LIMITS.servers - 1)),
  v.check((ids) => new Set(ids).size === ids.length, 'a link is named twice'),
);
const runId = v.custom<string>(isRunId, 'not the id of a run');
const faultId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'not the id of a fault'));
const pace = v.picklist(['real', 'classroom', 'slow-motion']);
const whole = v.pipe(v.number(), v.safeInteger());
const count = v.pipe(whole, v.minValue(0));
const timeUs = v.pipe(v.number(), v.finite(), v.minValue(0));

const key = v.pipe(
  v.string(),
  v.minLength(1, 'a key has at least one character'),
  v.maxLength(LIMITS.keyLength, `a key has at most ${LIMITS.keyLength} characters`),
);
const value = v.pipe(
  v.string(),
  v.maxLength(LIMITS.valueLength, `a value has at most ${LIMITS.valueLength} characters (64 KiB)`),
);
const command = v.variant('op', [
  v.strictObject({ op: v.literal('get'), key }),
  v.strictObject({ op: v.literal('set'), key, value }),
  v.strictObject({ op: v.literal('append'), key, value }),
  v.strictObject({ op: v.literal('delete'), key }),
  v.strictObject({ op: v.literal('cas'), key, expected: v.nullable(value), value }),
]);

const flags = v.strictObject({
  preVote: v.exactOptional(v.boolean()),
  checkQuorum: v.exactOptional(v.boolean()),
  noop: v.exactOptional(v.boolean()),
});
const endLive = v.exactOptional(v.boolean());
const runChoice = v.strictObject({
  endLive,
  servers: v.exactOptional(v.pipe(whole, v.minValue(1), v.maxValue(LIMITS.servers))),
  pace: v.exactOptional(pace),
  preset: v.exactOptional(v.picklist(['paper', 'production'])),
  flags: v.exactOptional(flags),
  durability: v.exactOptional(v.picklist(['fsync', 'os-cache'])),
  mutants: v.exactOptional(v.record(serverId, v.pipe(v.string(), v.maxLength(64)))),
  electionTicks: v.exactOptional(v.pipe(whole, v.minValue(2), v.maxValue(1_000))),
  heartbeatTicks: v.exactOptional(v.pipe(whole, v.minValue(1), v.maxValue(500))),
  seed: v.exactOptional(v.pipe(count, v.maxValue(0xffff_ffff))),
});

const title = v.pipe(
  v.string(),
  v.maxLength(LIMITS.titleLength, `a title has at most ${LIMITS.titleLength} characters`),
  v.regex(/^\P{Cc}*$/u, 'a title is one line'),
);
const note = v.pipe(v.string(), v.maxLength(LIMITS.noteLength, `a note has at most ${LIMITS.noteLength} characters`));
const filterText = v.pipe(v.string(), v.maxLength(LIMITS.filterLength));
const filterList = v.pipe(v.array(filterText), v.maxLength(LIMITS.filterItems));
const eventQuery = v.strictObject({
  fromUs: v.exactOptional(timeUs),
  toUs: v.exactOptional(timeUs),
  newest: v.exactOptional(v.boolean()),
  limit: v.exactOptional(v.pipe(whole, v.minValue(1), v.maxValue(LIMITS.eventPage))),
  names: v.exactOptional(filterList),
  sources: v.exactOptional(filterList),
  text: v.exactOptional(filterText),
});

const nothing = v.strictObject({});
const oneServer = v.strictObject({ server: serverId });
const servers = v.strictObject({ servers: serverList });

type Codecs = { readonly [Name in RequestName]: v.GenericSchema<unknown, Requests[Name]['ask']> };

const CODECS: Codecs = {
  ready: v.strictObject({ autoStart: v.boolean() }),
  createRun: runChoice,
  continueRun: v.strictObject({ runId: v.nullable(runId), takeOver: v.exactOptional(v.boolean()), endLive }),
  openRun: v.strictObject({ runId, endLive }),
  closeRun: nothing,
  deleteRun: v.strictObject({ runId }),
  labelRun: v.strictObject({ runId, title: v.exactOptional(title), note: v.exactOptional(note) }),
  keepRuns: v.strictObject({
    newest: count,
    agreed: v.exactOptional(v.strictObject({ count, first: v.nullable(runId) })),
  }),
  listRuns: v.strictObject({ newest: v.exactOptional(v.pipe(whole, v.minValue(1))) }),
  dataFolder: nothing,
  kill: v.strictObject({ servers: serverList, signal: v.picklist(['SIGKILL', 'SIGTERM']) }),
  restart: servers,
  freeze: servers,
  resume: servers,
  cut: servers,
  partition: v.strictObject({ groups: v.pipe(v.array(serverList), v.minLength(1), v.maxLength(LIMITS.servers)) }),
  cutClients: servers,
  setLinks: v.strictObject({ links: linkList, policy: linkPolicySchema }),
  makeUnreliable: v.strictObject({ longReordering: v.boolean() }),
  heal: v.strictObject({ fault: v.nullable(faultId), keepFrozen: v.exactOptional(v.boolean()) }),
  resetLinks: v.strictObject({ links: linkList }),
  setKeepAlive: v.strictObject({ on: v.boolean() }),
  startNemesis: v.strictObject({
    perMinute: v.pipe(whole, v.minValue(1), v.maxValue(LIMITS.perMinute)),
    seed: v.nullable(v.pipe(count, v.maxValue(0xffff_ffff))),
  }),
  stopNemesis: nothing,
  listScenarios: nothing,
  playScenario: v.strictObject({
    name: v.pipe(v.string(), v.regex(/^[A-Za-z][\w-]{0,63}$/, 'is no name of a scenario')),
    seed: v.nullable(v.pipe(count, v.maxValue(0xffff_ffff))),
    again: v.exactOptional(v.boolean()),
    endLive,
  }),
  playScenarioFile: v.strictObject({
    file: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.fileNameLength)),
    text: v.pipe(
      v.string(),
      v.maxLength(LIMITS.scenarioLength, `a scenario has at most ${LIMITS.scenarioLength} characters`),
    ),
    seed: v.nullable(v.pipe(count, v.maxValue(0xffff_ffff))),
    endLive,
  }),
  stopScenario: nothing,
  setPace: v.strictObject({ pace }),
  submit: v.strictObject({ command }),
  start: v.strictObject({ server: serverId, command }),
  serverState: oneServer,
  stores: v.strictObject({
    limit: v.pipe(whole, v.minValue(1), v.maxValue(LIMITS.storeItems)),
    after: v.exactOptional(v.pipe(v.string(), v.maxLength(LIMITS.keyLength))),
    timeUs: v.exactOptional(timeUs),
  }),
  disk: oneServer,
  process: v.strictObject({ server: serverId, timeUs: v.exactOptional(timeUs) }),
  events: eventQuery,
  viewAt: v.strictObject({ timeUs }),
  entry: v.strictObject({ index: v.pipe(count, v.minValue(1)), term: count }),
};

/** Every request a door may make, in the order of the contract. */
export const REQUEST_NAMES = Object.keys(CODECS) as readonly RequestName[];

/** True for the name of a request; a door asks this before it passes a name on. */
export function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(CODECS, name);
}

/**
 * Checks one request.
 *
 * @param name  the request's name as the door received it; an unknown one is not ok
 * @param ask   what came with it, of any shape
 * @returns the request, or one sentence that says which field is wrong and why (never throws)
 */
export function parseAsk<Name extends RequestName>(name: Name, ask: unknown): ParsedAsk<Name> {
  if (!isRequestName(name)) return { ok: false, detail: `there is no request named ${brief(name)}` };
  const codec: v.GenericSchema<unknown, Requests[Name]['ask']> = CODECS[name];
  const parsed = v.safeParse(codec, ask, { abortEarly: true });
  if (parsed.success) return { ok: true, ask: parsed.output };
  const issue = parsed.issues[0];
  const where = v.getDotPath(issue) ?? '';
  return { ok: false, detail: `${name}${where === '' ? '' : `, field ${brief(where)}`}: ${brief(issue.message)}` };
}

/** A stranger's text, short enough for one line of a log. */
function brief(text: unknown): string {
  const line = String(text).replace(/\s+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
