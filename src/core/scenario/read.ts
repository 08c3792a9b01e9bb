/**
 * Reads a scenario file. Every step, field, name and expression is checked before anything starts, and so is that no loop
 * is endless; each problem is reported with line and column.
 */
import type { Node } from 'yaml';
import { type BothLanguages, COMMAND_OPS, parseCommandLine, usageOf } from '../vocabulary/index.ts';
import { MOST_SECONDS, MOST_SERVERS, MOST_STEPS } from './bounds.ts';
import { evaluate, number, type Surroundings } from './evaluate.ts';
import { type Expression, namesIn, readExpression } from './expression.ts';
import { type Place, ScenarioProblem } from './problem.ts';
import { assertInRange, type FieldSpec, STEPS, type StepKind, type StepSpec } from './steps.ts';
import type { Field, Scenario, ScenarioCluster, Step } from './types.ts';
import { YamlFile } from './yaml-nodes.ts';

const USUAL_SECONDS = 300;
/** Predefined names: the servers by name, and by their current role. */
const SERVER_NAME = /^(S[1-9]|all|alive|dead|leader|follower|any|minority|majority)$/;
/** Characters of a step as it is shown. */
const LONGEST_TEXT = 100;
const NAME = /^[A-Za-z_]\w{0,31}$/;

/** @throws ScenarioProblem */
export function readScenario(text: string): Scenario {
  const reader = new ScenarioReader(new YamlFile(text));
  const scenario = reader.scenario();
  reader.assertNames(scenario.cluster.servers);
  return scenario;
}

class ScenarioReader {
  readonly #file: YamlFile;
  readonly #given = new Set<string>();
  readonly #used: { readonly name: string; readonly at: Place }[] = [];
  #count = 0;
  /** How many `tries` are around what is read now; a background part is around by itself. */
  #tries = 0;

  constructor(file: YamlFile) {
    this.#file = file;
  }

  scenario(): Scenario {
    const file = this.#file;
    const parts = this.#fields(
      file.root,
      'a scenario',
      ['name', 'title', 'cluster', 'steps'],
      [...['part', 'order', 'reported', 'limit']],
    );
    const name = this.#word(parts, 'name');
    if (!/^[A-Za-z][\w-]{0,63}$/.test(name))
      throw file.problem(parts.get('name') ?? null, 'a name has letters, digits, - and _');
    return {
      name,
      title: this.#words(parts.get('title') ?? null),
      part: parts.has('part') ? this.#word(parts, 'part') : '',
      order: parts.has('order') ? this.#number(parts, 'order', 1, 1_000) : 0,
      reported: parts.has('reported') ? this.#number(parts, 'reported', 0, MOST_SECONDS) : null,
      cluster: this.#cluster(parts.get('cluster') ?? null),
      limit: parts.has('limit') ? this.#number(parts, 'limit', 1, MOST_SECONDS) : USUAL_SECONDS,
      steps: this.#steps(parts.get('steps') ?? null),
    };
  }

  /** @throws ScenarioProblem for a name that nothing gives a value, or of a server the cluster has not */
  assertNames(servers: number): void {
    for (const { name, at } of this.#used) {
      if (/^S[1-9]$/.test(name) && Number(name.slice(1)) > servers) {
        throw new ScenarioProblem(at, `there is no ${name} in a cluster of ${servers}`);
      }
      if (!this.#given.has(name) && !SERVER_NAME.test(name)) {
        throw new ScenarioProblem(
          at,
          `nothing gives ${name} a value; there are ${[...this.#given].join(', ') || 'no names'}`,
        );
      }
    }
  }

  #cluster(node: Node | null): ScenarioCluster {
    const parts = this.#fields(node, 'cluster', ['servers'], ['mode', 'pace']);
    return {
      servers: this.#number(parts, 'servers', 1, MOST_SERVERS),
      mode: this.#oneOf(parts, 'mode', ['course', 'paper', 'production'], 'course'),
      pace: this.#oneOf(parts, 'pace', ['real', 'classroom', 'slow-motion'], 'real'),
    };
  }

  #steps(node: Node | null): readonly Step[] {
    return this.#file.items(node, 'steps').map((item) => this.#step(item));
  }

  #step(node: Node | null): Step {
    const file = this.#file;
    const [entry, more] = file.entries(node, 'a step');
    if (entry === undefined) throw file.problem(node, 'a step has a name');
    if (more !== undefined)
      throw new ScenarioProblem(more.at, `${more.key}: a step has one name; indent it or begin a new "- "`);
    if (!Object.hasOwn(STEPS, entry.key)) {
      throw new ScenarioProblem(entry.at, `there is no step ${entry.key}; there are ${Object.keys(STEPS).join(', ')}`);
    }
    this.#count += 1;
    if (this.#count > MOST_STEPS) throw new ScenarioProblem(entry.at, `more than ${MOST_STEPS} steps`);
    const kind = entry.key as StepKind;
    const spec: StepSpec = STEPS[kind];
    if (kind === 'retry' && this.#tries === 0)
      throw new ScenarioProblem(entry.at, 'retry: there is no "tries" around it');
    const around = this.#tries;
    this.#tries = kind === 'tries' ? around + 1 : kind === 'background' || kind === 'parallel' ? 0 : around;
    const fields = this.#stepFields(kind, spec, entry.value, entry.at);
    this.#tries = around;
    const text = file.source(entry.at, entry.value);
    const step = { kind, at: entry.at, text: shown(text), fields };
    assertEnds(step);
    return step;
  }

  #stepFields(kind: StepKind, spec: StepSpec, node: Node | null, at: Place): Readonly<Record<string, Field>> {
    const names = Object.keys(spec.fields);
    const needed = names.filter((name) => spec.fields[name]?.needed === true);
    const isWhole = spec.main === null || (this.#file.isMap(node) && !isMapKind(spec.fields[spec.main]));
    if (!isWhole && spec.main !== null) return { [spec.main]: this.#field(kind, spec.main, node) };
    if (this.#file.isNothing(node)) throw new ScenarioProblem(at, `${kind} needs ${needed.join(', ')}`);
    const parts = this.#fields(
      node,
      kind,
      needed,
      names.filter((name) => !needed.includes(name)),
    );
    return Object.fromEntries([...parts].map(([name, part]) => [name, this.#field(kind, name, part)]));
  }

  #field(kind: StepKind, field: string, node: Node | null): Field {
    const file = this.#file;
    const { fields }: StepSpec = STEPS[kind];
    const spec = fields[field];
    switch (spec?.kind) {
      case 'expression':
        return { kind: 'expression', expression: this.#amount(kind, field, node) };
      case 'name':
        return { kind: 'name', name: this.#name(node) };
      case 'steps':
        return { kind: 'steps', steps: this.#steps(node) };
      case 'branches':
        return { kind: 'branches', branches: file.items(node, 'parallel').map((branch) => this.#steps(branch)) };
      case 'bindings': {
        const bindings = file.entries(node, 'let').map(({ key, at, value }) => {
          this.#give(key, at);
          return [key, this.#expression(value)] as const;
        });
        return { kind: 'bindings', bindings };
      }
      case 'words':
        return { kind: 'words', words: this.#words(node) };
      case 'word': {
        const word = file.scalar(node);
        if (typeof word !== 'string') throw file.problem(node, 'a text is needed here');
        if (spec.among !== undefined && !spec.among.includes(word)) {
          throw file.problem(node, `"${word}" should be ${spec.among.join(', ')}`);
        }
        return { kind: 'word', word };
      }
      case 'command': {
        const parsed = parseCommandLine(String(file.scalar(node) ?? ''));
        if (parsed.ok) return { kind: 'command', command: parsed.command };
        throw file.problem(node, `a command is needed here: ${COMMAND_OPS.map(usageOf).join(', ')}`);
      }
      case 'flag':
        return this.#flag(spec, node);
      case undefined:
        throw file.problem(node, 'there is no such field');
    }
  }

  /** `true`, or one of the words that the field takes instead. */
  #flag({ among = [] }: FieldSpec, node: Node | null): Field {
    const file = this.#file;
    const value = file.scalar(node);
    if (value === true) return { kind: 'flag' };
    if (typeof value === 'string' && among.includes(value)) return { kind: 'word', word: value };
    if (among.length === 0) throw file.problem(node, 'this is "true" or left out');
    throw file.problem(node, `"${value}" should be ${['true', ...among].join(' or ')}`);
  }

  /** An expression; one that is always the same number is compared with the field's range. */
  #amount(kind: StepKind, field: string, node: Node | null): Expression {
    const expression = this.#expression(node);
    const { fields }: StepSpec = STEPS[kind];
    if (fields[field]?.range === undefined || !isFixed(expression)) return expression;
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
      this.#used.push(...namesIn(expression));
      return expression;
    } catch (cause) {
      throw file.problem(node, `"${shown(value)}": ${(cause as Error).message}`);
    }
  }

  #words(node: Node | null): BothLanguages {
    const parts = this.#fields(node, 'a sentence', ['en', 'zh'], []);
    return { en: this.#word(parts, 'en'), zh: this.#word(parts, 'zh') };
  }

  #name(node: Node | null): string {
    const name = this.#file.scalar(node);
    if (typeof name !== 'string') throw this.#file.problem(node, 'a name is needed here');
    this.#give(name, this.#file.at(node));
    return name;
  }

  #give(name: string, at: Place): void {
    if (!NAME.test(name)) throw new ScenarioProblem(at, `"${name}" is no name: letters, digits and _, at most 32`);
    if (SERVER_NAME.test(name)) throw new ScenarioProblem(at, `${name} is a name of servers`);
    this.#given.add(name);
  }

  /** @throws ScenarioProblem for a field that is missing or does not belong there */
  #fields(
    node: Node | null,
    what: string,
    needed: readonly string[],
    others: readonly string[],
  ): Map<string, Node | null> {
    const found = new Map<string, Node | null>();
    for (const { key, at, value } of this.#file.entries(node, what)) {
      if (!needed.includes(key) && !others.includes(key)) {
        throw new ScenarioProblem(at, `${what} has no ${key}; it has ${[...needed, ...others].join(', ')}`);
      }
      found.set(key, value);
    }
    const missing = needed.find((name) => !found.has(name));
    if (missing !== undefined) throw this.#file.problem(node, `${what} needs ${missing}`);
    return found;
  }

  #word(parts: ReadonlyMap<string, Node | null>, key: string): string {
    const node = parts.get(key) ?? null;
    const word = this.#file.scalar(node);
    if (typeof word !== 'string' || word === '') throw this.#file.problem(node, `${key} is a text`);
    return word;
  }

  #number(parts: ReadonlyMap<string, Node | null>, key: string, least: number, most: number): number {
    const node = parts.get(key) ?? null;
    const value = this.#file.scalar(node);
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw this.#file.problem(node, `${key} is a number from ${least} to ${most}`);
  }

  #oneOf<Word extends string>(
    parts: ReadonlyMap<string, Node | null>,
    key: string,
    among: readonly Word[],
    usual: Word,
  ): Word {
    if (!parts.has(key)) return usual;
    const word = this.#word(parts, key);
    const found = among.find((one) => one === word);
    if (found !== undefined) return found;
    throw this.#file.problem(parts.get(key) ?? null, `"${word}" should be ${among.join(', ')}`);
  }
}

/** A step whose bare value is itself a map (`let`, `note`) is not looked into for fields. */
function isMapKind(spec: FieldSpec | undefined): boolean {
  return spec?.kind === 'bindings' || spec?.kind === 'words';
}

/** @throws ScenarioProblem for a loop that can be seen to be endless */
function assertEnds({ kind, fields, at }: Step): void {
  if (kind === 'loop' && fields.while?.kind === 'expression' && isFixed(fields.while.expression)) {
    throw new ScenarioProblem(at, 'loop: nothing can ever change its "while"; it would never end');
  }
}

/** At most LONGEST_TEXT characters. */
function shown(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}

/** The environment of a constant expression. */
const NOTHING: Surroundings = {
  valueOf: () => undefined,
  chance: () => 0,
  applied: () => 0,
  valueAt: () => -1,
  alive: () => false,
  connected: () => false,
  torn: () => 0,
  elapsedMs: () => 0,
};

/** Whether the expression has the same value at every evaluation. */
function isFixed(expression: Expression): boolean {
  switch (expression.type) {
    case 'value':
      return true;
    case 'name':
    case 'call':
      return false;
    case 'list':
      return expression.items.every(isFixed);
    case 'not':
    case 'minus':
      return isFixed(expression.of);
    case 'both':
      return isFixed(expression.left) && isFixed(expression.right);
  }
}
