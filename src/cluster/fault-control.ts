/**
 * Begins and heals faults of links. The intention is noted first, then the network receives the new policies, then the
 * outcome is noted (promise 3). Changes are carried out one after another, so the changes of two screens cannot
 * interleave. Flow: live run → here → network process.
 */

import type { Ask } from '../core/actions/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import type { LabEvent } from '../core/trace/index.ts';
import type { LinkId, LinkPolicy, ServerId } from '../core/wire/index.ts';
import {
  assertLinks,
  changedOrders,
  type Fault,
  type FaultSpec,
  type LinkOrder,
  linksOf,
  policiesOf,
  policyUnder,
} from './faults.ts';

/** The parts of the run that fault control needs. */
export interface FaultOptions {
  readonly servers: readonly ServerId[];
  /** Number of faults in earlier parts of this run, so that a fault's name is never used twice. */
  readonly earlierFaults: number;
  readonly setPolicies: (orders: readonly LinkOrder[]) => Promise<void>;
  readonly note: (event: LabEvent) => void;
}

/** The faults of a live run. At the start every link is open. */
export class FaultControl {
  readonly #options: FaultOptions;
  #faults: readonly Fault[] = [];
  #count: number;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: FaultOptions) {
    this.#options = options;
    this.#count = options.earlierFaults;
  }

  /** Cuts a group of servers off from all others. @returns the fault @throws LabProblem unknown-server, nothing-to-cut */
  async cutOff(servers: readonly ServerId[]): Promise<string> {
    return await this.#cut({ kind: 'cut', servers }, servers);
  }

  /** Cuts servers off from every client. @returns the fault @throws LabProblem unknown-server, nothing-to-cut */
  async cutClients(servers: readonly ServerId[]): Promise<string> {
    return await this.#cut({ kind: 'clients', servers }, servers);
  }

  /**
   * Partitions the cluster into groups. Replaces an earlier partition in the same change.
   *
   * @returns the fault; null when these groups cut nothing
   * @throws LabProblem unknown-server
   */
  async partition(groups: readonly (readonly ServerId[])[]): Promise<string | null> {
    this.#assertKnown(groups.flat());
    const spec = { kind: 'partition', groups } as const;
    return await this.#inTurn(async () => {
      const specs = linksOf(this.#options.servers, spec).length === 0 ? [] : [spec];
      return (await this.#replace((fault) => fault.kind === 'partition', specs)).begun[0] ?? null;
    });
  }

  /**
   * Sets the policy of these directions. Earlier link faults end on these directions and stay active on their other
   * ones. `pass` begins no fault.
   *
   * @returns the new fault, null for `pass`
   * @throws LabProblem unknown-link
   */
  async setLinks(links: readonly LinkId[], policy: LinkPolicy): Promise<string | null> {
    return await this.#inTurn(async () => {
      assertLinks(this.#options.servers, links);
      const touches = (fault: Fault): boolean =>
        fault.kind === 'link' && fault.links.some((link) => links.includes(link));
      const rests = this.#faults.filter(touches).flatMap((fault): readonly FaultSpec[] => restOf(fault, links));
      if (policy.mode === 'pass') {
        await this.#replace(touches, rests);
        return null;
      }
      const { begun } = await this.#replace(touches, [...rests, { kind: 'link', links: [...links], policy }]);
      return begun.at(-1) ?? null;
    });
  }

  /**
   * Makes every link between servers behave like the course tests' network of this kind. Replaces an earlier setting.
   *
   * @returns the fault; null for the reliable network
   */
  async setNetwork(is: Ask<'setNetwork'>['is']): Promise<string | null> {
    const specs: readonly FaultSpec[] =
      is === 'reliable' ? [] : [{ kind: 'unreliable', longReordering: is === 'long-reordering' }];
    return await this.#inTurn(async () => {
      return (await this.#replace((fault) => fault.kind === 'unreliable', specs)).begun[0] ?? null;
    });
  }

  /** Heals one fault; null heals all. @throws LabProblem unknown-fault */
  async heal(id: string | null): Promise<readonly string[]> {
    return await this.#inTurn(async () => {
      if (id !== null && !this.#faults.some((fault) => fault.id === id)) {
        throw new LabProblem('unknown-fault', { fault: id });
      }
      return (await this.#replace((fault) => id === null || fault.id === id, [])).ended;
    });
  }

  async #cut(spec: FaultSpec, named: readonly ServerId[]): Promise<string> {
    this.#assertKnown(named);
    return await this.#inTurn(async () => {
      if (linksOf(this.#options.servers, spec).length === 0) throw new LabProblem('nothing-to-cut');
      return (await this.#replace(() => false, [spec])).begun[0] ?? '';
    });
  }

  /** @throws LabProblem unknown-server */
  #assertKnown(named: readonly ServerId[]): void {
    const unknown = named.find((id) => !this.#options.servers.includes(id));
    if (unknown !== undefined) throw new LabProblem('unknown-server', { server: unknown });
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(work);
    // A failure rejects for its own caller only. The next change must still run.
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /**
   * Ends some faults and begins others in one change. Notes the intention before the change and the outcome after it.
   */
  async #replace(ends: (fault: Fault) => boolean, specs: readonly FaultSpec[]) {
    const { note, servers, setPolicies } = this.#options;
    const ended = this.#faults.filter(ends).map(({ id }) => id);
    const begun = specs.map((spec): Fault => {
      this.#count += 1;
      return { ...spec, id: `F${this.#count}` };
    });
    for (const fault of begun) note({ event: 'FaultOrdered', ...factsOf(servers, fault) });
    const next = [...this.#faults.filter(({ id }) => !ended.includes(id)), ...begun];
    const orders = changedOrders(policiesOf(servers, this.#faults), policiesOf(servers, next));
    this.#faults = next;
    await setPolicies(orders);
    for (const fault of ended) note({ event: 'FaultEnded', fault });
    for (const fault of begun) note({ event: 'FaultBegan', ...factsOf(servers, fault) });
    return { ended, begun: begun.map(({ id }) => id) };
  }
}

/** Returns a link fault without these directions; empty when no direction remains. */
function restOf(fault: Fault, without: readonly LinkId[]): readonly FaultSpec[] {
  if (fault.kind !== 'link') return [];
  const links = fault.links.filter((link) => !without.includes(link));
  return links.length === 0 ? [] : [{ kind: 'link', links, policy: fault.policy }];
}

/** The fields of a fault in the trace. */
function factsOf(all: readonly ServerId[], fault: Fault) {
  const servers = fault.kind === 'cut' || fault.kind === 'clients' ? fault.servers : [];
  const groups = fault.kind === 'partition' ? { groups: fault.groups } : {};
  return { fault: fault.id, kind: fault.kind, servers, ...groups, links: linksOf(all, fault), ...policyOf(fault) };
}

/** The policy of a fault's links, for kinds that do not imply it. */
function policyOf(fault: Fault): { readonly policy?: LinkPolicy } {
  if (fault.kind === 'link') return { policy: fault.policy };
  return fault.kind === 'unreliable' ? { policy: policyUnder(fault, { from: '', to: '' }) } : {};
}
