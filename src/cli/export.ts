/**
 * `raft-lab export`: a recording as a file. Written beside its place under another name and moved there when it is
 * whole, so that no half of it is ever taken for all; what is there already is overwritten only when told to.
 */
import { createWriteStream } from 'node:fs';
import { access, link, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ExportFormat, type Lab, whenFree } from '../lab/index.ts';
import { EXIT } from './exit.ts';
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
    const out = resolve(wish.out ?? `raft-lab-${runId}.${wish.format}`);
    if (wish.out !== '-' && !wish.force && (await exists(out))) {
      note(say('exists', { file: out }));
      return EXIT.failed;
    }
    await asked(lab, 'openRun', { runId });
    const exported = await lab.exportRun(wish.format);
    if (!exported.ok) throw new LabRefusal(exported.error);
    const bytes = exported.value.stream;
    if (wish.out === '-') {
      await pipeline(bytes, process.stdout, { end: false });
      return EXIT.ok;
    }
    if (!(await writeWhole(bytes, out, wish.force))) {
      note(say('exists', { file: out }));
      return EXIT.failed;
    }
    print(out);
    return EXIT.ok;
  });
}

async function newestOf(lab: Lab): Promise<string | null> {
  const all = await asked(lab, 'listRuns', {});
  return all.find(({ ok, live }) => ok && !live)?.runId ?? null;
}

/** @returns false when a file came there meanwhile that may not be overwritten */
async function writeWhole(bytes: Readable, out: string, force: boolean): Promise<boolean> {
  const part = `${out}.${process.pid}.part`;
  try {
    await pipeline(bytes, createWriteStream(part, { flags: 'wx', mode: 0o600 }));
    if (force) await whenFree(() => rename(part, out));
    else await link(part, out);
    return true;
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw problem;
  } finally {
    await rm(part, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
