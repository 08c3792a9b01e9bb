/**
 * Expressions in scenario files: `L + 1`, `index * 100`, `applied(i) == 0 and chance(10)`. They consist of numbers,
 * texts, lists, names and a fixed set of functions, and cannot run code. An expression is parsed once and evaluated as
 * often as needed.
 */
import { MOST_TOKENS } from './bounds.ts';
import type { Place } from './problem.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A value of an expression. A server is represented by its number: 1 for S1. */
export type Value = number | string | boolean | readonly Value[];

export type Expression =
  | { readonly type: 'value'; readonly value: Value }
  | { readonly type: 'name'; readonly name: string; readonly at: Place }
  | { readonly type: 'list'; readonly items: readonly Expression[] }
  | { readonly type: 'not'; readonly of: Expression }
  | { readonly type: 'minus'; readonly of: Expression }
  | { readonly type: 'both'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'call'; readonly name: FunctionName; readonly inputs: readonly Expression[] };

const PRECEDENCE = {
  or: 1,
  and: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
};
export type Operator = keyof typeof PRECEDENCE;

/** Functions with their number of arguments. The caller of the evaluator supplies observations and random draws. */
export const FUNCTIONS = {
  /** A random integer from 0 to n - 1. */
  random: 1,
  /** True with this percentage as its probability. */
  chance: 1,
  /** A random item of a list. */
  pick: 1,
  /** Number of servers that have applied this index, in any of their lives. */
  applied: 1,
  /** The value at an applied index; -1 when no server has applied it. */
  valueAt: 1,
  /** Whether the process of this server is running. */
  alive: 1,
  /** Whether this server is connected (course helpers connect and disconnect). */
  connected: 1,
  /** Number of torn tails that servers have found and truncated when they started. */
  torn: 0,
  /** Milliseconds since the scenario began. */
  elapsed: 0,
  length: 1,
  contains: 2,
  /** Whether every item of a list equals this value. */
  every: 2,
  floor: 1,
  min: 2,
  max: 2,
} as const satisfies Readonly<Record<string, number>>;
export type FunctionName = keyof typeof FUNCTIONS;

/**
 * Parses an expression.
 *
 * @param at  the place of the text in its file
 * @throws SyntaxError with a sentence
 */
export function readExpression(text: string, at: Place): Expression {
  const tokens = tokensOf(text);
  // Parser and evaluator recurse once for each level, and each level needs at least one token.
  if (tokens.length > MOST_TOKENS) throw new SyntaxError(`an expression has at most ${MOST_TOKENS} words and signs`);
  const reader = new Reader(tokens, at);
  const expression = reader.expression(0);
  reader.end();
  return expression;
}

/** Returns every name that an expression uses, with its place. */
export function namesIn(expression: Expression): readonly { readonly name: string; readonly at: Place }[] {
  switch (expression.type) {
    case 'value':
      return [];
    case 'name':
      return [expression];
    case 'list':
      return expression.items.flatMap(namesIn);
    case 'not':
    case 'minus':
      return namesIn(expression.of);
    case 'both':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case 'call':
      return expression.inputs.flatMap(namesIn);
  }
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #at: Place;
  #next = 0;

  constructor(tokens: readonly Token[], at: Place) {
    this.#tokens = tokens;
    this.#at = at;
  }

  expression(least: number): Expression {
    let left = this.#operand();
    for (;;) {
      const token = this.#tokens[this.#next];
      const operator = token?.type === 'operator' ? (token.text as Operator) : null;
      if (operator === null || PRECEDENCE[operator] === undefined || PRECEDENCE[operator] <= least) return left;
      this.#next += 1;
      left = { type: 'both', operator, left, right: this.expression(PRECEDENCE[operator]) };
    }
  }

  end(): void {
    const rest = this.#tokens[this.#next];
    if (rest !== undefined) throw new SyntaxError(`"${rest.text}" does not belong there`);
  }

  #operand(): Expression {
    const token = this.#tokens[this.#next];
    this.#next += 1;
    if (token === undefined) throw new SyntaxError('something is missing at its end');
    if (token.type === 'number') return { type: 'value', value: Number(token.text) };
    if (token.type === 'text') return { type: 'value', value: token.text };
    if (token.text === '-') return { type: 'minus', of: this.expression(PRECEDENCE['*']) };
    if (token.text === 'not') return { type: 'not', of: this.expression(PRECEDENCE.and) };
    if (token.text === '(') {
      const inner = this.expression(0);
      this.#expect(')');
      return inner;
    }
    if (token.text === '[') return { type: 'list', items: this.#listUntil(']') };
    if (token.type !== 'name') throw new SyntaxError(`"${token.text}" does not belong there`);
    return this.#named(token.text);
  }

  #named(name: string): Expression {
    if (name === 'true' || name === 'false') return { type: 'value', value: name === 'true' };
    if (this.#tokens[this.#next]?.text !== '(') return { type: 'name', name, at: this.#at };
    this.#next += 1;
    if (!Object.hasOwn(FUNCTIONS, name)) {
      throw new SyntaxError(`there is no function ${name}; there are ${Object.keys(FUNCTIONS).join(', ')}`);
    }
    const inputs = this.#listUntil(')');
    const wanted = FUNCTIONS[name as FunctionName];
    if (inputs.length !== wanted) throw new SyntaxError(`${name} takes ${wanted} inputs, not ${inputs.length}`);
    return { type: 'call', name: name as FunctionName, inputs };
  }

  #listUntil(close: string): readonly Expression[] {
    const items: Expression[] = [];
    if (this.#tokens[this.#next]?.text === close) {
      this.#next += 1;
      return items;
    }
    for (;;) {
      items.push(this.expression(0));
      const token = this.#tokens[this.#next];
      this.#next += 1;
      if (token?.text === close) return items;
      if (token?.text !== ',') throw new SyntaxError(`a list needs "," or "${close}" after each of its items`);
    }
  }

  #expect(text: string): void {
    if (this.#tokens[this.#next]?.text !== text) throw new SyntaxError(`"${text}" is missing`);
    this.#next += 1;
  }
}
