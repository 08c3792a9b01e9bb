/**
 * `raft-lab export`: writes a recording, or a file that was exported before, in a format. Flow: lab → here →
 * writeWholeFile or stdout.
 */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { flawInWords, flawWord, type RunSummary, type TraceFlaw } from '../core/lab-api/index.ts';
import { EXPORTS, type ExportFormat, writeWholeFile } from '../lab/index.ts';
import { printBytes } from './console.ts';
import { EXIT } from './exit.ts';
import { placeFor } from './export-file.ts';
import type { Terminal } from './terminal.ts';
import { asked, LabRefusal, withLab } from './with-lab.ts';
import { inLanguage } from './words.ts';

/** Arguments of `raft-lab export`. */
export interface ExportArgs {
  /** The name of a run, or the path of an exported file or of a run's folder. Null: the newest run. */
  readonly run: string | null;
  readonly format: ExportFormat;
  /** Null: a file named after the run, in the working folder. `-`: stdout. */
  readonly out: string | null;
  readonly force: boolean;
}

export async function exportRun(terminal: Terminal, args: ExportArgs): Promise<number> {
  return await withLab(terminal, async (lab) => {
    const { say, note, print } = terminal;
    const all = args.run === null ? await asked(lab, 'listRuns', {}) : [];
    const runId = args.run ?? newestOf(all);
    if (runId === null) {
      note(say(all.length === 0 ? 'noRuns' : 'noEndedRuns', { folder: terminal.dataFolder }));
      return EXIT.failed;
    }
    const wanted = resolve(args.out ?? `raft-lab-${stemOf(runId)}.${EXPORTS[args.format].extension}`);
    const place = args.out === '-' ? null : await placeFor(wanted, args.force);
    if (place !== null && !place.ok) {
      note(say(place.problem, { file: wanted }));
      return EXIT.failed;
    }
    const opened = await lab.openPlace(existsSync(runId) ? resolve(runId) : runId);
    if (!opened.ok) throw new LabRefusal(opened.error);
    const { value: mode } = opened;
    if (mode.mode === 'past' && mode.flaw !== undefined) noteFlaw(terminal, mode.flaw, args.format);
    const exported = await lab.exportRun(args.format);
    if (!exported.ok) throw new LabRefusal(exported.error);
    const bytes = exported.value.stream;
    if (place === null) {
      await printBytes(bytes);
      return EXIT.ok;
    }
    if (!(await writeWholeFile(bytes, place.file, { overwrite: args.force }))) {
      note(say('exists', { file: wanted }));
      return EXIT.failed;
    }
    print(wanted);
    return EXIT.ok;
  });
}

/** Reports damage on stderr, because a table does not show the lines that it leaves out. */
function noteFlaw({ say, note, language }: Terminal, flaw: TraceFlaw, format: ExportFormat): void {
  const word = say(`outcome-${flawWord(flaw)}`);
  note(say('exportFlaw', { word, flaw: inLanguage(language, flawInWords(flaw)) }));
  if (EXPORTS[format].endsAtDamage && flawWord(flaw) === 'damaged') note(say('exportTableEnds'));
}

/**
 * Returns the stem of an export's file name: the run, or the file's name without the parts that an earlier export
 * added.
 */
function stemOf(run: string): string {
  return basename(run).replace(/^raft-lab-|\.jsonl$/gi, '');
}

/** Returns the newest run that has ended and can be read; null without one. @param all  newest first */
function newestOf(all: readonly RunSummary[]): string | null {
  return all.find(({ ok, live }) => ok && !live)?.runId ?? null;
}
