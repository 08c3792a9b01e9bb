/** `raft-lab runs`: what is recorded, newest first; `raft-lab runs delete RUN` deletes one. */
import type { RunSummary } from '../core/lab-api/index.ts';
import { EXIT } from './exit.ts';
import { asked, type Terminal, withLab } from './terminal.ts';

interface Asked {
  /** Null: list. */
  readonly verb: string | null;
  readonly which: string | null;
  readonly json: boolean;
}

export async function runs(terminal: Terminal, { verb, which, json }: Asked): Promise<number> {
  if (verb === 'delete' && which !== null) return await deleteOne(terminal, which);
  if (verb !== null) {
    terminal.note(terminal.say('runsVerb'));
    return EXIT.usage;
  }
  return await withLab(terminal, async (lab) => {
    const all = await asked(lab, 'listRuns', {});
    if (json) terminal.print(JSON.stringify(all));
    else if (all.length === 0) terminal.note(terminal.say('noRuns', { folder: terminal.dataFolder }));
    else for (const run of all) terminal.print(lineOf(terminal, run));
    return EXIT.ok;
  });
}

async function deleteOne(terminal: Terminal, runId: string): Promise<number> {
  return await withLab(terminal, async (lab) => {
    await asked(lab, 'deleteRun', { runId });
    terminal.print(terminal.say('runDeleted', { runId }));
    return EXIT.ok;
  });
}

function lineOf({ say }: Terminal, run: RunSummary): string {
  if (!run.ok) return `${run.runId}  ${say('runDamaged', { problem: run.problem })}`;
  const { servers, preset, durability, pace } = run.settings;
  const size = `${(run.bytes / 1024 / 1024).toFixed(1)} MiB`.padStart(10);
  const live = run.live ? `  ${say('runLive')}` : '';
  return `${run.runId}  ${size}  ${say('runServers', { count: servers.length })}, ${preset}, ${durability}, ${pace}${live}`;
}
