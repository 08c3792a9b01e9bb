/**
 * `raft-lab export`: a recording as a file. Flow: lab → here → export-file.ts, or stdout.
 */
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ExportFormat, Lab } from '../lab/index.ts';
import { EXIT } from './exit.ts';
import { placeFor, writeWhole } from './export-file.ts';
import { asked, LabRefusal, type Terminal, withLab } from './terminal.ts';

export interface ExportWish {
  /** Null: the newest. */
  readonly run: string | null;
  readonly format: ExportFormat;
  /** Null: named after the run, in the working folder; `-`: stdout. */
  readonly out: string | null;
  readonly force: boolean;
}

export async function exportRun(terminal: Terminal, wish: ExportWish): Promise<number> {
  return await withLab(terminal, async (lab) => {
    const { say, note, print } = terminal;
    const runId = wish.run ?? (await newestOf(lab));
    if (runId === null) {
      note(say('noRuns', { folder: terminal.dataFolder }));
      return EXIT.failed;
    }
    const wanted = resolve(wish.out ?? `raft-lab-${runId}.${wish.format}`);
    const place = wish.out === '-' ? null : await placeFor(wanted, wish.force);
    if (place !== null && !place.ok) {
      note(say(place.problem, { file: wanted }));
      return EXIT.failed;
    }
    await asked(lab, 'openRun', { runId });
    const exported = await lab.exportRun(wish.format);
    if (!exported.ok) throw new LabRefusal(exported.error);
    const bytes = exported.value.stream;
    if (place === null) {
      await pipeline(bytes, process.stdout, { end: false });
      return EXIT.ok;
    }
    if (!(await writeWhole(bytes, place.file, wish.force))) {
      note(say('exists', { file: wanted }));
      return EXIT.failed;
    }
    print(wanted);
    return EXIT.ok;
  });
}

async function newestOf(lab: Lab): Promise<string | null> {
  const all = await asked(lab, 'listRuns', {});
  return all.find(({ ok, live }) => ok && !live)?.runId ?? null;
}
