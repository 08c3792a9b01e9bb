/**
 * Cutting off and healing: what is ordered is noted first, then the network is told, then what it came to is noted
 * (promise 3). Orders are carried out one after another, so that two screens cannot interleave theirs. Flow: live-run
 * → here → network process.
 */
import type { LabEvent } from '../../core/trace/index.ts';
import type { ServerId } from '../../core/wire/index.ts';
import { LabProblem } from '../errors.ts';
import { type Cut, changedOrders, type LinkOrder, linksOf, policiesOf } from './faults.ts';

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
  /** Heals one fault, or all. @throws LabProblem unknown-fault */
  heal(fault: string | null): Promise<readonly string[]>;
}

/** Starts with every link open. */
export function createFaultControl(options: FaultOptions): FaultControl {
  const { servers, note } = options;
  let cuts: readonly Cut[] = [];
  let count = options.earlierFaults;
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = turn.then(work);
    // Whoever asked is told of a failure; the next in line is not to fail for it.
    turn = done.catch(() => undefined);
    return done;
  }

  async function change(next: readonly Cut[]): Promise<void> {
    const orders = changedOrders(policiesOf(servers, cuts), policiesOf(servers, next));
    cuts = next;
    await options.setPolicies(orders);
  }

  return {
    cut: (group) =>
      inTurn(async () => {
        const links = linksOf(servers, group);
        if (links.length === 0) throw new LabProblem('nothing-to-cut');
        count += 1;
        const fault = `F${count}`;
        const about = { fault, kind: 'cut', servers: [...group] } as const;
        note({ event: 'FaultOrdered', ...about });
        await change([...cuts, { id: fault, servers: about.servers }]);
        note({ event: 'FaultBegan', ...about, links });
        return fault;
      }),
    heal: (fault) =>
      inTurn(async () => {
        const healed = cuts.filter((cut) => fault === null || cut.id === fault).map((cut) => cut.id);
        if (fault !== null && healed.length === 0) throw new LabProblem('unknown-fault', { fault });
        await change(cuts.filter((cut) => !healed.includes(cut.id)));
        for (const id of healed) note({ event: 'FaultEnded', fault: id });
        return healed;
      }),
  };
}
