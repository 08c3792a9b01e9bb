/**
 * State Machine Safety: no two servers apply different entries at an index (paper Figure 3, §5.4.3), nor consider
 * different entries committed there. Each index has one chain. If only one server reports the chain of an index, the
 * entries of the others' logs are compared (longest-log.ts).
 */
import type { Named as NamedEvent } from '../trace/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import type { Handlers } from './handlers.ts';
import { LongestLog } from './longest-log.ts';
import type { Ground, Property } from './property.ts';
import { Unsettled } from './unsettled.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const STATE_MACHINE_SAFETY_RULE = 'Figure 3, §5.4.3';

interface Named {
  readonly index: number;
  readonly chain: string;
  readonly source: string;
  readonly proof: Proof;
}

export function stateMachineSafety(account: Account, ground: Ground): Property {
  return new StateMachineSafety(account, ground);
}

class StateMachineSafety implements Property {
  readonly account: Account;
  readonly handlers: Handlers = {
    EntriesApplied: (event) => this.#reported(event, event.last),
    CommitAdvanced: (event) => this.#reported(event, event.to),
  };
  readonly #chains = new BoundedMap<number, Named>();
  readonly #unsettled: Unsettled;
  /** Highest index for which a fact was forgotten. */
  #horizon = -1;
  readonly #longest: LongestLog<Named>;

  constructor(account: Account, { tree }: Ground) {
    this.account = account;
    this.#unsettled = new Unsettled(account);
    this.#longest = new LongestLog({
      ...{ tree, term: null },
      namedAt: (index) => this.#chains.get(index),
      onDiffer: (one, other, index) => this.#differ(one, other, index),
    });
  }

  /** Takes the chain that a server reports at an index. */
  #reported(event: NamedEvent<'EntriesApplied' | 'CommitAdvanced'>, index: number): void {
    const { source, chain } = event;
    const known = this.#chains.get(index);
    if (known === undefined) {
      this.#first({ index, chain, source, proof: proofOf(event) });
      return;
    }
    this.account.examined();
    if (known.chain === chain) this.#unsettled.agrees(source, index);
    else this.#differ(known, { index, chain, source, proof: proofOf(event) }, index);
  }

  finish(): void {
    this.#unsettled.finish();
  }

  keptBytes(): number {
    return this.#chains.size * factBytes({ proofs: 1, names: 1 }) + this.#unsettled.keptBytes();
  }

  /** Takes the first fact about an index. */
  #first(named: Named): void {
    const { index, source } = named;
    if (index > this.#horizon) this.account.examined();
    else this.#unsettled.add(source, index);
    const forgotten = this.#chains.set(index, named);
    if (forgotten !== undefined) this.#horizon = Math.max(this.#horizon, forgotten.index);
    this.#longest.add(named);
  }

  #differ(one: Named, other: Named, index: number): void {
    this.account.broken({ one: one.source, other: other.source, index }, [one.proof, other.proof]);
  }
}
