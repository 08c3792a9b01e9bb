/** A whole simulated cluster in one thread, determined by one seed. */

export type { SimulatedProperty } from './broken.ts';
export { type Bounds, type EveryOrder, everyOrder } from './every-order.ts';
export { CALM, type FaultName, type FaultRates } from './faults.ts';
export { drawOptions, type SimulationOptions } from './options.ts';
export { type BranchCounts, countedRules, silentBranches } from './rule-branches.ts';
export { faultsOf, type Shrunk, shrink, withOnly } from './shrink.ts';
export { type SimulateOptions, type SimulationResult, simulate } from './simulate.ts';
