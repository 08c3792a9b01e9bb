/**
 * Clients that write and read, so that their history can be judged. The keys rotate, because the judge's search is
 * short only while a key has few operations, and few of unknown outcome.
 */
import type { SubmitAnswer } from '../core/lab-api/index.ts';
import type { Command } from '../core/wire/index.ts';

export interface WorkloadParts {
  /** Prefix of every written text, so that two workloads of a run write different texts. */
  readonly name: string;
  readonly count: number;
  readonly isOn: () => boolean;
  readonly chance: () => number;
  readonly submit: (command: Command) => Promise<SubmitAnswer>;
  readonly sleep: (ms: number) => Promise<void>;
}

const KEYS_AT_ONCE = 3;
const MOST_OPERATIONS = 150;
const MOST_UNKNOWN = 8;
/** Longest pause of a client between two commands, milliseconds. */
const PAUSE_MS = 40;

interface Key {
  readonly name: string;
  operations: number;
  unknown: number;
  /** A value that a client has read, used for compare-and-set. */
  seen: string | null;
}

/** Runs the clients. Resolves when every client has its last answer. */
export async function runWorkload(parts: WorkloadParts): Promise<void> {
  const keys = new Keys();
  await Promise.all(Array.from({ length: parts.count }, (_, at) => client(parts, keys, at + 1)));
}

async function client({ name, isOn, chance, submit, sleep }: WorkloadParts, keys: Keys, number: number): Promise<void> {
  for (let turn = 1; isOn(); turn += 1) {
    const key = keys.pick(chance());
    const answer = await submit(drawn(key, `${name}.${number}.${turn};`, chance()));
    if (answer.outcome !== 'done') key.unknown += 1;
    else if (answer.result.ok) key.seen = answer.result.value;
    await sleep(chance() * PAUSE_MS);
  }
}

/** Draws a command. Half of the commands append, a third read, the others set or compare. */
function drawn({ name: key, seen }: Key, token: string, draw: number): Command {
  if (draw < 0.5) return { op: 'append', key, value: token };
  if (draw < 0.85) return { op: 'get', key };
  if (draw < 0.93) return { op: 'set', key, value: token };
  return { op: 'cas', key, expected: seen, value: token };
}

class Keys {
  #made = 0;
  readonly #keys: Key[] = Array.from({ length: KEYS_AT_ONCE }, () => this.#make());

  /** @param draw  in [0, 1) */
  pick(draw: number): Key {
    const at = Math.floor(draw * this.#keys.length);
    const key = this.#keys[at];
    if (key !== undefined && key.operations < MOST_OPERATIONS && key.unknown < MOST_UNKNOWN) {
      key.operations += 1;
      return key;
    }
    const next = this.#make();
    this.#keys[at] = next;
    next.operations = 1;
    return next;
  }

  #make(): Key {
    this.#made += 1;
    return { name: `k${this.#made}`, operations: 0, unknown: 0, seen: null };
  }
}
