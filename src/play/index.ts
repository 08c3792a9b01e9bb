/** The interface of this room: scenarios, their player and their outcome. */

export type { Progress } from './interpreter.ts';
export { scenarioIn, scenariosIn } from './library.ts';
export { readOpenedScenario } from './opened.ts';
export type { ScenarioOutcome } from './play.ts';
export type { Conclude, PlayedRun } from './played-run.ts';
export { type PlayRequest, ScenarioPlayer } from './player.ts';
