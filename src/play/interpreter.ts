/**
 * Plays the steps of a scenario on a cluster, one after another, with background parts beside them, until the last step
 * or the first failure. The meaning of every step is defined here or in the course's helpers; no step depends on its
 * scenario. The interpreter gives the lab a turn between steps, so a scenario can neither block the lab's thread nor
 * grow without bound.
 */
import { ACTION_STEPS, type ActionName, type Ask, isActionName } from '../core/actions/index.ts';
import {
  assertInRange,
  bounded,
  evaluate,
  list,
  number,
  ScenarioMistake,
  type Step,
  truth,
  type Value,
} from '../core/scenario/index.ts';
import type { BothLanguages } from '../core/trace/index.ts';
import { type Chance, createChance } from '../core/wire/index.ts';
import { askOf } from './action-ask.ts';
import { Budget } from './budget.ts';
import type { ClusterDriver } from './cluster-driver.ts';
import { Course } from './course.ts';
import { asFailure, ScenarioFailure } from './failure.ts';
import { bindingsOf, branchesOf, expressionOf, linksOf, nameOf, stepsOf, wordsOf } from './fields.ts';
import { Scope } from './scope.ts';
import { serversNamed } from './targets.ts';

/** Callbacks that report the progress of a scenario. */
export interface Progress {
  readonly began: (step: Step) => void;
  /** @param step  null for a warning about the run as a whole */
  readonly warned: (says: BothLanguages, step: Step | null) => void;
  readonly noted: (says: BothLanguages) => void;
}

const CONDITION_EVERY_MS = 20;

/** Thrown by `retry`, caught by the `tries` around it. */
class TryAgain extends Error {}

/** A sequence of steps: the scenario itself, or a background part. */
interface Thread {
  readonly scope: Scope;
  readonly chance: Chance;
}

export class Interpreter {
  readonly #cluster: ClusterDriver;
  readonly #course: Course;
  readonly #progress: Progress;
  readonly #seed: number;
  readonly #beganMs: number;
  /** Background parts that still run or have failed, by name. */
  readonly #background = new Map<string, Set<Promise<void>>>();
  readonly #budget = new Budget();
  #threads = 0;
  /** The failure of a background part, which ends the scenario. */
  #failed: ScenarioFailure | null = null;

  constructor(cluster: ClusterDriver, seed: number, progress: Progress) {
    this.#cluster = cluster;
    this.#course = new Course(cluster);
    this.#progress = progress;
    this.#seed = seed;
    this.#beganMs = cluster.nowMs();
  }

  /** @throws ScenarioFailure with the place of the step */
  async play(steps: readonly Step[]): Promise<void> {
    const thread = { scope: new Scope(), chance: createChance(this.#seed, 'scenario') };
    for (const step of steps) {
      this.#progress.began(step);
      await this.#step(step, thread);
    }
    await Promise.all([...this.#background.values()].flatMap((parts) => [...parts]));
  }

  async #all(steps: readonly Step[], thread: Thread): Promise<void> {
    for (const step of steps) await this.#step(step, thread);
  }

  async #step(step: Step, thread: Thread): Promise<void> {
    try {
      await this.#turn();
      await this.#carryOut(step, thread);
      const conflict = this.#cluster.conflict();
      if (conflict !== null) throw new ScenarioFailure('violated', conflict);
    } catch (cause) {
      if (cause instanceof TryAgain) throw cause;
      const failure = asFailure(cause);
      failure.place ??= step.at;
      throw failure;
    }
  }

  /**
   * Call it before each step and each round of a loop. Gives other work a turn of the thread when the scenario has held
   * it for some milliseconds.
   *
   * @throws ScenarioFailure when a background part failed, the scenario was called off, or it exceeded a limit
   */
  async #turn(): Promise<void> {
    await this.#budget.turn();
    if (this.#failed !== null) throw this.#failed;
    this.#cluster.assertGoesOn();
  }

  async #carryOut(step: Step, thread: Thread): Promise<void> {
    const name = (field: string, value: Value): void => give(step, field, value, thread);
    const value = (field: string): Value => this.#value(step, field, thread);
    const amount = (field: string): number => this.#amount(step, field, thread);
    const servers = (): readonly number[] => asServers(value('servers'));
    if (isAction(step)) return await this.#act(step, thread);
    switch (step.kind) {
      case 'one':
        return name('as', await this.#course.one(amount('value'), amount('servers')));
      case 'checkOneLeader':
        return name('as', await this.#course.checkOneLeader());
      case 'checkTerms':
        return name('as', await this.#course.checkTerms());
      case 'checkNoLeader':
        return await this.#course.checkNoLeader();
      case 'wait':
        return name(
          'as',
          await this.#course.wait(amount('index'), amount('servers'), this.#or(step, 'term', -1, thread)),
        );
      case 'Start':
        return await this.#start(step, thread);
      case 'connect':
        return await this.#course.connect(servers());
      case 'disconnect':
        return await this.#course.disconnect(servers());
      case 'start1':
        return await this.#course.start1(servers());
      case 'crash1':
        return await this.#course.crash1(servers());
      case 'rpcs':
        return name('as', await this.#cluster.rpcs());
      case 'terms':
        return name('as', await this.#course.terms());
      case 'checkFiles':
        return await this.#cluster.checkFiles();
      default:
        return await this.#order(step, thread);
    }
  }

  /** Carries out steps that contain other steps, and conditions. */
  async #order(step: Step, thread: Thread): Promise<void> {
    const value = (field: string): Value => this.#value(step, field, thread);
    switch (step.kind) {
      case 'expect':
        return await this.#expect(step, thread);
      case 'require':
        if (!truth(value('that'))) throw new ScenarioFailure('unknown', wordsOf(step, 'says'));
        return;
      case 'warn':
        if (!truth(value('when'))) return;
        this.#budget.note();
        return this.#progress.warned(wordsOf(step, 'says'), step);
      case 'note':
        this.#budget.note();
        return this.#progress.noted(wordsOf(step, 'says'));
      case 'let':
        for (const [name, expression] of bindingsOf(step))
          thread.scope.set(name, evaluate(expression, this.#around(thread)));
        return;
      case 'collect': {
        const into = nameOf(step, 'into') ?? '';
        thread.scope.share(into, bounded([...list(thread.scope.get(into) ?? []), value('value')]));
        return;
      }
      case 'sleep':
        return await this.#cluster.sleep(this.#amount(step, 'ms', thread));
      case 'repeat':
        return await this.#repeat(step, thread);
      case 'loop':
        while (truth(value('while'))) {
          await this.#turn();
          await this.#all(stepsOf(step, 'steps'), thread);
        }
        return;
      case 'forEach':
        for (const item of list(value('in'))) {
          await this.#turn();
          thread.scope.own(nameOf(step, 'as') ?? '', item);
          await this.#all(stepsOf(step, 'steps'), thread);
        }
        return;
      case 'if':
        return await this.#all(stepsOf(step, truth(value('that')) ? 'steps' : 'else'), thread);
      case 'tries':
        return await this.#tries(step, thread);
      case 'retry':
        if (truth(value('when'))) throw new TryAgain();
        return;
      case 'background':
        return this.#keep(step, () => this.#all(stepsOf(step, 'steps'), this.#thread(thread)));
      case 'clients':
        return this.#clients(step, thread);
      case 'join':
        await Promise.all(this.#background.get(nameOf(step, 'name') ?? '') ?? []);
        return;
      case 'parallel':
        await Promise.all(branchesOf(step).map((branch) => this.#all(branch, this.#thread(thread))));
        return;
      default:
        throw new ScenarioFailure('lab-failure', `nobody knows the step ${step.kind}`);
    }
  }

  async #start(step: Step, thread: Thread): Promise<void> {
    const answers = await this.#course.start(
      asServers(this.#value(step, 'servers', thread)),
      number(this.#value(step, 'value', thread)),
    );
    const last = answers.findLast(({ accepted }) => accepted);
    const connected = answers.findLast(({ accepted, server }) => accepted && this.#course.isConnected(server));
    give(step, 'leader', last?.server ?? 0, thread);
    give(step, 'leaderConnected', connected?.server ?? 0, thread);
    give(step, 'index', last?.index ?? -1, thread);
    give(step, 'term', last?.term ?? -1, thread);
  }

  async #expect(step: Step, thread: Thread): Promise<void> {
    const withinMs = this.#within(step, 0, thread);
    const began = this.#cluster.nowMs();
    while (!truth(this.#value(step, 'that', thread))) {
      if (this.#cluster.nowMs() - began >= withinMs) throw new ScenarioFailure('violated', wordsOf(step, 'says'));
      await this.#cluster.sleep(CONDITION_EVERY_MS);
    }
  }

  async #repeat(step: Step, thread: Thread): Promise<void> {
    const times = this.#amount(step, 'times', thread);
    const withinMs = this.#within(step, Number.POSITIVE_INFINITY, thread);
    const [as, done] = [nameOf(step, 'as'), nameOf(step, 'done')];
    const began = this.#cluster.nowMs();
    let turn = 0;
    while (turn < times && this.#cluster.nowMs() - began < withinMs) {
      await this.#turn();
      if (as !== null) thread.scope.own(as, turn);
      await this.#all(stepsOf(step, 'steps'), thread);
      turn += 1;
    }
    if (done !== null) thread.scope.set(done, turn);
  }

  async #tries(step: Step, thread: Thread): Promise<void> {
    const times = this.#amount(step, 'times', thread);
    for (let turn = 0; turn < times; turn += 1) {
      if (turn > 0) await this.#cluster.sleep(this.#amount(step, 'pause', thread));
      try {
        await this.#all(stepsOf(step, 'steps'), thread);
        return;
      } catch (cause) {
        if (!(cause instanceof TryAgain)) throw cause;
      }
    }
    throw new ScenarioFailure('violated', wordsOf(step, 'says'));
  }

  /** Starts clients in the background; `join` waits until every client has ended. */
  #clients(step: Step, thread: Thread): void {
    const count = this.#amount(step, 'count', thread);
    const { chance } = this.#thread(thread);
    this.#keep(step, () => this.#cluster.clients(count, () => truth(this.#value(step, 'while', thread)), chance));
  }

  /** Starts background work that `join` can wait for. */
  #keep(step: Step, work: () => Promise<void>): void {
    const name = nameOf(step, 'name') ?? '';
    const parts = this.#background.get(name) ?? new Set();
    this.#background.set(name, parts);
    const kept = this.#budget.part(work).then(
      () => void parts.delete(kept),
      (cause: unknown) => {
        const failure = asFailure(cause);
        failure.place ??= step.at;
        this.#failed ??= failure;
        throw failure;
      },
    );
    // The step that joins receives the failure. Until then, a rejection without a handler would end the lab.
    kept.catch(() => undefined);
    parts.add(kept);
  }

  /** Returns a thread with random draws of its own, so that parallel parts do not shift its draws. */
  #thread({ scope }: Thread): Thread {
    this.#threads += 1;
    return { scope: new Scope(scope), chance: createChance(this.#seed, `scenario ${this.#threads}`) };
  }

  /** Sends an action to the cluster, with the same request that a door would send. */
  async #act(step: Step & { readonly kind: ActionName }, thread: Thread): Promise<void> {
    const ask = askOf(step, {
      value: (field) => this.#value(step, field, thread),
      amount: (field) => this.#amount(step, field, thread),
      ends: (field) => {
        const { from, to } = linksOf(step, field);
        return { from: evaluate(from, this.#around(thread)), to: evaluate(to, this.#around(thread)) };
      },
      ids: (value) => [...new Set(asServers(value).map((server) => this.#course.idOf(server)))],
      drawSeed: () => Math.floor(thread.chance() * 2 ** 32),
    });
    if (ask === null) return;
    // Healing all links connects every server again. Healing a single fault need not.
    if (step.kind === 'heal' && !('fault' in ask)) this.#course.forget();
    const answer = await this.#cluster.act(step.kind, ask as Ask<ActionName>);
    const { result } = ACTION_STEPS[step.kind];
    if (result !== undefined)
      give(step, 'as', (answer as Readonly<Record<string, Value | null>>)[result] ?? '', thread);
  }

  #or(step: Step, field: string, otherwise: number, thread: Thread): number {
    return step.fields[field] === undefined ? otherwise : number(this.#value(step, field, thread));
  }

  /**
   * Returns a time span in milliseconds. A negative span, as of `5000 - elapsed()`, was over before the step began and
   * counts as 0.
   */
  #within(step: Step, otherwise: number, thread: Thread): number {
    const span = this.#or(step, 'within', otherwise, thread);
    if (span > 0) return span;
    assertInRange(step.kind, 'within', span < 0 ? 0 : span);
    return 0;
  }

  /** Returns the number in a field. @throws ScenarioMistake for a number outside the field's range */
  #amount(step: Step, field: string, thread: Thread): number {
    const found = number(this.#value(step, field, thread));
    assertInRange(step.kind, field, found);
    return found;
  }

  #value(step: Step, field: string, thread: Thread): Value {
    try {
      return evaluate(expressionOf(step, field), this.#around(thread));
    } catch (cause) {
      if (!(cause instanceof ScenarioMistake)) throw cause;
      throw new ScenarioMistake(`${field}: ${cause.message}`);
    }
  }

  #around({ scope, chance }: Thread) {
    return {
      chance,
      valueOf: (name: string): Value | undefined => scope.get(name) ?? serversNamed(name, this.#cluster, chance),
      applied: (index: number) => this.#course.nCommitted(index).count,
      valueAt: (index: number) => this.#course.nCommitted(index).value,
      alive: (server: number) => this.#cluster.isAlive(this.#course.idOf(server)),
      connected: (server: number) => this.#course.isConnected(server),
      torn: () => this.#cluster.torn(),
      elapsedMs: () => this.#cluster.nowMs() - this.#beganMs,
    };
  }
}

/** Sets the name in a field to this value, if the field is present. */
function give(step: Step, field: string, value: Value, { scope }: Thread): void {
  const name = nameOf(step, field);
  if (name !== null) scope.set(name, value);
}

function isAction(step: Step): step is Step & { readonly kind: ActionName } {
  return isActionName(step.kind);
}

/** Returns the servers of a value, which names one or several. */
function asServers(value: Value): readonly number[] {
  return Array.isArray(value) ? value.map((one: Value) => number(one)) : [number(value)];
}
