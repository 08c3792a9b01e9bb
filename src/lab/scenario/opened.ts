/**
 * A scenario file of one's own, by path: read here for every door that has a path (argument, double click), so that each
 * tells the same about a file that cannot be played. Flow: path → here → request `playScenarioFile`.
 */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { kindOfFile, type LabResult, LIMITS, type Requests, SCENARIO_ENDINGS } from '../../core/lab-api/index.ts';
import { LabProblem } from '../errors.ts';

/** Bytes that UTF-8 needs at most for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/**
 * Reads a file that a person opened. Never rejects.
 *
 * @returns the request that plays it; `unknown-file`, `cannot-read` or `file-too-large` when that cannot be
 */
export async function readOpenedFile(path: string): Promise<LabResult<Requests['playScenarioFile']['ask']>> {
  const file = basename(path);
  try {
    if (kindOfFile(file) === null) return refusal('unknown-file', { file, endings: SCENARIO_ENDINGS.join(', ') });
    const found = await stat(path);
    if (!found.isFile()) return refusal('cannot-read', { path, errno: 'EISDIR' });
    // Looked at before reading: a wrong file may be a huge one.
    if (found.size > LIMITS.scenarioLength * BYTES_PER_UNIT) return tooLarge(file);
    const text = await readFile(path, 'utf8');
    return text.length > LIMITS.scenarioLength ? tooLarge(file) : { ok: true, value: { file, text, seed: null } };
  } catch (problem) {
    return refusal('cannot-read', { path, errno: (problem as NodeJS.ErrnoException).code ?? String(problem) });
  }
}

function tooLarge(file: string): LabResult<never> {
  return refusal('file-too-large', { file, most: LIMITS.scenarioLength });
}

function refusal(...problem: ConstructorParameters<typeof LabProblem>): LabResult<never> {
  return { ok: false, error: new LabProblem(...problem).error };
}
