/** Wrong versions of single rules, named after real bugs. */
export { rules as rightRules } from '../raft/index.ts';
export { findMutant, MUTANTS, type Mutant, ruleIdOf, rulesWith } from './mutants.ts';
export { type Scene, type SceneName, sceneOf } from './scenes.ts';
