/** Reads the fields of a step. The scenario reader has checked them, so required fields are present. */
import type { Expression, Step } from '../core/scenario/index.ts';
import type { BothLanguages } from '../core/trace/index.ts';

export function expressionOf(step: Step, field: string): Expression {
  const found = step.fields[field];
  if (found?.kind === 'expression') return found.expression;
  throw new Error(`${step.kind} has no ${field}`);
}

/** Returns the name in a field; null when the field is absent. */
export function nameOf(step: Step, field: string): string | null {
  const found = step.fields[field];
  return found?.kind === 'name' ? found.name : null;
}

/** Returns the steps in a field; empty when the field is absent. */
export function stepsOf(step: Step, field: string): readonly Step[] {
  const found = step.fields[field];
  return found?.kind === 'steps' ? found.steps : [];
}

export function branchesOf(step: Step): readonly (readonly Step[])[] {
  const found = step.fields.branches;
  return found?.kind === 'branches' ? found.branches : [];
}

export function bindingsOf(step: Step): readonly (readonly [string, Expression])[] {
  const found = step.fields.names;
  return found?.kind === 'bindings' ? found.bindings : [];
}

/** Returns both ends of a field of links. */
export function linksOf(step: Step, field: string): { readonly from: Expression; readonly to: Expression } {
  const found = step.fields[field];
  if (found?.kind === 'links') return found;
  throw new Error(`${step.kind} has no ${field}`);
}

export function wordsOf(step: Step, field: string): BothLanguages {
  const found = step.fields[field];
  return found?.kind === 'words' ? found.words : { en: '', zh: '' };
}
