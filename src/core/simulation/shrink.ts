/**
 * Reduces a failure: the same seed with the fewest kinds of faults and clients that still violate the same property.
 * The same seed gives another run with fewer faults, so each reduction is tried by running it.
 */
import type { FaultName, FaultRates } from './faults.ts';
import type { SimulationOptions } from './options.ts';
import { type SimulateOptions, type SimulationResult, simulate } from './simulate.ts';

export interface Shrunk {
  readonly options: SimulationOptions;
  readonly result: SimulationResult;
  /** Kinds of faults that remain. */
  readonly faults: readonly FaultName[];
}

/**
 * Reduces a failure.
 *
 * @param asked  the options with which the run failed
 */
export function shrink(
  asked: SimulateOptions & { readonly options: SimulationOptions },
  broken: SimulationResult,
): Shrunk {
  let options = asked.options;
  let result = broken;
  const attempt = (next: SimulationOptions): void => {
    const tried = simulate({ ...asked, options: next, steps: asked.steps });
    if (tried.broken === null || tried.broken.property !== broken.broken?.property) return;
    options = next;
    result = tried;
  };
  for (const name of Object.keys(options.faults) as FaultName[]) {
    if (options.faults[name] !== 0 && options.faults[name] !== false) {
      attempt({ ...options, faults: without(options.faults, name) });
    }
  }
  if (options.clients > 1) attempt({ ...options, clients: 1 });
  return { options, result, faults: faultsOf(options.faults) };
}

/** Returns the rates with only these kinds of faults left on. */
export function withOnly(faults: FaultRates, kept: readonly FaultName[]): FaultRates {
  return (Object.keys(faults) as FaultName[]).reduce(
    (rest, name) => (kept.includes(name) ? rest : without(rest, name)),
    faults,
  );
}

/** Returns the kinds of faults that are on. */
export function faultsOf(faults: FaultRates): readonly FaultName[] {
  return (Object.keys(faults) as FaultName[]).filter((name) => faults[name] !== 0 && faults[name] !== false);
}

function without(faults: FaultRates, name: FaultName): FaultRates {
  return { ...faults, [name]: name === 'loseUnsynced' ? false : 0 };
}
