/** Playing scenarios. */
export { type PlayWish, ScenarioDesk } from './desk.ts';
export { ScenarioFailure } from './failure.ts';
export type { Progress } from './interpreter.ts';
export { scenarioIn, scenariosIn } from './library.ts';
export { readOpenedScenario } from './opened.ts';
export type { ScenarioOutcome } from './play.ts';
export type { Conclude, PlayedRun } from './played-run.ts';
