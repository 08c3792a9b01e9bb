/**
 * The history of a run's clients: each command from its request to its answer. The store is split by key; the answers (the
 * values before and after) must fit one order of all commands. Long histories are settled key by key as they grow, and
 * kept within a bound of bytes.
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
  /** Its session and number; null for a Start, and for one that got no session. */
  readonly numbered: { readonly session: number; readonly sequence: number } | null;
  /** Where the log has it, as its answer says; null before. */
  index: number | null;
};

/** Log index of a command that no client has an answer to; null when it is not known to be committed. */
export type CommittedAt = (session: number, sequence: number) => number | null;

/** Number of new operations on a key after which it is settled again. */
const SETTLED_TOGETHER = 128;
/** Younger operations are not settled: another source's event may come later than it happened, microseconds. */
const SETTLED_AFTER_US = 5_000_000;
/** Bytes that are kept; beyond them the oldest keys are given up. From the half on every key is settled in turn. */
const MOST_BYTES = 48 * 2 ** 20;

interface Key {
  readonly history: KeyHistory<KeyCommand, KeyAnswer>;
  /** A client used it. Keys that only Starts write are nobody's history. */
  isClients: boolean;
  /** Operations that came since it was settled. */
  fresh: number;
  /** Number of its operations that stand for what was not recorded. */
  unrecorded: number;
}

/** Where the recording of a lab that was killed breaks off: the last commands may be missing. */
interface Hole {
  readonly us: number;
  /** Above every log index reported before it, and below every later one. */
  readonly index: number;
}

/** Ends with the operations that are let go. */
type Settling = Pieces<readonly KeyOperation[]>;

export interface ClientHistoryOptions {
  /** Shared with the judge of the properties, so that each long text is hashed once for both. */
  readonly digests?: Digests;
  /** Bytes kept, as `keptBytes` counts them; keys beyond it are unknown. */
  readonly mostBytes?: number;
  /** False: the run is continued, so nobody here knows what its keys hold at first. */
  readonly isWhole?: boolean;
}

export interface JudgingOptions {
  readonly limits?: Limits;
  /** As the judge of the properties knows it; without it every key is searched. */
  readonly committedAt?: CommittedAt;
}

/** Collects a run's operations as its events come by. */
export class ClientHistory {
  readonly #digests: Digests;
  readonly #mostBytes: number;
  readonly #model: Model<KeyCommand, KeyAnswer>;
  readonly #keys = new Map<string, Key>();
  readonly #open = new Map<string, KeyOperation>();
  readonly #starts = new Starts<KeyOperation>();
  /** Keys that are settled in turn; a new round begins when it is through. */
  #turn: IterableIterator<Key> = this.#keys.values();
  /** Keys that are being settled, a piece with each event. */
  readonly #settling = new Map<Key, Settling>();
  #keptBytes = 0;
  #nowUs = 0;
  /** Clients' keys that were given up for the bound; any key that is not found may be one of them. */
  #givenUp: string[] = [];
  #givenUpCount = 0;
  /** Answers that clients learnt. */
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
        // An earlier attempt may have been applied. Its end may still be learnt, until it is settled.
        const call = this.#open.get(event.operation);
        if (call !== undefined) call.isOver = true;
        break;
      }
      case 'LabRestarted':
        // Clients lived in the lab that ended: nobody learns these ends any more.
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

  /** Those that are not settled yet; those that nobody learnt the end of are among them. */
  operations(): readonly Operation<KeyCommand, KeyAnswer>[] {
    return [...this.#keys.values()].filter(({ isClients }) => isClients).flatMap(({ history }) => history.operations);
  }

  /** An estimate of the memory it takes, bytes, without the digests that it shares. */
  keptBytes(): number {
    return this.#keptBytes;
  }

  /** As things stand; more may be observed afterwards. */
  judge(options: JudgingOptions = {}): HistoryVerdict {
    return atOnce(this.judging(options));
  }

  /** The same in pieces. */
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
    // A key that is too long is refused: it has no effect.
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
    // An entry without a command of the store changes nothing there, but is answered like one.
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

  /** null: it was given up, or may have been. */
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

  /** A lab that was killed lost the commands that its clients had just sent; their effects come before all that follows. */
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

  /** One more piece of the key that has waited longest. */
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

  /** Settles one more key; beyond the bound, gives up the oldest. */
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
/** Of what was not recorded. */
const NO_ANSWER: KeyAnswer = { value: null, previous: null };
/** Keys named of those that were given up. */
const MOST_NAMED = 20;
/** A key with its history and one possibility. */
const KEY_BYTES = 2 * MAP_ENTRY_BYTES + 6 * RECORD_BYTES;

function bytesOf({ name, client, input, returned }: KeyOperation): number {
  const units = name.length + client.length + ('value' in input ? input.value.length : 0);
  const expected = input.op === 'cas' ? (input.expected?.length ?? 0) : 0;
  const output = returned === null ? 0 : (returned.output.value?.length ?? 0) + (returned.output.previous?.length ?? 0);
  return MAP_ENTRY_BYTES + 6 * RECORD_BYTES + textBytes(units + expected + output);
}
