/** Schemas of the fields that several requests share. Every list, string and number has a bound (limits.ts). */
import * as v from 'valibot';
import {
  COMMAND_OPS,
  type Command,
  fieldsOf,
  isCommand,
  isRunId,
  type LinkId,
  PACES,
  type PaceName,
  TIMING_LIMITS,
  type Timing,
} from '../vocabulary/index.ts';
import { LIMITS } from './limits.ts';

export const serverId = v.pipe(v.string(), v.regex(/^S[1-9]$/, 'a server is named S1 to S9'));
export const serverList = v.pipe(
  v.array(serverId),
  v.minLength(1, 'at least one server must be named'),
  v.maxLength(LIMITS.servers, `at most ${LIMITS.servers} servers can be named`),
  v.check((ids) => new Set(ids).size === ids.length, 'a server is named twice'),
);
const linkId = v.custom<LinkId>(
  (id) => typeof id === 'string' && /^S[1-9]>S[1-9]$/.test(id) && id[1] !== id[4],
  'a link is named S1>S2',
);
export const linkList = v.pipe(
  v.array(linkId),
  v.minLength(1, 'at least one link must be named'),
  v.maxLength(LIMITS.servers * (LIMITS.servers - 1)),
  v.check((ids) => new Set(ids).size === ids.length, 'a link is named twice'),
);
export const faultId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'not the id of a fault'));
export const runId = v.custom<string>(isRunId, 'not the id of a run');
const limited = (name: keyof Timing) => {
  const { least, most, isWhole } = TIMING_LIMITS[name];
  const number = v.pipe(v.number(), v.finite(), v.minValue(least), v.maxValue(most));
  return v.exactOptional(
    v.pipe(
      number,
      v.check((value) => !isWhole || Number.isInteger(value), 'not a whole number'),
    ),
  );
};
/** Timing of a run (core/vocabulary/timing.ts); every field may be left out. */
export const timing = {
  electionTicks: limited('electionTicks'),
  electionMaxTicks: limited('electionMaxTicks'),
  heartbeatTicks: limited('heartbeatTicks'),
  hopTicks: limited('hopTicks'),
  jitterTicks: limited('jitterTicks'),
  lossPercent: limited('lossPercent'),
};
export const pace = v.picklist(Object.keys(PACES) as readonly PaceName[]);

export const whole = v.pipe(v.number(), v.safeInteger());
export const count = v.pipe(whole, v.minValue(0));
export const seed = v.pipe(count, v.maxValue(LIMITS.seed));
/** Microseconds since the run began. */
export const timeUs = v.pipe(v.number(), v.finite(), v.minValue(0));

const key = v.pipe(
  v.string(),
  v.minLength(1, 'a key has at least one character'),
  v.maxLength(LIMITS.keyLength, `a key has at most ${LIMITS.keyLength} characters`),
);
const value = v.pipe(
  v.string(),
  v.maxLength(LIMITS.valueLength, `a value has at most ${LIMITS.valueLength} characters (64 KiB)`),
);
const commands = COMMAND_OPS.map((op) => {
  const fields = fieldsOf(op).map(([name, { word, nullable }]) => {
    const text = word === 'key' ? key : value;
    return [name, nullable ? v.nullable(text) : text] as const;
  });
  return v.strictObject({ op: v.literal(op), ...Object.fromEntries(fields) });
});
/** A command of the store, with the fields of its row in the vocabulary. */
export const command = v.pipe(v.variant('op', commands), v.custom<Command>(isCommand));

/** The ask of a request without fields. */
export const nothing = v.strictObject({});
export const servers = v.strictObject({ servers: serverList });
export const oneServer = v.strictObject({ server: serverId });
/** True when the person agreed that this closes a live run that has been used. */
export const endLive = v.exactOptional(v.boolean());
