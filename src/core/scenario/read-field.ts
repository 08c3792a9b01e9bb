/**
 * Reads and checks one field of a step by its kind: expressions, names, policies of links, commands, sentences. The
 * caller reads inner steps. Flow: read.ts → here.
 */
import type { Node } from 'yaml';
import { COMMAND_OPS, parseCommandLine, usageOf } from '../vocabulary/index.ts';
import { isFixed, NOTHING } from './constant.ts';
import { evaluate, number } from './evaluate.ts';
import { type Expression, readExpression } from './expression.ts';
import type { Names } from './names.ts';
import { partsOf, sentenceAt } from './parts.ts';
import { MESSAGE_KINDS, policyNamed, policyShaped, SHAPE_FIELDS, type WrittenShape } from './policy.ts';
import { ScenarioMistake } from './problem.ts';
import { assertInRange, type FieldSpec, STEPS, type StepKind } from './steps.ts';
import type { Field, Step } from './types.ts';
import type { YamlFile } from './yaml-nodes.ts';

/** Maximum length of a step or an expression when it is shown, in characters. */
const LONGEST_TEXT = 100;

/** Returns the text, shortened to LONGEST_TEXT characters. */
export function shown(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}

/** Reads the fields of one file. */
export class FieldReader {
  readonly #file: YamlFile;
  readonly #names: Names;
  readonly #steps: (node: Node | null) => readonly Step[];

  /** @param steps  reads a list of steps inside a field */
  constructor(file: YamlFile, names: Names, steps: (node: Node | null) => readonly Step[]) {
    this.#file = file;
    this.#names = names;
    this.#steps = steps;
  }

  /**
   * Reads one field of a step.
   *
   * @throws ScenarioProblem
   */
  read(kind: StepKind, field: string, node: Node | null): Field {
    const file = this.#file;
    const spec = STEPS[kind].fields[field];
    switch (spec?.kind) {
      case undefined:
        throw file.problem(node, 'there is no such field');
      case 'name':
        return { kind: 'name', name: this.#name(node) };
      case 'steps':
        return { kind: 'steps', steps: this.#steps(node) };
      case 'branches':
        return { kind: 'branches', branches: file.items(node, 'parallel').map((branch) => this.#steps(branch)) };
      case 'bindings':
        return { kind: 'bindings', bindings: this.#bindings(node) };
      case 'words':
        return { kind: 'words', words: sentenceAt(file, node) };
      case 'word':
        return { kind: 'word', word: this.#word(spec, node) };
      case 'command':
        return this.#command(node);
      case 'flag':
        if (file.scalar(node) === true) return { kind: 'flag' };
        throw file.problem(node, 'this is "true" or left out');
      case 'boolean':
        return this.#boolean(node);
      case 'links':
        return this.#links(node);
      case 'policy':
        return { kind: 'policy', policy: this.#policy(node) };
      default:
        return { kind: 'expression', expression: this.#amount(kind, field, node) };
    }
  }

  #bindings(node: Node | null): readonly (readonly [string, Expression])[] {
    return this.#file.entries(node, 'let').map(({ key, at, value }) => {
      this.#names.give(key, at);
      return [key, this.#expression(value)] as const;
    });
  }

  #word({ among = [] }: FieldSpec, node: Node | null): string {
    const word = this.#file.scalar(node);
    if (typeof word !== 'string') throw this.#file.problem(node, 'a text is needed here');
    if (!among.includes(word)) throw this.#file.problem(node, `"${word}" should be ${among.join(', ')}`);
    return word;
  }

  #command(node: Node | null): Field {
    const parsed = parseCommandLine(String(this.#file.scalar(node) ?? ''));
    if (parsed.ok) return { kind: 'command', command: parsed.command };
    const forms = COMMAND_OPS.map(usageOf).join(', ');
    throw this.#file.problem(node, `a command is needed here: ${forms}`);
  }

  #boolean(node: Node | null): Field {
    const is = this.#file.scalar(node);
    if (typeof is === 'boolean') return { kind: 'boolean', is };
    throw this.#file.problem(node, 'this is "true" or "false"');
  }

  #links(node: Node | null): Field {
    const parts = partsOf(this.#file, node, 'links', { needed: ['from', 'to'] });
    const [from, to] = [this.#expression(parts.get('from') ?? null), this.#expression(parts.get('to') ?? null)];
    return { kind: 'links', from, to };
  }

  #policy(node: Node | null) {
    const file = this.#file;
    try {
      if (!file.isMap(node)) return policyNamed(String(file.scalar(node) ?? ''));
      const names = file.entries(node, 'policy').map(({ key }) => key);
      if (!names.some((name) => MESSAGE_KINDS.some((kind) => kind === name))) {
        const shape = this.#shape(node, 'policy');
        return policyShaped(shape, shape);
      }
      const parts = partsOf(file, node, 'policy', { needed: [], others: MESSAGE_KINDS });
      const [requests, replies] = MESSAGE_KINDS.map((kind) =>
        parts.has(kind) ? this.#shape(parts.get(kind) ?? null, kind) : {},
      );
      return policyShaped(requests ?? {}, replies ?? {});
    } catch (cause) {
      if (cause instanceof ScenarioMistake) throw file.problem(node, cause.message);
      throw cause;
    }
  }

  #shape(node: Node | null, what: string): WrittenShape {
    const parts = partsOf(this.#file, node, what, { needed: [], others: SHAPE_FIELDS });
    return Object.fromEntries([...parts].map(([name, part]) => [name, this.#file.scalar(part)]));
  }

  /** Reads an expression. A constant one is checked against the field's range. */
  #amount(kind: StepKind, field: string, node: Node | null): Expression {
    const expression = this.#expression(node);
    if (STEPS[kind].fields[field]?.range === undefined || !isFixed(expression)) return expression;
    try {
      assertInRange(kind, field, number(evaluate(expression, NOTHING)));
    } catch (cause) {
      throw this.#file.problem(node, (cause as Error).message);
    }
    return expression;
  }

  #expression(node: Node | null): Expression {
    const file = this.#file;
    if (file.isList(node)) {
      return { type: 'list', items: file.items(node, 'a list').map((item) => this.#expression(item)) };
    }
    const value = file.scalar(node);
    if (value === null) throw file.problem(node, 'a number, a name or an expression is needed here');
    if (typeof value !== 'string') {
      if (typeof value === 'number' && !Number.isFinite(value))
        throw file.problem(node, `${value} is no number to reckon with`);
      return { type: 'value', value };
    }
    try {
      const expression = readExpression(value, file.at(node));
      this.#names.use(expression);
      return expression;
    } catch (cause) {
      throw file.problem(node, `"${shown(value)}": ${(cause as Error).message}`);
    }
  }

  #name(node: Node | null): string {
    const name = this.#file.scalar(node);
    if (typeof name !== 'string') throw this.#file.problem(node, 'a name is needed here');
    this.#names.give(name, this.#file.at(node));
    return name;
  }
}
