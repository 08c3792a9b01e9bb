/** Answers to commands with digests in place of their texts, so that two answers are compared without the texts. */
import type { CommandResult } from '../wire/index.ts';
import { textBytes } from './bytes.ts';
import { type Digest, type Digests, shown } from './digest.ts';

/** The key's new and previous value, or the reason of a refusal. */
export type Answer =
  | { readonly refused: string }
  | {
      readonly refused: null;
      readonly value: Digest | null;
      readonly previous: Digest | null;
      /** Whether a compare-and-swap took effect; null for other commands. */
      readonly swapped: boolean | null;
    };

/** Returns an answer that a client received, with digests in place of its texts. */
export function answerOf(result: CommandResult, digests: Digests): Answer {
  if (!result.ok) return { refused: result.reason };
  const { value, previous, swapped = null } = result;
  return {
    refused: null,
    value: value === null ? null : digests.of(value),
    previous: previous === null ? null : digests.of(previous),
    swapped,
  };
}

export function isSameAnswer(one: Answer, other: Answer): boolean {
  if (one.refused !== null || other.refused !== null) return one.refused === other.refused;
  return one.value === other.value && one.previous === other.previous && one.swapped === other.swapped;
}

/** The answer as text for people. Equal answers give equal texts. */
export function answerText(answer: Answer): string {
  if (answer.refused !== null) return `refused ${answer.refused}`;
  const { value, previous, swapped } = answer;
  return `${shownOrNull(value)} before ${shownOrNull(previous)}${swapped === null ? '' : ` swapped ${swapped}`}`;
}

/** Memory that the answer's texts take, in bytes. */
export function answerBytes(answer: Answer): number {
  if (answer.refused !== null) return textBytes(answer.refused.length);
  return textBytes((answer.value?.length ?? 0) + (answer.previous?.length ?? 0));
}

function shownOrNull(digest: Digest | null): string {
  return digest === null ? 'null' : shown(digest);
}
