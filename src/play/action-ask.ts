/**
 * Makes the request of a step that is an action. Each field of the step becomes the field of the ask with the same
 * name.
 */
import { ACTION_STEPS, type ActionName, type ArgumentSpec } from '../core/actions/index.ts';
import { type Field, list, number, type Step, type Value } from '../core/scenario/index.ts';
import { linkOf, type ServerId } from '../core/vocabulary/index.ts';

/** Functions that make the values of fields. */
export interface AskParts {
  /** Evaluates an expression field. @throws ScenarioMistake */
  readonly value: (field: string) => Value;
  /** Returns the number of a field, checked against its range. @throws ScenarioMistake */
  readonly amount: (field: string) => number;
  /** Returns the values of both ends of a field of links. @throws ScenarioMistake */
  readonly ends: (field: string) => { readonly from: Value; readonly to: Value };
  /** Returns the ids that a value names, without repetitions. @throws ScenarioMistake */
  readonly ids: (value: Value) => readonly ServerId[];
  /** Draws a seed from the scenario's random draws. */
  readonly drawSeed: () => number;
}

/**
 * Makes the ask of a step.
 *
 * @returns null when the step names no server or no link, so there is nothing to do
 * @throws ScenarioMistake for a value that a field cannot have
 */
export function askOf(step: Step & { readonly kind: ActionName }, parts: AskParts): object | null {
  const ask: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(ACTION_STEPS[step.kind].fields)) {
    const argument = argumentOf(name, spec, step.fields[name], parts);
    if (Array.isArray(argument) && argument.length === 0 && spec.kind !== 'groups') return null;
    if (argument !== undefined) ask[name] = argument;
  }
  return ask;
}

/** @returns undefined for an absent field */
function argumentOf(name: string, spec: ArgumentSpec, field: Field | undefined, parts: AskParts): unknown {
  if (field === undefined) return spec.kind === 'seed' ? parts.drawSeed() : undefined;
  if (field.kind === 'boolean') return field.is;
  if (field.kind === 'word') return field.word;
  if (field.kind === 'command') return field.command;
  if (field.kind === 'policy') return field.policy;
  if (field.kind === 'links') return linksBetween(name, parts);
  switch (spec.kind) {
    case 'servers':
      return parts.ids(parts.value(name));
    case 'server':
      return parts.ids(number(parts.value(name)))[0];
    case 'groups':
      return list(parts.value(name))
        .map((group) => parts.ids(group))
        .filter((group) => group.length > 0);
    case 'number':
      return parts.amount(name);
    default:
      return parts.value(name);
  }
}

/** Returns every direction from a server of the first value to a server of the second. */
function linksBetween(name: string, { ends, ids }: AskParts): readonly string[] {
  const { from, to } = ends(name);
  const targets = ids(to);
  return ids(from).flatMap((one) => targets.filter((other) => other !== one).map((other) => linkOf(one, other)));
}
