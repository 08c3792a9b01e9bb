/**
 * A file that was named before there was a page (argument, double click): the page's `ready` plays it in place of the run
 * that would start by itself, so that no cluster is started for nothing. Flow: page → `ready` → here → lab.
 */
import type { Answer, LabResult, RequestName } from '../../core/lab-api/index.ts';
import { readOpenedFile } from '../scenario/index.ts';
import type { Lab } from '../types.ts';

/**
 * @param takeFile  asked at each `ready`: the path of a file that waits, which then waits no more, or null
 * @returns the lab's `ask`. `ready` answers with the file's error when it cannot be played; the page says so and asks again
 */
export function openAtReady(lab: Pick<Lab, 'ask'>, takeFile: () => string | null): Lab['ask'] {
  return async <Name extends RequestName>(name: Name, ask: unknown): Promise<LabResult<Answer<Name>>> => {
    const path = name === 'ready' ? takeFile() : null;
    if (path === null) return await lab.ask(name, ask);
    const opened = await readOpenedFile(path);
    if (!opened.ok) return opened;
    // `ready` and `playScenarioFile` have the same answer: what is open then.
    return (await lab.ask('playScenarioFile', opened.value)) as LabResult<Answer<Name>>;
  };
}
