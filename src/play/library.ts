/** Reads scenarios: the ones that come with Raft Lab, and a person's own files. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readScenario, type Scenario } from '../core/scenario/index.ts';
import { readScenarioText } from './opened.ts';

const ENDING = '.yaml';

/**
 * Reads all scenarios of a folder. The order is: scenarios with a place that are not in the report, the report's tests,
 * then the others by name.
 *
 * @throws ScenarioProblem
 */
export async function scenariosIn(folder: string): Promise<readonly Scenario[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING)).sort();
  const all = await Promise.all(names.map(async (name) => await scenarioIn(join(folder, name))));
  const group = ({ order, part }: Scenario): number => (order === 0 ? 2 : part === '' ? 0 : 1);
  return all.toSorted((a, b) => group(a) - group(b) || a.order - b.order);
}

/**
 * Reads one file.
 *
 * @throws ScenarioProblem with line and column; LabProblem not-a-file, file-too-large, not-utf8; the file system's
 * error
 */
export async function scenarioIn(path: string): Promise<Scenario> {
  return readScenario(await readScenarioText(path));
}
