/** The browser door as a person gets it: the built program in a process of its own, and the address it prints. */
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
  /** Folder of a server of a run, the newest one unless told. */
  folderOf(server: string, runId?: string): string;
  /** Ends it as Ctrl-C does, and removes its data. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL and keeps its data, for another host to go on with. */
  strike(): Promise<void>;
}

/**
 * @param dataFolder  of a host that was before; a new one unless told
 * @param args        options of the program
 * @throws Error with what it said when it ends before it prints its address
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
