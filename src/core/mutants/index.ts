/** Wrong versions of single rules, named after real bugs. */
export { findMutant, MUTANTS, type Mutant, ruleIdOf, rulesWith } from './mutants.ts';
