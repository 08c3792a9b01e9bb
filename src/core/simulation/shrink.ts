/**
 * A failure in its smallest form: the same seed with as few kinds of faults and as few clients as still break the same
 * property. Fewer kinds make another world of the same seed, so each is tried, not reasoned about.
 */
import type { FaultName, FaultRates } from './faults.ts';
import type { SimulationOptions } from './options.ts';
import { type SimulateOptions, type SimulationResult, simulate } from './simulate.ts';

export interface Shrunk {
  readonly options: SimulationOptions;
  readonly result: SimulationResult;
  /** Kinds of faults that are left. */
  readonly faults: readonly FaultName[];
}

/** @param asked  what broke, with the options it ran with */
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

/** Only these kinds of faults are left. */
export function withOnly(faults: FaultRates, kept: readonly FaultName[]): FaultRates {
  return (Object.keys(faults) as FaultName[]).reduce(
    (rest, name) => (kept.includes(name) ? rest : without(rest, name)),
    faults,
  );
}

/** Kinds that are on. */
export function faultsOf(faults: FaultRates): readonly FaultName[] {
  return (Object.keys(faults) as FaultName[]).filter((name) => faults[name] !== 0 && faults[name] !== false);
}

function without(faults: FaultRates, name: FaultName): FaultRates {
  return { ...faults, [name]: name === 'loseUnsynced' ? false : 0 };
}
