/**
 * The policy of a link as a scenario file writes it: a word for a policy without fields (`cut`), or fields of a shape, for all
 * messages or for `requests` and `replies` apart. A field that is left out is 0.
 */
import * as v from 'valibot';
import { type LinkPolicy, linkPolicySchema, PLAIN_SHAPE } from '../vocabulary/index.ts';
import { ScenarioMistake } from './problem.ts';

/** The policies that have no fields, from the schema. */
export const POLICY_WORDS: readonly string[] = linkPolicySchema.options
  .filter(({ entries }) => Object.keys(entries).length === 1)
  .map(({ entries }) => entries.mode.literal);

/** The fields of a shape. */
export const SHAPE_FIELDS: readonly string[] = Object.keys(PLAIN_SHAPE);

/** The kinds of messages that a shape may be written for. */
export const MESSAGE_KINDS = ['requests', 'replies'] as const;

/** Fields of a shape, as they were read. */
export type WrittenShape = Readonly<Record<string, unknown>>;

/** @throws ScenarioMistake for a word that is no policy */
export function policyNamed(word: string): LinkPolicy {
  if (!POLICY_WORDS.includes(word))
    throw new ScenarioMistake(`"${word}" should be ${POLICY_WORDS.join(', ')}, or fields of a shape`);
  return checked({ mode: word });
}

/** @throws ScenarioMistake for a field or a number that no shape has */
export function policyShaped(requests: WrittenShape, replies: WrittenShape): LinkPolicy {
  return checked({ mode: 'shape', requests: { ...PLAIN_SHAPE, ...requests }, replies: { ...PLAIN_SHAPE, ...replies } });
}

function checked(written: unknown): LinkPolicy {
  const parsed = v.safeParse(linkPolicySchema, written);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new ScenarioMistake(`${v.getDotPath(issue) ?? 'policy'}: ${issue.message}`);
}
