/**
 * The history of a run's clients: each command from its request to its answer. The store is split by key. The answers
 * (the values before and after) must fit one order of all commands. Long histories are settled key by key as they grow,
 * and kept within a bound of bytes.
 */

import type { TraceEvent } from '../../trace/index.ts';
import type { Json } from '../../vocabulary/index.ts';
import { MAP_ENTRY_BYTES, RECORD_BYTES, textBytes } from '../bytes.ts';
import { Digests } from '../digest.ts';
import { loggedCommand } from '../logged-entry.ts';
import { atOnce, type Pieces } from '../pieces.ts';
import { type HistoryVerdict, judgingHistory, told, verdictOf } from './judge-history.ts';
import { type GrowingOperation, KeyHistory } from './key-history.ts';
import type { PlaceOf } from './log-order.ts';
import type { Model, Operation } from './operation.ts';
import type { Limits } from './search.ts';
import { Starts } from './starts.ts';
import { continuedStoreKey, type KeyAnswer, type KeyCommand, keyAnswer, storeKey } from './store-key.ts';

type KeyOperation = GrowingOperation<KeyCommand, KeyAnswer> & {
  /** Session and sequence number; null for a Start, and for a command without a session. */
  readonly numbered: { readonly session: number; readonly sequence: number } | null;
  /** Log index from the answer; null before the answer. */
  index: number | null;
};

/** Log index of a command whose answer no client received; null when it is not known to be committed. */
export type CommittedAt = (session: number, sequence: number) => number | null;

/** Number of new operations on a key after which it is settled again. */
const SETTLED_TOGETHER = 128;
/**
 * Younger operations are not settled, because events of another source may be read this much later, in microseconds.
 */
const SETTLED_AFTER_US = 5_000_000;
/**
 * Maximum number of bytes kept; beyond it the oldest keys are given up. Above half of it every key is settled in turn.
 */
const MOST_BYTES = 48 * 2 ** 20;

interface Key {
  readonly history: KeyHistory<KeyCommand, KeyAnswer>;
  /** Whether a client used the key. Keys that only Starts write are not judged. */
  isClients: boolean;
  /** Number of operations added since the key was last settled. */
  fresh: number;
  /** Number of its operations that stand for unrecorded commands. */
  unrecorded: number;
}

/** The end of the recording of a killed lab, whose last commands may be missing. */
interface Hole {
  readonly us: number;
  /** A place in the log above every index reported before the hole and below every later one. */
  readonly index: number;
}

/** Settles a key in pieces; its result is the dropped operations. */
type Settling = Pieces<readonly KeyOperation[]>;

export interface ClientHistoryOptions {
  /** Shared with the judge of the properties, so that each long text is hashed once for both. */
  readonly digests?: Digests;
  /** Maximum number of bytes kept, as `keptBytes` counts them. Keys that are given up for it are unknown. */
  readonly mostBytes?: number;
  /** False for a continued run, whose keys have unknown first values. */
  readonly isWhole?: boolean;
}

export interface JudgingOptions {
  readonly limits?: Limits;
  /**
   * Finds commands without an answer in the log. The judge of the properties provides it; else all keys are searched.
   */
  readonly committedAt?: CommittedAt;
}

/** Collects a run's operations from its events. */
export class ClientHistory {
  readonly #digests: Digests;
  readonly #mostBytes: number;
  readonly #model: Model<KeyCommand, KeyAnswer>;
  readonly #keys = new Map<string, Key>();
  readonly #open = new Map<string, KeyOperation>();
  readonly #starts = new Starts<KeyOperation>();
  /** Keys to be settled in turn; a new round begins after the last key. */
  #turn: IterableIterator<Key> = this.#keys.values();
  /** Keys that are being settled, one piece with each event. */
  readonly #settling = new Map<Key, Settling>();
  #keptBytes = 0;
  #nowUs = 0;
  /** Clients' keys that were given up for the bound. From then on any missing key may be one of them. */
  #givenUp: string[] = [];
  #givenUpCount = 0;
  /** Number of answers that clients received. */
  #answers = 0;
  /** The highest log index in an answer. */
  #highestIndex = 0;
  #hole: Hole | null = null;
  #hasEnded = false;

  constructor({ digests = new Digests(), mostBytes = MOST_BYTES, isWhole = true }: ClientHistoryOptions = {}) {
    this.#digests = digests;
    this.#mostBytes = mostBytes;
    this.#model = isWhole ? storeKey : continuedStoreKey;
  }

  observe(event: TraceEvent): void {
    switch (event.event) {
      case 'StartOrdered':
        this.#started(event.server, event.command, event.timeUs);
        break;
      case 'StartAnswered':
        this.#answered(event.server, event.outcome === 'not-leader');
        break;
      case 'CommandInvoked':
        this.#invoked(event);
        break;
      case 'CommandDone':
        this.#done(event);
        break;
      case 'CommandUnknown':
      case 'CommandRefused': {
        // An earlier attempt may have been applied. Its answer may still be reported until the operation is settled.
        const call = this.#open.get(event.operation);
        if (call !== undefined) call.isOver = true;
        break;
      }
      case 'LabRestarted':
        // The clients ran in the lab that ended, so these answers will never be reported.
        for (const call of this.#open.values()) call.isOver = true;
        this.#starts.giveUp();
        if (!this.#hasEnded) this.#breakOff({ us: event.timeUs, index: this.#highestIndex + 0.5 });
        this.#hasEnded = false;
        break;
      case 'RunEnded':
        this.#hasEnded = true;
        return;
      default:
        return;
    }
    this.#nowUs = Math.max(this.#nowUs, event.timeUs);
    this.#settleOn();
    if (this.#keptBytes > this.#mostBytes / 2) this.#makeRoom();
  }

  /** Operations that are not settled yet, including those without an answer. */
  operations(): readonly Operation<KeyCommand, KeyAnswer>[] {
    return [...this.#keys.values()].filter(({ isClients }) => isClients).flatMap(({ history }) => history.operations);
  }

  /** Estimated memory in bytes, without the shared digests. */
  keptBytes(): number {
    return this.#keptBytes;
  }

  /** Judges the events so far; more may be observed afterwards. */
  judge(options: JudgingOptions = {}): HistoryVerdict {
    return atOnce(this.judging(options));
  }

  /** `judge` in pieces. */
  *judging({ limits, committedAt }: JudgingOptions = {}): Pieces<HistoryVerdict> {
    const placeOf = committedAt === undefined ? undefined : placesBy(committedAt);
    const keys = [...this.#keys].filter(([, { isClients }]) => isClients);
    const whole = keys.filter(([, { history }]) => !history.isSettled);
    const found = yield* judgingHistory(
      this.#model,
      whole.flatMap(([, { history }]) => history.operations),
      { ...(limits === undefined ? {} : { limits }), ...(placeOf === undefined ? {} : { placeOf }) },
    );
    let { operations, steps, violation } = found;
    for (const [, { unrecorded }] of keys) operations -= unrecorded;
    const unknownKeys = [...found.unknownKeys, ...this.#givenUp];
    for (const [key, { history }] of keys) {
      if (!history.isSettled) continue;
      yield;
      const { answer, steps: its, around } = yield* history.judging(placeOf);
      operations += history.counted;
      steps += its;
      if (answer === 'unknown') unknownKeys.push(key);
      if (answer !== 'violated' || violation !== null) continue;
      violation = { key, window: (around as readonly KeyOperation[]).map((operation) => told(storeKey, operation)) };
    }
    const verdict = verdictOf(this.#answers, violation !== null, unknownKeys.length);
    const givenUp = this.#givenUpCount;
    return { verdict, operations, keys: keys.length + givenUp, steps, violation, unknownKeys, givenUp };
  }

  #invoked({
    operation: name,
    client,
    command,
    session,
    sequence,
    timeUs: invoked,
  }: Extract<TraceEvent, { event: 'CommandInvoked' }>): void {
    const input = loggedCommand(command as Json, this.#digests);
    // A key that is too long is refused, so the command has no effect.
    if (input.op === 'none') return;
    const key = this.#keyOf(input.key, true);
    if (key === null) return;
    const numbered = session === null || sequence === null ? null : { session, sequence };
    const call: KeyOperation = { name, client, key: input.key, input, invoked, numbered, ...NEW };
    this.#open.set(name, call);
    this.#add(key, call);
  }

  #done({ operation: name, result, index, timeUs: at }: Extract<TraceEvent, { event: 'CommandDone' }>): void {
    const call = this.#open.get(name);
    if (call === undefined) return;
    this.#open.delete(name);
    const key = this.#keys.get(call.key);
    if (key === undefined || call.isSettled) return;
    const output = keyAnswer(result, this.#digests);
    // An input that is not a command had no effect.
    if (output === null) {
      key.history.remove(call);
      this.#keptBytes -= bytesOf(call);
    } else {
      this.#keptBytes -= bytesOf(call);
      call.returned = { at, output };
      call.index = index;
      this.#highestIndex = Math.max(this.#highestIndex, index ?? 0);
      this.#answers += 1;
      call.isOver = true;
      this.#keptBytes += bytesOf(call);
    }
    if (key.fresh >= SETTLED_TOGETHER) this.#settle(key);
  }

  #started(server: string, command: Json, invoked: number): void {
    const input = loggedCommand(command, this.#digests);
    const name = this.#starts.nextName();
    // An input without a command of the store changes nothing there, but is answered like a command.
    const key = input.op === 'none' ? null : this.#keyOf(input.key, false);
    if (input.op === 'none' || key === null) {
      this.#starts.ordered(server, null);
      return;
    }
    const start: KeyOperation = { name, client: name, key: input.key, input, invoked, numbered: null, ...NEW };
    this.#starts.ordered(server, start);
    this.#add(key, start);
  }

  #answered(server: string, isRefused: boolean): void {
    const refused = this.#starts.answered(server, isRefused);
    if (refused === null) return;
    const key = this.#keys.get(refused.key);
    key?.history.remove(refused);
    if (key !== undefined) this.#keptBytes -= bytesOf(refused);
  }

  /** Returns null for a key that was given up, or may have been. */
  #keyOf(name: string, isClients: boolean): Key | null {
    const known = this.#keys.get(name);
    if (known !== undefined) {
      known.isClients ||= isClients;
      return known;
    }
    if (this.#givenUpCount > 0) return null;
    const key: Key = { history: new KeyHistory(this.#model), isClients, fresh: 0, unrecorded: 0 };
    this.#keys.set(name, key);
    this.#keptBytes += KEY_BYTES + textBytes(name.length);
    if (this.#hole !== null) this.#addUnrecorded(name, key, this.#hole);
    return key;
  }

  /** Adds the unrecorded commands of a killed lab to each key. Their effects precede all later operations. */
  #breakOff(hole: Hole): void {
    this.#hole = hole;
    for (const [name, key] of this.#keys) this.#addUnrecorded(name, key, hole);
  }

  #addUnrecorded(name: string, key: Key, { us, index }: Hole): void {
    key.unrecorded += 1;
    this.#add(key, {
      ...{ name: `unrecorded-${us}`, client: 'lab', key: name, input: { op: 'unrecorded', key: name }, invoked: us },
      ...{ returned: { at: us, output: NO_ANSWER }, numbered: null, index, isOver: true, isSettled: false },
    });
  }

  #add(key: Key, operation: KeyOperation): void {
    key.history.add(operation);
    key.fresh += 1;
    this.#keptBytes += bytesOf(operation);
  }

  #settle(key: Key): void {
    if (this.#settling.has(key)) return;
    key.fresh = 0;
    this.#settling.set(key, key.history.settling(this.#nowUs - SETTLED_AFTER_US) as Settling);
  }

  /** Settles one more piece of the key that has waited longest. */
  #settleOn(): void {
    const [first] = this.#settling;
    if (first === undefined) return;
    const [key, pieces] = first;
    const piece = pieces.next();
    if (piece.done !== true) return;
    this.#settling.delete(key);
    for (const operation of piece.value) {
      this.#keptBytes -= bytesOf(operation);
      this.#open.delete(operation.name);
    }
  }

  /** Settles one more key. Beyond the bound, gives up the oldest keys. */
  #makeRoom(): void {
    const { value, done } = this.#turn.next();
    if (done === true) this.#turn = this.#keys.values();
    else if (value.fresh > 0) this.#settle(value);
    if (this.#keptBytes <= this.#mostBytes) return;
    for (const [name, key] of this.#keys) {
      if (this.#keptBytes <= 0.75 * this.#mostBytes) return;
      this.#giveUp(name, key);
    }
  }

  #giveUp(name: string, key: Key): void {
    const { history, isClients } = key;
    this.#keys.delete(name);
    this.#settling.delete(key);
    this.#keptBytes -= KEY_BYTES + textBytes(name.length);
    for (const operation of history.operations as readonly KeyOperation[]) {
      this.#keptBytes -= bytesOf(operation);
      this.#open.delete(operation.name);
    }
    if (!isClients) return;
    this.#givenUpCount += 1;
    if (this.#givenUp.length < MOST_NAMED) this.#givenUp.push(name);
  }
}

function placesBy(committedAt: CommittedAt): PlaceOf<KeyCommand, KeyAnswer> {
  return (operation) => {
    const { index, numbered } = operation as KeyOperation;
    return index ?? (numbered === null ? null : committedAt(numbered.session, numbered.sequence));
  };
}

/** An operation that was just called. */
const NEW = { returned: null, index: null, isOver: false, isSettled: false } as const;
/** The answer of unrecorded commands. */
const NO_ANSWER: KeyAnswer = { value: null, previous: null };
/** Maximum number of given-up keys that are named. */
const MOST_NAMED = 20;
/** Bytes of a key with its history and one possibility. */
const KEY_BYTES = 2 * MAP_ENTRY_BYTES + 6 * RECORD_BYTES;

function bytesOf({ name, client, input, returned }: KeyOperation): number {
  const units = name.length + client.length + ('value' in input ? input.value.length : 0);
  const expected = input.op === 'cas' ? (input.expected?.length ?? 0) : 0;
  const output = returned === null ? 0 : (returned.output.value?.length ?? 0) + (returned.output.previous?.length ?? 0);
  return MAP_ENTRY_BYTES + 6 * RECORD_BYTES + textBytes(units + expected + output);
}
