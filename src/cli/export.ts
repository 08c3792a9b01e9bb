/**
 * `raft-lab export`: a recording as a file. Flow: lab → here → export-file.ts, or stdout.
 */
import { resolve } from 'node:path';
import { flawInWords, flawWord, type TraceFlaw } from '../core/lab-api/index.ts';
import type { ExportFormat, Lab } from '../lab/index.ts';
import { printBytes } from './console.ts';
import { EXIT } from './exit.ts';
import { placeFor, writeWhole } from './export-file.ts';
import { asked, LabRefusal, type Terminal, withLab } from './terminal.ts';
import { inLanguage } from './words.ts';

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
    const opened = await asked(lab, 'openRun', { runId });
    if (opened.mode === 'past' && opened.flaw !== undefined) noteFlaw(terminal, opened.flaw, wish.format);
    const exported = await lab.exportRun(wish.format);
    if (!exported.ok) throw new LabRefusal(exported.error);
    const bytes = exported.value.stream;
    if (place === null) {
      await printBytes(bytes);
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

/** The lines hold their checksums, so their reader can see it; a table cannot show what it leaves out. */
function noteFlaw({ say, note, language }: Terminal, flaw: TraceFlaw, format: ExportFormat): void {
  const word = say(`outcome-${flawWord(flaw)}`);
  note(say('exportFlaw', { word, flaw: inLanguage(language, flawInWords(flaw)) }));
  if (format === 'csv' && flawWord(flaw) === 'damaged') note(say('exportTableEnds'));
}

async function newestOf(lab: Lab): Promise<string | null> {
  const all = await asked(lab, 'listRuns', {});
  return all.find(({ ok, live }) => ok && !live)?.runId ?? null;
}
