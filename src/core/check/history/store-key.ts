/**
 * The model of one key of the store for judging histories. Values are digests, so that a history keeps no long text.
 */
import type { CommandResult } from '../../wire/index.ts';
import { type Digest, type Digests, joined, shown } from '../digest.ts';
import type { LoggedCommand } from '../logged-entry.ts';
import type { Model } from './operation.ts';

type StoreCommand = Exclude<LoggedCommand, { readonly op: 'none' }>;

/** Commands that a killed lab could not record. Their effect is unknown until the next answer shows it. */
interface Unrecorded {
  readonly op: 'unrecorded';
  readonly key: string;
}

/** A command of the store with digests, or any number of unrecorded commands. */
export type KeyCommand = StoreCommand | Unrecorded;

/** The key's value after a command and before it. */
export interface KeyAnswer {
  readonly value: Digest | null;
  readonly previous: Digest | null;
}

/** State of an absent key, different from every digest. */
const ABSENT = 'null';

/** State of a key whose value is unknown. */
const UNHEARD = '?';

/** One key of the store, absent at first; a state is the digest of its value, `null` when it is absent. */
export const storeKey: Model<KeyCommand, KeyAnswer> = {
  initial: ABSENT,
  step(state, command, answer) {
    if (command.op === 'unrecorded') return UNHEARD;
    if (state === UNHEARD) return stepFromUnheard(command, answer);
    const previous = state === ABSENT ? null : state;
    const value = valueAfter(previous, command);
    if (answer !== null && (answer.previous !== previous || answer.value !== value)) return null;
    return value ?? ABSENT;
  },
  describe(command, answer) {
    if (command.op === 'unrecorded') return `commands on ${command.key} that were not recorded`;
    const asked = [command.op, command.key, ...('value' in command ? [shown(command.value)] : [])].join(' ');
    if (answer === null) return `${asked} → unknown`;
    return `${asked} → ${answer.value === null ? 'null' : shown(answer.value)}`;
  },
  isRead: ({ op }) => op === 'get',
  isBlind: ({ op }) => op === 'set' || op === 'delete',
};

/** The same model for a continued run: the first value of the key is unknown until the first answer shows it. */
export const continuedStoreKey: Model<KeyCommand, KeyAnswer> = { ...storeKey, initial: UNHEARD };

function stepFromUnheard(command: StoreCommand, answer: KeyAnswer | null): string | null {
  if (answer !== null) return storeKey.step(answer.previous ?? ABSENT, command, answer);
  switch (command.op) {
    case 'set':
      return command.value;
    case 'delete':
      return ABSENT;
    default:
      return UNHEARD;
  }
}

/** Returns the answer with digests; null for a refusal, which had no effect. */
export function keyAnswer(result: CommandResult, digests: Digests): KeyAnswer | null {
  if (!result.ok) return null;
  const of = (text: string | null): Digest | null => (text === null ? null : digests.of(text));
  return { value: of(result.value), previous: of(result.previous) };
}

function valueAfter(previous: Digest | null, command: StoreCommand): Digest | null {
  switch (command.op) {
    case 'get':
      return previous;
    case 'set':
      return command.value;
    case 'append':
      return previous === null ? command.value : joined(previous, command.value);
    case 'delete':
      return null;
    case 'cas':
      return previous === command.expected ? command.value : previous;
  }
}
