/**
 * Reads a person's own scenario file by its path. All doors that have a path (argument, double click) use it, so all
 * report the same errors about a file that cannot be played. Flow: path → here → request `playScenarioFile`.
 */
import { basename } from 'node:path';
import {
  decodeUtf8,
  type ErrorArguments,
  type LabErrorCode,
  type LabResult,
  LIMITS,
  type Requests,
} from '../core/lab-api/index.ts';
import { LabProblem, labError } from '../core/lab-api/lab-problem.ts';
import { readForeignFile } from '../program/foreign-file.ts';

/** Maximum number of UTF-8 bytes of one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/**
 * Reads a scenario file that a person opened. Never rejects.
 *
 * @returns the request that plays it, or `cannot-read`, `not-a-file`, `file-too-large` or `not-utf8`
 */
export async function readOpenedScenario(path: string): Promise<LabResult<Requests['playScenarioFile']['ask']>> {
  const file = basename(path);
  try {
    return { ok: true, value: { file, text: await readScenarioText(path), seed: null } };
  } catch (problem) {
    if (problem instanceof LabProblem) return { ok: false, error: problem.error };
    return refusal('cannot-read', { path, errno: (problem as NodeJS.ErrnoException).code ?? String(problem) });
  }
}

/**
 * Reads the text of a scenario file.
 *
 * @throws LabProblem not-a-file, file-too-large, not-utf8; the file system's error
 */
export async function readScenarioText(path: string): Promise<string> {
  const file = basename(path);
  const tooLarge = new LabProblem('file-too-large', { file, most: LIMITS.scenarioLength });
  const bytes = await readForeignFile(path, LIMITS.scenarioLength * BYTES_PER_UNIT);
  if (bytes === null) throw tooLarge;
  const read = decodeUtf8(bytes, new TextDecoder('utf-8', { fatal: true }));
  if (!read.ok) throw new LabProblem('not-utf8', { file, line: read.line });
  if (read.text.length > LIMITS.scenarioLength) throw tooLarge;
  return read.text;
}

function refusal<Code extends LabErrorCode>(...problem: ErrorArguments<Code>): LabResult<never> {
  return { ok: false, error: labError(...problem) };
}
