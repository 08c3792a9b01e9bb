/** Wrong versions of single rules, named after real bugs. */
export { rules as rightRules } from '../raft/index.ts';
export { findMutant, MUTANTS, ruleIdOf, rulesWith } from './mutants.ts';
export { type SceneName, sceneOf } from './scenes.ts';
