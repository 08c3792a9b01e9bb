/**
 * Cutting off and healing: what is ordered is noted first, then the network is told, then what it came to is noted
 * (promise 3). Orders are carried out one after another, so that two screens cannot interleave theirs. Flow: live-run
 * → here → network process.
 */
import type { LabEvent } from '../../core/trace/index.ts';
import type { LinkId, LinkPolicy, ServerId } from '../../core/wire/index.ts';
import { LabProblem } from '../errors.ts';
import {
  changedOrders,
  type Fault,
  type FaultWish,
  type LinkOrder,
  linksOf,
  policiesOf,
  policyUnder,
} from './faults.ts';

/** What it needs from the run. */
export interface FaultOptions {
  readonly servers: readonly ServerId[];
  /** Faults of earlier sittings of this run: a fault's name is never used twice. */
  readonly earlierFaults: number;
  readonly setPolicies: (orders: readonly LinkOrder[]) => Promise<void>;
  readonly note: (event: LabEvent) => void;
}

/** The faults of a live run. */
export interface FaultControl {
  /** Cuts this group off from all others. @throws LabProblem nothing-to-cut */
  cut(group: readonly ServerId[]): Promise<string>;
  /**
   * These directions do this from now on; link faults that touch nothing else end first. `pass` only ends them.
   *
   * @returns the new fault, null for `pass`
   * @throws LabProblem unknown-link
   */
  setLinks(links: readonly LinkId[], policy: LinkPolicy): Promise<string | null>;
  /** The unreliable network begins, in place of one that is on. */
  makeUnreliable(longReordering: boolean): Promise<string>;
  /** Heals one fault, or all. @throws LabProblem unknown-fault */
  heal(fault: string | null): Promise<readonly string[]>;
}

/** Starts with every link open. */
export function createFaultControl(options: FaultOptions): FaultControl {
  const { servers, note } = options;
  let faults: readonly Fault[] = [];
  let count = options.earlierFaults;
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = turn.then(work);
    // Whoever asked is told of a failure; the next in line is not to fail for it.
    turn = done.catch(() => undefined);
    return done;
  }

  async function change(next: readonly Fault[]): Promise<void> {
    const orders = changedOrders(policiesOf(servers, faults), policiesOf(servers, next));
    faults = next;
    await options.setPolicies(orders);
  }

  async function begin(wish: FaultWish): Promise<string> {
    count += 1;
    const id = `F${count}`;
    const links = linksOf(servers, wish);
    const about = { fault: id, kind: wish.kind, servers: wish.kind === 'cut' ? wish.servers : [], ...policyOf(wish) };
    note({ event: 'FaultOrdered', ...about, links });
    await change([...faults, { ...wish, id }]);
    note({ event: 'FaultBegan', ...about, links });
    return id;
  }

  async function end(which: (fault: Fault) => boolean): Promise<readonly string[]> {
    const healed = faults.filter(which).map(({ id }) => id);
    await change(faults.filter(({ id }) => !healed.includes(id)));
    for (const fault of healed) note({ event: 'FaultEnded', fault });
    return healed;
  }

  return {
    cut: (group) =>
      inTurn(async () => {
        const wish: FaultWish = { kind: 'cut', servers: [...group] };
        if (linksOf(servers, wish).length === 0) throw new LabProblem('nothing-to-cut');
        return await begin(wish);
      }),
    setLinks: (links, policy) =>
      inTurn(async () => {
        const unknown = links.find((link) => !isLinkOf(servers, link));
        if (unknown !== undefined) throw new LabProblem('unknown-link', { link: unknown });
        await end((fault) => fault.kind === 'link' && fault.links.every((link) => links.includes(link)));
        return policy.mode === 'pass' ? null : await begin({ kind: 'link', links: [...links], policy });
      }),
    makeUnreliable: (longReordering) =>
      inTurn(async () => {
        await end((fault) => fault.kind === 'unreliable');
        return await begin({ kind: 'unreliable', longReordering });
      }),
    heal: (id) =>
      inTurn(async () => {
        if (id !== null && !faults.some((fault) => fault.id === id)) {
          throw new LabProblem('unknown-fault', { fault: id });
        }
        return await end((fault) => id === null || fault.id === id);
      }),
  };
}

/** What its links do, for a fault whose kind alone does not say it. */
function policyOf(wish: FaultWish): { readonly policy?: LinkPolicy } {
  if (wish.kind === 'cut') return {};
  return { policy: wish.kind === 'link' ? wish.policy : policyUnder(wish, '', '') };
}

function isLinkOf(servers: readonly ServerId[], link: LinkId): boolean {
  const [from, to] = link.split('>');
  return from !== to && servers.includes(from ?? '') && servers.includes(to ?? '');
}
