/** The names of a scenario: names to which steps give a value, and names that expressions use. */
import type { Expression } from './expression.ts';
import { namesIn } from './expression.ts';
import { type Place, ScenarioProblem } from './problem.ts';

/** Predefined names: the servers by name, and by their current role. */
const SERVER_NAME = /^(S[1-9]|all|alive|dead|leader|follower|any|minority|majority)$/;
const NAME = /^[A-Za-z_]\w{0,31}$/;

/** Collects names while a file is read. */
export class Names {
  readonly #given = new Set<string>();
  readonly #used: { readonly name: string; readonly at: Place }[] = [];

  /**
   * Records that a step gives this name a value.
   *
   * @throws ScenarioProblem for an invalid name, and for a name of servers
   */
  give(name: string, at: Place): void {
    if (!NAME.test(name)) throw new ScenarioProblem(at, `"${name}" is no name: letters, digits and _, at most 32`);
    if (SERVER_NAME.test(name)) throw new ScenarioProblem(at, `${name} is a name of servers`);
    this.#given.add(name);
  }

  use(expression: Expression): void {
    this.#used.push(...namesIn(expression));
  }

  /**
   * Checks that every used name gets a value in some step or denotes servers of the cluster.
   *
   * @throws ScenarioProblem for any other name
   */
  assertKnown(servers: number): void {
    for (const { name, at } of this.#used) {
      if (/^S[1-9]$/.test(name) && Number(name.slice(1)) > servers) {
        throw new ScenarioProblem(at, `there is no ${name} in a cluster of ${servers}`);
      }
      if (!this.#given.has(name) && !SERVER_NAME.test(name)) {
        const known = [...this.#given].join(', ') || 'no names';
        throw new ScenarioProblem(at, `nothing gives ${name} a value; there are ${known}`);
      }
    }
  }
}
