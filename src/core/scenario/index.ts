/** Scenario files: their format and the code that reads and checks them. src/play plays them. */
export { MOST_BACKGROUND, MOST_NOTES, MOST_TURNS } from './bounds.ts';
export { bounded, evaluate, list, number, type Surroundings, truth } from './evaluate.ts';
export { type Expression, FUNCTIONS, type Value } from './expression.ts';
export { MESSAGE_KINDS, POLICY_WORDS, SHAPE_FIELDS } from './policy.ts';
export { type Place, ScenarioMistake, ScenarioProblem } from './problem.ts';
export { readScenario } from './read.ts';
export { assertInRange, STEPS, type StepKind } from './steps.ts';
export type { Field, Scenario, ScenarioCluster, Step } from './types.ts';
