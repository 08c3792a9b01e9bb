/**
 * Evaluates expressions. A value of the wrong type or size is a mistake of the scenario; its message contains the
 * value.
 */
import { MOST_ITEMS, MOST_LEVELS } from './bounds.ts';
import type { Expression, FunctionName, Operator, Value } from './expression.ts';
import { ScenarioMistake } from './problem.ts';

/** Variables, observations and random draws that an expression may use. */
export interface Surroundings {
  /** The value of a name; undefined when it has no value yet. */
  readonly valueOf: (name: string) => Value | undefined;
  /** The next draw in [0, 1). */
  readonly chance: () => number;
  readonly applied: (index: number) => number;
  readonly valueAt: (index: number) => number;
  readonly alive: (server: number) => boolean;
  readonly connected: (server: number) => boolean;
  readonly torn: () => number;
  readonly elapsedMs: () => number;
}

/**
 * Returns the value of an expression.
 *
 * @throws ScenarioMistake for a value of the wrong type or size
 */
export function evaluate(expression: Expression, around: Surroundings): Value {
  switch (expression.type) {
    case 'value':
      return expression.value;
    case 'name': {
      const value = around.valueOf(expression.name);
      if (value === undefined) throw new ScenarioMistake(`${expression.name} has no value yet`);
      return value;
    }
    case 'list':
      return bounded(expression.items.map((item) => evaluate(item, around)));
    case 'not':
      return !truth(evaluate(expression.of, around));
    case 'minus':
      return -number(evaluate(expression.of, around));
    case 'both':
      return both(expression, around);
    case 'call':
      return CALLS[expression.name](
        expression.inputs.map((input) => evaluate(input, around)),
        around,
      );
  }
}

function both(expression: Extract<Expression, { readonly type: 'both' }>, around: Surroundings): Value {
  const { operator } = expression;
  const left = evaluate(expression.left, around);
  if (operator === 'and') return truth(left) && truth(evaluate(expression.right, around));
  if (operator === 'or') return truth(left) || truth(evaluate(expression.right, around));
  const right = evaluate(expression.right, around);
  if (operator === '==') return same(left, right);
  if (operator === '!=') return !same(left, right);
  return ARITHMETIC[operator](number(left), number(right));
}

const ARITHMETIC: Readonly<Record<Exclude<Operator, 'and' | 'or' | '==' | '!='>, (a: number, b: number) => Value>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const CALLS: Readonly<Record<FunctionName, (inputs: readonly Value[], around: Surroundings) => Value>> = {
  random: ([most], { chance }) => Math.floor(chance() * number(most)),
  chance: ([percent], { chance }) => chance() * 100 < number(percent),
  pick: ([items], { chance }) => {
    const all = list(items);
    const picked = all[Math.floor(chance() * all.length)];
    if (picked === undefined) throw new ScenarioMistake('there is nothing to pick from an empty list');
    return picked;
  },
  applied: ([index], { applied }) => applied(number(index)),
  valueAt: ([index], { valueAt }) => valueAt(number(index)),
  alive: ([server], { alive }) => alive(number(server)),
  connected: ([server], { connected }) => connected(number(server)),
  torn: (_inputs, { torn }) => torn(),
  elapsed: (_inputs, { elapsedMs }) => elapsedMs(),
  length: ([items]) => list(items).length,
  contains: ([items, item]) => list(items).some((one) => item !== undefined && same(one, item)),
  every: ([items, item]) => list(items).every((one) => item !== undefined && same(one, item)),
  floor: ([value]) => Math.floor(number(value)),
  min: ([a, b]) => Math.min(number(a), number(b)),
  max: ([a, b]) => Math.max(number(a), number(b)),
};

/**
 * Returns a value as a number.
 *
 * @throws ScenarioMistake for a value of another type
 */
export function number(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  throw new ScenarioMistake(`${told(value)} is not a number`);
}

/**
 * Returns a value as a boolean.
 *
 * @throws ScenarioMistake for a value of another type
 */
export function truth(value: Value | undefined): boolean {
  if (typeof value === 'boolean') return value;
  throw new ScenarioMistake(`${told(value)} is neither true nor false`);
}

/**
 * Returns a value as a list.
 *
 * @throws ScenarioMistake for a value of another type
 */
export function list(value: Value | undefined): readonly Value[] {
  if (Array.isArray(value)) return value;
  throw new ScenarioMistake(`${told(value)} is not a list`);
}

/**
 * Returns the list itself when it is within the bounds of a value.
 *
 * @throws ScenarioMistake beyond MOST_ITEMS items or MOST_LEVELS levels
 */
export function bounded(items: readonly Value[]): readonly Value[] {
  let count = 0;
  const walk = (inner: readonly Value[], level: number): void => {
    if (level > MOST_LEVELS) throw new ScenarioMistake(`a value has at most ${MOST_LEVELS} lists inside each other`);
    count += inner.length;
    // A list that occurs in several places counts once for each place, because comparing or printing visits it each
    // time.
    if (count > MOST_ITEMS) throw new ScenarioMistake(`a value has at most ${MOST_ITEMS} items`);
    for (const item of inner) if (Array.isArray(item)) walk(item, level + 1);
  };
  walk(items, 1);
  return items;
}

function same(a: Value, b: Value): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((item: Value, at) => same(item, b[at] as Value));
}

function told(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > LONGEST_TOLD ? `${text.slice(0, LONGEST_TOLD - 1)}…` : text;
}

/** Maximum length of a value in a message, in characters. */
const LONGEST_TOLD = 100;
