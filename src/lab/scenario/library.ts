/** The scenarios that come with Raft Lab, and those in files of one's own. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readScenario, type Scenario } from '../../core/scenario/index.ts';

const ENDING = '.yaml';

/** All of a folder: those with an order first, by it; then the others by name. @throws ScenarioProblem */
export async function scenariosIn(folder: string): Promise<readonly Scenario[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING)).sort();
  const all = await Promise.all(names.map(async (name) => await scenarioIn(join(folder, name))));
  const place = ({ order }: Scenario): number => (order === 0 ? Number.POSITIVE_INFINITY : order);
  return all.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

/**
 * One file.
 *
 * @throws ScenarioProblem with line and column, or the file system's error
 */
export async function scenarioIn(path: string): Promise<Scenario> {
  return readScenario(await readFile(path, 'utf8'));
}
