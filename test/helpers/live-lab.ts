/**
 * A lab with a live run, for process tests. An error answer fails the test, and a test waits for a state of the view
 * instead of sleeping.
 */

import { join } from 'node:path';
import type { Answer, RequestName, Requests, RunChoice } from '../../src/core/lab-api/api.ts';
import type { ClusterView } from '../../src/core/trace/view.ts';
import type { ServerId } from '../../src/core/vocabulary/index.ts';
import { createLab, LabWatch } from '../../src/lab/index.ts';
import type { Lab } from '../../src/lab/types.ts';
import type { Bundle } from './bundle.ts';

export interface LiveLab {
  readonly lab: Lab;
  readonly runId: string;
  readonly servers: readonly ServerId[];
  view(): ClusterView;
  /** @throws when the lab answers with an error */
  ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<Answer<Name>>;
  /**
   * Resolves with the first view for which `fits` is true; rejects after `withinMs` with an error that names `what`.
   */
  until(what: string, fits: (view: ClusterView) => boolean, withinMs?: number): Promise<ClusterView>;
  folderOf(server: ServerId): string;
  close(): Promise<void>;
}

export interface LiveLabOptions {
  readonly dataFolder: string;
  readonly programs: Bundle;
  readonly choice: RunChoice;
  /** Id of the run to continue; a new run starts without it. */
  readonly continueRun?: string;
}

export async function startLab({ dataFolder, programs, choice, continueRun }: LiveLabOptions): Promise<LiveLab> {
  const files = { peer: programs.file('peer'), network: programs.file('network'), reaper: programs.file('reaper') };
  const lab = await createLab({ dataFolder, programs: files });
  const watch = new LabWatch(lab);
  const ask: LiveLab['ask'] = async (name, asked) => {
    const result = await lab.ask(name, asked);
    if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
    return result.value;
  };
  const mode = await (continueRun ? ask('continueRun', { runId: continueRun }) : ask('createRun', choice));
  if (mode.mode !== 'live') throw new Error(`the run is ${mode.mode}`);
  let closed: Promise<void> | null = null;
  return {
    lab,
    runId: mode.runId,
    servers: mode.settings.servers,
    view: () => watch.view,
    ask,
    until: (what, fits, withinMs) => watch.until(what, fits, withinMs),
    folderOf: (server) => join(dataFolder, 'runs', mode.runId, 'servers', server),
    close: () => {
      const ending = closed ?? lab.close();
      closed = ending;
      return ending;
    },
  };
}
