/**
 * An acknowledged command took effect once, and its answer is the one that the committed log produces (§6.3; rule R4).
 * The judges' own model replays the committed log, and each answer that a client received is compared with the model's.
 * Compared answers are forgotten except the newest ones, so that an answer that is reported twice is compared twice.
 */
import type { Named } from '../trace/index.ts';
import { type Answer, answerOf, answerText, isSameAnswer } from './answer.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes, textBytes } from './bytes.ts';
import type { Ground, Property } from './property.ts';
import { Replay } from './replay.ts';
import type { Made } from './store-model.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const EXACTLY_ONCE_RULE = '§6.3; rule R4';

interface Told {
  readonly operation: string;
  readonly result: Answer;
  readonly proof: Proof;
}

interface Numbered {
  readonly session: number;
  readonly sequence: number;
}

/** Maximum number of answers that clients received and that the committed log has not produced yet. */
const MOST_OPEN = 20_000;

export function exactlyOnce(account: Account, { tree, digests, untold }: Ground): Property {
  /** Session and sequence number of each operation. */
  const asked = new BoundedMap<string, Numbered>();
  const waiting = new Map<string, Told>();
  const firsts = new FirstAnswers(account);
  const log = new Replay(tree);

  function made(one: Made, index: number): void {
    const key = `${one.session}:${one.sequence}`;
    const told = waiting.get(key);
    if (told === undefined) {
      untold.add(one, index);
      return;
    }
    waiting.delete(key);
    compare(account, told, one.result);
  }

  function hear(event: Named<'CommandDone'>): void {
    const told = { operation: event.operation, result: answerOf(event.result, digests), proof: proofOf(event) };
    const numbered = asked.get(event.operation);
    if (numbered === undefined) {
      firsts.again(told, asked.hasForgotten);
      return;
    }
    asked.delete(event.operation);
    firsts.add(told);
    const { session, sequence } = numbered;
    const known = untold.take(session, sequence);
    if (known !== undefined) compare(account, told, known.result);
    else if (waiting.size < MOST_OPEN) waiting.set(`${session}:${sequence}`, told);
    else account.unknown('too-many-open');
  }

  return {
    account,
    handlers: {
      CommitAdvanced: ({ chain, to }) => void tree.whenKnown(chain, to, (node) => log.commit(node, made)),
      CommandInvoked({ operation, session, sequence }) {
        if (session !== null && sequence !== null) asked.set(operation, { session, sequence });
      },
      CommandDone: hear,
    },
    finish() {
      for (const _told of waiting.values()) account.unknown('still-open');
      waiting.clear();
    },
    keptBytes: () =>
      log.keptBytes() +
      untold.keptBytes() +
      asked.size * factBytes({ records: 1, names: 1 }) +
      (waiting.size + firsts.size) * (factBytes({ proofs: 1, names: 2 }) + textBytes(MOST_SHOWN)),
  };
}

/** Compares an answer that a client received with the one the log produces. */
function compare(account: Account, told: Told, result: Answer | null): void {
  if (result === null) {
    account.unknown('forgotten');
    return;
  }
  account.examined();
  if (isSameAnswer(told.result, result)) return;
  account.broken({ operation: told.operation, told: answerText(told.result), right: answerText(result) }, [told.proof]);
}

/** The first answer to each operation. A repeated answer must equal it, whatever the log produces. */
class FirstAnswers {
  readonly #account: Account;
  readonly #told = new BoundedMap<string, Told>(MOST_OPEN);

  constructor(account: Account) {
    this.#account = account;
  }

  get size(): number {
    return this.#told.size;
  }

  add(told: Told): void {
    this.#told.set(told.operation, told);
  }

  again(told: Told, hasForgotten: boolean): void {
    const { operation, result, proof } = told;
    const first = this.#told.get(operation);
    if (first === undefined) {
      this.#account.unknown(hasForgotten || this.#told.hasForgotten ? 'forgotten' : 'lost-events');
      return;
    }
    this.#account.examined();
    if (isSameAnswer(result, first.result)) return;
    const params = { operation, told: answerText(result), right: answerText(first.result) };
    this.#account.broken(params, [first.proof, proof]);
  }
}

/** Maximum length of an answer's text in UTF-16 units: two values of 64 units, or two heads. */
const MOST_SHOWN = 200;
