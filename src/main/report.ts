/**
 * The diagnostic report: the facts that help to find a fault, as plain `name: value` lines, which are the same in every
 * language. It holds no token, and the home folder is written as `~`.
 */
import { readFileSync } from 'node:fs';
import { arch, cpus, freemem, homedir, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { App, BrowserWindow, Screen } from 'electron';
import type { Settings } from '../core/lab-api/index.ts';
import { diskKind, folderOwner, freeBytes, fsyncMedianMs, lockHolder, writeProblem } from '../lab/index.ts';
import { type Log, withoutSecrets } from './log-file.ts';

/** Lines of the log that a report ends with. */
const LOG_LINES = 200;
const GIB = 1024 ** 3;

interface ReportParts {
  readonly app: Pick<App, 'getAppMetrics' | 'getGPUFeatureStatus' | 'getVersion' | 'isPackaged'>;
  readonly screen: Pick<Screen, 'getAllDisplays'>;
  readonly window: BrowserWindow | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly language: string;
  readonly settings: Settings;
  readonly dataFolder: string;
  readonly isAccelerated: boolean;
  readonly log: Log;
}

/** Returns the report's text. Never rejects: an unknown fact is reported as unknown. */
export async function diagnosticReport(parts: ReportParts): Promise<string> {
  const { app, env, log, platform, settings } = parts;
  const { electron, chrome, node, v8 } = process.versions;
  const facts: Readonly<Record<string, () => unknown>> = {
    version: () => `${app.getVersion()}${app.isPackaged ? '' : ' (not packaged)'}`,
    electron: () => `${electron}, Chromium ${chrome}, Node.js ${node}, V8 ${v8}`,
    system: () => `${platform} ${release()} ${arch()}`,
    session: () => env.XDG_SESSION_TYPE ?? 'unknown',
    language: () => parts.language,
    machine: () => `${cpus().length} cores, ${gib(totalmem())} memory, ${gib(freemem())} free`,
    displays: () => parts.screen.getAllDisplays().map(displayText).join(', '),
    sandbox: () => sandboxOf(parts),
    acceleration: () => (parts.isAccelerated ? 'on' : 'off'),
    gpu: () => JSON.stringify(app.getGPUFeatureStatus()),
    settings: () => JSON.stringify(settings),
    dataFolder: () => parts.dataFolder,
    dataFolderProblem: () => writeProblem(parts.dataFolder),
    dataFolderOwner: async () =>
      `${await folderOwner(parts.dataFolder)}, this process ${process.getuid?.() ?? 'unknown'}`,
    dataFolderDisk: async () => (await diskKind(parts.dataFolder))?.name ?? 'unknown',
    dataFolderLock: async () => lockText(await lockHolder(join(parts.dataFolder, 'lock'))),
    dataFolderFree: async () => gib(await freeBytes(parts.dataFolder)),
    fsyncMedian: async () => `${(await fsyncMedianMs(parts.dataFolder)).toFixed(2)} ms`,
    logs: () => log.folder,
  };
  const lines: string[] = [];
  // In sequence, so that the probes of the disk do not disturb each other.
  for (const [name, find] of Object.entries(facts)) lines.push(`${name}: ${await foundOrProblem(find)}`);
  return withoutSecrets(['Raft Lab', ...lines, '', ...log.lastLines(LOG_LINES), ''].join('\n'), homedir());
}

async function foundOrProblem(find: () => unknown): Promise<string> {
  try {
    return String((await find()) ?? 'none');
  } catch (problem) {
    return `not known (${String(problem)})`;
  }
}

/** Whether the page's process is really sandboxed, as the system reports it. */
function sandboxOf({ app, platform, window }: ReportParts): string {
  if (window === null || window.isDestroyed()) return 'no page';
  const pid = window.webContents.getOSProcessId();
  // Chromium reports it on macOS and Windows only. On Linux the kernel does; 2 is a filter of system calls.
  if (platform !== 'linux') return String(app.getAppMetrics().find((one) => one.pid === pid)?.sandboxed ?? 'unknown');
  const seccomp = /^Seccomp:\s*(\d)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return seccomp === '2' ? 'true' : `false (Seccomp ${seccomp ?? 'unknown'})`;
}

/** Text about the holder of the lock; this window's own lab holds it while a run is open. */
function lockText(holder: { readonly pid: number; readonly state: string; readonly takenAt: string } | null): string {
  return holder === null ? 'free' : `process ${holder.pid} (${holder.state}), since ${holder.takenAt}`;
}

function displayText({
  size,
  scaleFactor,
}: {
  readonly size: { readonly width: number; readonly height: number };
  readonly scaleFactor: number;
}): string {
  return `${size.width}x${size.height} at ${scaleFactor * 100} %`;
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
