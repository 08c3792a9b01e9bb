/**
 * Reads a scenario file. Every step, field, name and expression is checked before anything starts, and a loop that
 * would obviously never end is refused. Each problem is reported with line and column.
 */
import type { Node } from 'yaml';
import { OLD_STEPS, type OldStep } from '../actions/index.ts';
import { TIMING_FIELDS, TIMING_LIMITS, type Timing } from '../vocabulary/index.ts';
import { MOST_SECONDS, MOST_SERVERS, MOST_STEPS } from './bounds.ts';
import { isFixed } from './constant.ts';
import { Names } from './names.ts';
import { numberIn, type Parts, partsOf, sentenceAt, textIn } from './parts.ts';
import { policyNamed } from './policy.ts';
import { type Place, ScenarioProblem } from './problem.ts';
import { FieldReader, shown } from './read-field.ts';
import { type FieldSpec, STEPS, type StepKind } from './steps.ts';
import type { Field, Scenario, ScenarioCluster, Step } from './types.ts';
import { type Entry, YamlFile } from './yaml-nodes.ts';

const USUAL_SECONDS = 300;

/**
 * Reads a scenario file.
 *
 * @throws ScenarioProblem
 */
export function readScenario(text: string): Scenario {
  const names = new Names();
  const scenario = new ScenarioReader(new YamlFile(text), names).scenario();
  names.assertKnown(scenario.cluster.servers);
  return scenario;
}

class ScenarioReader {
  readonly #file: YamlFile;
  readonly #fields: FieldReader;
  #count = 0;
  /** Number of `tries` around the current step. A background part starts from 0. */
  #tries = 0;

  constructor(file: YamlFile, names: Names) {
    this.#file = file;
    this.#fields = new FieldReader(file, names, (node) => this.#steps(node));
  }

  scenario(): Scenario {
    const file = this.#file;
    const parts = partsOf(file, file.root, 'a scenario', {
      needed: ['name', 'title', 'cluster', 'steps'],
      others: ['part', 'order', 'reported', 'limit'],
    });
    const name = textIn(file, parts, 'name');
    if (!/^[A-Za-z][\w-]{0,63}$/.test(name))
      throw file.problem(parts.get('name') ?? null, 'a name has letters, digits, - and _');
    return {
      name,
      title: sentenceAt(file, parts.get('title') ?? null),
      part: parts.has('part') ? textIn(file, parts, 'part') : '',
      order: parts.has('order') ? numberIn(file, parts, 'order', 1, 1_000) : 0,
      reported: parts.has('reported') ? numberIn(file, parts, 'reported', 0, MOST_SECONDS) : null,
      cluster: this.#cluster(parts.get('cluster') ?? null),
      limit: parts.has('limit') ? numberIn(file, parts, 'limit', 1, MOST_SECONDS) : USUAL_SECONDS,
      steps: this.#steps(parts.get('steps') ?? null),
    };
  }

  #cluster(node: Node | null): ScenarioCluster {
    const parts = partsOf(this.#file, node, 'cluster', {
      needed: ['servers'],
      others: ['mode', 'pace', ...TIMING_FIELDS],
    });
    return {
      servers: numberIn(this.#file, parts, 'servers', 1, MOST_SERVERS),
      mode: this.#oneOf(parts, 'mode', ['course', 'paper', 'production'], 'course'),
      pace: this.#oneOf(parts, 'pace', ['real', 'classroom', 'slow-motion'], 'real'),
      timing: this.#timing(parts),
    };
  }

  /** Reads the timing. The longest election timeout is compared with the shortest, so the file has both. */
  #timing(parts: Parts): Partial<Timing> {
    const file = this.#file;
    const given = TIMING_FIELDS.filter((name) => parts.has(name)).map((name) => {
      const { least, most, isWhole } = TIMING_LIMITS[name];
      const value = numberIn(file, parts, name, least, most);
      if (isWhole && !Number.isInteger(value)) throw file.problem(parts.get(name) ?? null, `${name} is a whole number`);
      return [name, value] as const;
    });
    const timing: Partial<Timing> = Object.fromEntries(given);
    const { electionTicks, electionMaxTicks } = timing;
    if (electionMaxTicks !== undefined && (electionTicks === undefined || electionMaxTicks < electionTicks)) {
      throw file.problem(parts.get('electionMaxTicks') ?? null, 'electionMaxTicks is at least electionTicks');
    }
    return timing;
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
    const old = Object.hasOwn(OLD_STEPS, entry.key) ? OLD_STEPS[entry.key] : undefined;
    const name = old?.now ?? entry.key;
    if (!isStepKind(name)) {
      throw new ScenarioProblem(entry.at, `there is no step ${entry.key}; there are ${Object.keys(STEPS).join(', ')}`);
    }
    this.#count += 1;
    if (this.#count > MOST_STEPS) throw new ScenarioProblem(entry.at, `more than ${MOST_STEPS} steps`);
    if (name === 'retry' && this.#tries === 0)
      throw new ScenarioProblem(entry.at, 'retry: there is no "tries" around it');
    const around = this.#tries;
    this.#tries = name === 'tries' ? around + 1 : name === 'background' || name === 'parallel' ? 0 : around;
    const fields = old === undefined ? this.#stepFields(name, entry) : this.#oldFields(name, old, entry);
    this.#tries = around;
    const step = { kind: name, at: entry.at, text: shown(file.source(entry.at, entry.value)), fields };
    assertEnds(step);
    return step;
  }

  #stepFields(kind: StepKind, { value: node, at }: Entry): Readonly<Record<string, Field>> {
    const spec = STEPS[kind];
    const short = this.#word(kind, node);
    if (short !== null) return short;
    const names = Object.keys(spec.fields);
    const needed = names.filter((name) => spec.fields[name]?.needed === true);
    const isWhole = spec.main === null || (this.#file.isMap(node) && !isMapKind(spec.fields[spec.main]));
    if (!isWhole && spec.main !== null) return { [spec.main]: this.#fields.read(kind, spec.main, node) };
    if (this.#file.isNothing(node)) throw new ScenarioProblem(at, `${kind} needs ${needed.join(', ')}`);
    const parts = partsOf(this.#file, node, kind, { needed, others: names.filter((name) => !needed.includes(name)) });
    return Object.fromEntries([...parts].map(([name, part]) => [name, this.#fields.read(kind, name, part)]));
  }

  /**
   * Returns the fields that a word replaces (`heal: links`), written alone or under the name that older files use;
   * null when the step is written with its fields.
   *
   * @throws ScenarioProblem for an unknown word, and for other fields beside the word
   */
  #word(kind: StepKind, node: Node | null): Readonly<Record<string, Field>> | null {
    const file = this.#file;
    const { words } = STEPS[kind];
    if (words === undefined) return null;
    const { field, mean } = words;
    let word = node;
    if (file.isMap(node)) {
      if (!file.entries(node, kind).some(({ key }) => key === field)) return null;
      word = partsOf(file, node, kind, { needed: [field] }).get(field) ?? null;
    }
    const written = String(file.scalar(word) ?? '');
    const meant = Object.hasOwn(mean, written) ? mean[written] : undefined;
    if (meant === undefined) throw file.problem(word, `"${written}" should be ${Object.keys(mean).join(' or ')}`);
    return Object.fromEntries(Object.entries(meant).map(([name, is]) => [name, { kind: 'boolean', is }]));
  }

  /** Returns the fields of a step that has a name from older files. */
  #oldFields(kind: StepKind, { whole, policy }: OldStep, entry: Entry): Readonly<Record<string, Field>> {
    const read =
      whole === undefined ? this.#stepFields(kind, entry) : { [whole]: this.#fields.read(kind, whole, entry.value) };
    return policy === undefined ? read : { ...read, policy: { kind: 'policy', policy: policyNamed(policy) } };
  }

  #oneOf<Word extends string>(parts: Parts, key: string, among: readonly Word[], usual: Word): Word {
    if (!parts.has(key)) return usual;
    const word = textIn(this.#file, parts, key);
    const found = among.find((one) => one === word);
    if (found !== undefined) return found;
    throw this.#file.problem(parts.get(key) ?? null, `"${word}" should be ${among.join(', ')}`);
  }
}

function isStepKind(name: string): name is StepKind {
  return Object.hasOwn(STEPS, name);
}

/**
 * Returns whether the step's bare value is itself a map (`let`, `note`, `resetLinks`), so that its keys are not fields.
 */
function isMapKind(spec: FieldSpec | undefined): boolean {
  return spec?.kind === 'bindings' || spec?.kind === 'words' || spec?.kind === 'links';
}

/**
 * Checks that a loop is not obviously endless.
 *
 * @throws ScenarioProblem for a loop whose condition is constant
 */
function assertEnds({
  kind,
  fields,
  at,
}: {
  readonly kind: StepKind;
  readonly at: Place;
  readonly fields: Step['fields'];
}): void {
  if (kind === 'loop' && fields.while?.kind === 'expression' && isFixed(fields.while.expression)) {
    throw new ScenarioProblem(at, 'loop: nothing can ever change its "while"; it would never end');
  }
}
