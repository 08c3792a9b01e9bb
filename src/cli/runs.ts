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

/** The folder's name (the id), size, verdict, then what a person calls it, or what it was made with. */
function lineOf({ say }: Terminal, run: RunSummary): string {
  const size = `${(run.bytes / 1024 / 1024).toFixed(1)} MiB`.padStart(10);
  const verdict = run.live ? say('runLive') : say(`outcome-${run.verdict}`);
  return [run.runId, size, verdict.padEnd(VERDICT_WIDTH), aboutRun(say, run)].join('  ');
}

const VERDICT_WIDTH = 11;

function aboutRun(say: Terminal['say'], run: RunSummary): string {
  if (run.isUnfinished) return say('runUnfinished');
  if (!run.ok) return say('runDamaged', { problem: run.problem });
  const { servers, preset, durability, pace } = run.settings;
  const made = `${say('runServers', { count: servers.length })}, ${preset}, ${durability}, ${pace}`;
  return [run.title, run.scenario ?? '', made].filter((part) => part !== '').join(' · ');
}
