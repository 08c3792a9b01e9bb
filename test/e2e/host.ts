/** Starts the web host as a person does: the built program in a process of its own, which prints its address. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const top = join(import.meta.dirname, '../..');

export interface Host {
  readonly address: string;
  readonly dataFolder: string;
  readonly process: ChildProcess;
  /** Ids of all runs, oldest first. */
  runs(): readonly string[];
  /** Folder of a server of a run; by default the newest run. */
  folderOf(server: string, runId?: string): string;
  /** Ends the host as Ctrl-C does, and removes its data. */
  stop(): Promise<void>;
  /** Ends the host with SIGKILL and keeps its data, so that another host can continue with it. */
  strike(): Promise<void>;
}

/**
 * @param dataFolder  folder that an earlier host left; a new one by default
 * @param args        options of the program
 * @throws Error with the host's output when it ends before it prints its address
 */
export async function startHost(
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-e2e-')),
  args: readonly string[] = [],
): Promise<Host> {
  const child = spawn(process.execPath, [join(top, 'out/main/web-host.js'), ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, RAFT_LAB_DATA_DIR: dataFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(line)?.[0];
      if (found !== undefined) resolve(found);
    });
    void exited.then(() => reject(new Error(`the host ended before it printed an address: ${complaints}`)));
  });
  const runs = (): readonly string[] => readdirSync(join(dataFolder, 'runs')).sort();
  return {
    address,
    dataFolder,
    process: child,
    runs,
    folderOf: (server, runId = runs().at(-1) ?? '') => join(dataFolder, 'runs', runId, 'servers', server),
    stop: async () => {
      child.kill('SIGINT');
      await exited;
      rmSync(dataFolder, { recursive: true, force: true });
    },
    strike: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
