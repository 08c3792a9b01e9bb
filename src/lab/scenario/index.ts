/** Playing scenarios. */
export { ScenarioFailure } from './failure.ts';
export type { Progress } from './interpreter.ts';
export { scenarioIn, scenariosIn } from './library.ts';
export { choiceFor, playOn, type ScenarioOutcome } from './play.ts';
