/**
 * The policy of a link in a scenario file: a word for a policy without fields (`cut`), or the fields of a shape. The
 * shape may be for all messages, or separate for `requests` and `replies`. A missing field is 0.
 */
import * as v from 'valibot';
import { type LinkPolicy, linkPolicySchema, PLAIN_SHAPE } from '../vocabulary/index.ts';
import { ScenarioMistake } from './problem.ts';

/** Policies without fields, from the schema. */
export const POLICY_WORDS: readonly string[] = linkPolicySchema.options
  .filter(({ entries }) => Object.keys(entries).length === 1)
  .map(({ entries }) => entries.mode.literal);

/** Names of the fields of a shape. */
export const SHAPE_FIELDS: readonly string[] = Object.keys(PLAIN_SHAPE);

/** Kinds of messages that may have a shape of their own. */
export const MESSAGE_KINDS = ['requests', 'replies'] as const;

/** Fields of a shape as the file has them, not checked yet. */
export type WrittenShape = Readonly<Record<string, unknown>>;

/**
 * Returns the policy of a word.
 *
 * @throws ScenarioMistake for an unknown word
 */
export function policyNamed(word: string): LinkPolicy {
  if (!POLICY_WORDS.includes(word))
    throw new ScenarioMistake(`"${word}" should be ${POLICY_WORDS.join(', ')}, or fields of a shape`);
  return checked({ mode: word });
}

/**
 * Returns a policy with these shapes.
 *
 * @throws ScenarioMistake for an unknown field or an invalid number
 */
export function policyShaped(requests: WrittenShape, replies: WrittenShape): LinkPolicy {
  return checked({ mode: 'shape', requests: { ...PLAIN_SHAPE, ...requests }, replies: { ...PLAIN_SHAPE, ...replies } });
}

function checked(written: unknown): LinkPolicy {
  const parsed = v.safeParse(linkPolicySchema, written);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new ScenarioMistake(`${v.getDotPath(issue) ?? 'policy'}: ${issue.message}`);
}
