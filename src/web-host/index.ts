/**
 * The browser door's program (`out/main/web-host.js`). It starts a lab and the server of its dashboard, prints the address, and
 * ends in order. A person runs it directly, or `scripts/start.mjs` imports it and waits for `started`. Script and lab are one
 * process, so that killing the started program kills the lab.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  chosenRecordingsFolder,
  createLab,
  dataFolders,
  errorSentence,
  givesNoVerdict,
  type Lab,
  makeFolderSync,
  openAtReady,
  programFiles,
  thisMachine,
  unusableFolderSentence,
} from '../lab/index.ts';
import { isBlockedPort } from './blocked-ports.ts';
import { bringRuns } from './earlier-runs.ts';
import { watchLifetime } from './lifetime.ts';
import { ownSigns, watchOwner } from './owner.ts';
import { serve, type WebHost } from './serve.ts';
import { textsOfTerminal } from './terminal-texts.ts';

/** The folder of the built programs. This file is an entry, so the build never moves it into a chunk. */
const here = import.meta.dirname;

/** Exit codes of docs/terminal.md. */
const CANNOT_BE_DONE = 1;
const NO_VERDICT = 4;

/** Resolves with the running door once its address is printed. When it cannot start, the process prints why and exits with 1. */
export const started: Promise<WebHost> = start();

async function start(): Promise<WebHost> {
  try {
    const { port, isDetached, isView, file } = optionsFrom(process.argv.slice(2));
    const folders = dataFolders(thisMachine());
    const root = join(here, '..', '..');
    await bringRuns(folders, root);
    const { folder, unusable } = namedOrChosen(folders.folder);
    if (unusable !== null) {
      const { chosenFolder } = await textsOfTerminal(root);
      console.error(unusableFolderSentence(unusable, folder, chosenFolder));
    }
    const lab = await createLab({ dataFolder: folder, programs: programFiles(here) });
    if (isView) await openFirst(lab, file ?? '', root);
    // The reader of stdout may close it (a pipe to `head`); the run continues.
    process.stdout.on('error', () => undefined);
    let host: WebHost | null = null;
    const lifetime = watchLifetime(process, {
      close: async () => {
        await Promise.all([host?.close(), lab.close()]);
      },
      killNow: () => lab.killNow(),
      exit: (code) => process.exit(code),
      crashed: (problem) => noteCrash(folder, problem),
      nowMs: () => performance.now(),
    });
    if (!isDetached) watchOwner(ownSigns(), lifetime.leave);
    // The first page that sends `ready` opens the file.
    let waiting = isView ? null : file;
    const takeFile = (): string | null => {
      const path = waiting;
      waiting = null;
      return path;
    };
    host = await serve({
      lab: { ...lab, ask: isView ? askWithoutCluster(lab) : openAtReady(lab, takeFile) },
      rendererFolder: join(here, '..', 'renderer'),
      port,
    });
    console.log(`Raft Lab: ${host.address}`);
    return host;
  } catch (problem) {
    console.error(`Raft Lab cannot start: ${sentenceOf(problem)}`);
    process.exit(1);
  }
}

/** Opens the recording before a page connects. When that fails, the program prints why and exits. */
async function openFirst(lab: Lab, place: string, root: string): Promise<void> {
  const opened = await lab.openPlace(place);
  if (opened.ok) return;
  console.error(errorSentence((await textsOfTerminal(root)).error, opened.error));
  await lab.close();
  process.exit(givesNoVerdict(opened.error) ? NO_VERDICT : CANNOT_BE_DONE);
}

/** The lab's `ask` for pages of a recording: `ready` starts no run, even after the recording was closed. */
function askWithoutCluster(lab: Lab): Lab['ask'] {
  return async (name, ask) => await lab.ask(name, name === 'ready' ? { autoStart: false } : ask);
}

interface HostOptions {
  readonly port: number;
  readonly isDetached: boolean;
  /** Whether to show only the recording that `file` names. */
  readonly isView: boolean;
  /** The scenario or recording to open first. */
  readonly file: string | null;
}

function optionsFrom(args: readonly string[]): HostOptions {
  const flag = { type: 'boolean', default: false } as const;
  const options = { port: { type: 'string', default: '0' }, detach: flag, view: flag } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new Error(`--port ${values.port} is not a number from 0 to 65535.`);
  if (isBlockedPort(port)) throw new Error(`no browser opens port ${port}: choose another one, such as 5173, or none.`);
  return { port, isDetached: values.detach, isView: values.view, file: positionals[0] ?? null };
}

/** The data folder for this start: a named one, or else the one in the settings. */
function namedOrChosen(usual: string): ReturnType<typeof chosenRecordingsFolder> {
  return process.env.RAFT_LAB_DATA_DIR ? { folder: usual, unusable: null } : chosenRecordingsFolder(usual, 'write');
}

function noteCrash(folder: string, problem: unknown): void {
  const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
  console.error(`Raft Lab failed and stopped its servers: ${text}`);
  try {
    makeFolderSync(folder);
    writeFileSync(join(folder, 'last-crash.txt'), `${new Date().toISOString()}\n${text}\n`, { mode: 0o600 });
  } catch (unwritable) {
    console.error(`The note of it could not be written: ${String(unwritable)}`);
  }
}

function sentenceOf(problem: unknown): string {
  const error = problem as NodeJS.ErrnoException & { readonly port?: number };
  if (error.code === 'EADDRINUSE') return `port ${error.port ?? ''} is taken by another program; choose another one.`;
  if (error.code === 'EACCES' && error.syscall === 'listen') {
    return `port ${error.port ?? ''} may not be used (below 1024 it needs rights): choose another one.`;
  }
  if (error.path !== undefined) {
    return `${error.path} cannot be used (${error.code}); choose another data folder with RAFT_LAB_DATA_DIR.`;
  }
  return error.message ?? String(problem);
}
