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
   * These directions do this from now on, in place of link faults on them, which go on for their other directions.
   * `pass` begins nothing.
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

  /** In one change: these end and those begin. What is asked for is noted before, what came of it after. */
  async function replace(ends: (fault: Fault) => boolean, wishes: readonly FaultWish[]) {
    const ended = faults.filter(ends).map(({ id }) => id);
    const begun = wishes.map((wish): Fault => {
      count += 1;
      return { ...wish, id: `F${count}` };
    });
    for (const fault of begun) note({ event: 'FaultOrdered', ...factsOf(fault) });
    await change([...faults.filter(({ id }) => !ended.includes(id)), ...begun]);
    for (const fault of ended) note({ event: 'FaultEnded', fault });
    for (const fault of begun) note({ event: 'FaultBegan', ...factsOf(fault) });
    return { ended, begun: begun.map(({ id }) => id) };
  }

  function factsOf(fault: Fault) {
    const { id, kind } = fault;
    const group = fault.kind === 'cut' ? fault.servers : [];
    return { fault: id, kind, servers: group, links: linksOf(servers, fault), ...policyOf(fault) };
  }

  async function begin(wish: FaultWish, ends: (fault: Fault) => boolean = () => false): Promise<string> {
    const { begun } = await replace(ends, [wish]);
    return begun[0] ?? '';
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
        const touched = faults.filter(
          (fault) => fault.kind === 'link' && fault.links.some((link) => links.includes(link)),
        );
        const rests = touched.flatMap((fault): FaultWish[] => {
          if (fault.kind !== 'link') return [];
          const rest = fault.links.filter((link) => !links.includes(link));
          return rest.length === 0 ? [] : [{ kind: 'link', links: rest, policy: fault.policy }];
        });
        const wish: FaultWish = { kind: 'link', links: [...links], policy };
        const { begun } = await replace(
          (fault) => touched.includes(fault),
          policy.mode === 'pass' ? rests : [...rests, wish],
        );
        return policy.mode === 'pass' ? null : (begun.at(-1) ?? null);
      }),
    makeUnreliable: (longReordering) =>
      inTurn(async () => {
        return await begin({ kind: 'unreliable', longReordering }, (fault) => fault.kind === 'unreliable');
      }),
    heal: (id) =>
      inTurn(async () => {
        if (id !== null && !faults.some((fault) => fault.id === id)) {
          throw new LabProblem('unknown-fault', { fault: id });
        }
        return (await replace((fault) => id === null || fault.id === id, [])).ended;
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
