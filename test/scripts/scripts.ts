/** Types of the scripts' modules for tests. The scripts are plain JavaScript outside the tests' type check. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const top = join(import.meta.dirname, '..', '..');

type Env = Readonly<Record<string, string | undefined>>;

export interface StartOptions {
  readonly browser: boolean;
  readonly noOpen: boolean;
  readonly isDetached: boolean;
  readonly port: number;
  readonly file: string | null;
  readonly isView: boolean;
}

export type SandboxProblem = 'becauseAppArmor' | 'becauseNoNamespaces' | null;

export interface SandboxProbeModule {
  sandboxProblem(machine: {
    readonly platform: string;
    readonly binary: string;
    readonly files?: {
      read(path: string): string | null;
      names(folder: string): readonly string[];
      owner(path: string): { readonly uid: number; readonly mode: number } | null;
    };
  }): SandboxProblem;
}

export type WindowEnd =
  | { readonly code: number }
  | { readonly failed: { readonly key: string; readonly params: Readonly<Record<string, string | number>> } };

export interface RunWindowModule {
  windowEnvironment(env: Env, cwd: string): Env;
  judgeEnd(code: number | null, signal: string | null, isEarly: boolean): WindowEnd;
}

export interface LaunchPlanModule {
  readonly OPENED_ENDINGS: readonly string[];
  isRunName(word: string): boolean;
  readOptions(args: readonly string[], env: Env): unknown;
  planLaunch(facts: {
    readonly options: StartOptions;
    readonly platform: string;
    readonly env: Env;
    readonly isRoot: boolean;
    readonly hasElectron: boolean;
    readonly sandboxProblem: SandboxProblem;
  }): unknown;
}

export interface Acts {
  isInstalled(): boolean;
  install(): Promise<number>;
  alone(onWait: (pid: string) => void, act: () => Promise<boolean>): Promise<boolean>;
  isBuilt(): boolean;
  build(): Promise<boolean>;
  findElectron(): string | null;
  electronVersion(): string;
  electronFolder(): string;
  sandboxProblem(): SandboxProblem;
  fetchElectron(onBytes: (bytes: number) => void): Promise<object>;
  findPlace(name: string): string | null;
  runWindow(binary: string, file: string | null): Promise<WindowEnd>;
  openHost(options: StartOptions): Promise<{ oneTimeAddress: () => string }>;
  openAddress(address: string): Promise<string | null>;
}

export interface StartLabModule {
  startLab(start: {
    readonly args: readonly string[];
    readonly env: Env;
    readonly platform: string;
    readonly isRoot: boolean;
    readonly say: (line: string) => void;
    readonly showProgress: (line: string | null) => void;
    readonly words: (key: string, params?: Readonly<Record<string, string | number>>) => string;
    readonly acts: Acts;
  }): Promise<number | null>;
}

export interface FetchModule {
  findElectron(root: string, env: Env): string | null;
  fetchElectron(job: {
    readonly root: string;
    readonly env: Env;
    readonly stallMs: number;
    readonly sampleMs: number;
    readonly onBytes: (bytes: number) => void;
    readonly signals?: NodeJS.EventEmitter;
  }): Promise<{ readonly outcome: string; readonly reason?: string }>;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface SummaryModule {
  countReport(report: object | null, exitCode: number): Counts;
  addUp(all: readonly Counts[]): Counts;
  lastLine(counts: Counts): string;
  exitCodeOf(counts: Counts): number;
  slowestFiles(files: readonly { readonly file: string; readonly seconds: number }[]): readonly string[];
  readTestArgs(args: readonly string[]): unknown;
}

export interface Kept {
  readonly seed: number;
  readonly sources: string;
  readonly total: number;
  readonly units: Readonly<Record<string, { readonly outcome: string }>>;
}

export interface LongPart {
  readonly name: string;
  readonly what: string;
  units(seed: number): readonly {
    readonly name: string;
    readonly command: readonly string[];
    readonly repeat: string;
  }[];
}

export interface LongStateModule {
  readonly LIMIT_MINUTES: number;
  planPart(
    kept: Kept | null,
    start: {
      readonly part: Pick<LongPart, 'name' | 'units'>;
      readonly sources: string;
      readonly seed: number;
      readonly now: string;
    },
  ): { readonly kept: Kept; readonly left: readonly { readonly name: string }[]; readonly goesOn: boolean };
  withUnit(
    kept: Kept,
    name: string,
    ended: { readonly code: number; readonly seconds: number; readonly now: string },
  ): Kept;
  countUnits(kept: Kept): Counts;
  hasTimeLeft(kept: Kept, elapsedSeconds: number): boolean;
  statusLine(kept: Kept | null, sources: string): string;
  readKept(text: string): Kept | null;
  readLongArgs(args: readonly string[], names: readonly string[]): unknown;
}

/** Imports one of the scripts' modules with the type that the caller names. */
export async function script<Shape>(name: string): Promise<Shape> {
  return (await import(/* @vite-ignore */ pathToFileURL(join(top, 'scripts', name)).href)) as Shape;
}
