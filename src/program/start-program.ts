/**
 * Runs a program that the lab (or the bench) starts. It reads the orders from the environment, and gives the program
 * one orderly end and one exit code for each failure. Flow: an entry file → here → the program's own parts. The program
 * ends with its parent, because the parent holds the other end of its standard input.
 */
import { EXIT, isProblem, type Problem } from '../core/wire/index.ts';
import { type ProcessEvents, watchErrors, watchSignals } from './ending.ts';
import type { WayOut } from './way-out.ts';

/** The part of `process` that is used; a test passes its own. */
export interface ProgramProcess extends ProcessEvents {
  readonly stdin: ProcessEvents & { resume(): unknown };
  readonly env: Record<string, string | undefined>;
  exit(code: number): never;
}

/** A program that runs. */
export interface RunningProgram {
  /** Ends the program in order; resolves when the process may exit. */
  stop(): Promise<void>;
}

/** Calls with which a program ends itself. */
export interface ProgramEnds {
  /** Ends the program after its control channel closed, because the lab is gone or has released it. */
  readonly released: () => never;
  /** Ends the program because of an error. */
  readonly fail: (error: unknown) => never;
}

/** One program. */
export interface ProgramDescription<Spec extends object> {
  /**
   * Name of the environment variable that holds the orders. They contain the run's secret, so they are never passed in
   * argv.
   */
  readonly variable: string;
  /** Reads the orders. */
  readonly parse: (text: string) => Spec | Problem;
  /** Chooses the exit for an error that comes after the orders were read. */
  readonly wayOut: (error: unknown, spec: Spec) => WayOut;
  /** Starts the program; resolves when it runs. */
  readonly start: (spec: Spec, ends: ProgramEnds) => Promise<RunningProgram>;
  /** Exit code after an orderly end that a signal asked for; absent: 0. */
  readonly stoppedCode?: number;
}

/** The terminal also sends these signals to the lab, which decides in which order its programs stop. */
const LEFT_TO_PARENT = ['SIGINT', 'SIGHUP'] as const;

/**
 * Runs the program until it ends the process.
 *
 * @param print  writes a text to stderr
 */
export async function startProgram<Spec extends object>(
  { variable, parse, wayOut, start, stoppedCode = EXIT.ok }: ProgramDescription<Spec>,
  host: ProgramProcess = process,
  print: (text: string) => void = console.error,
): Promise<void> {
  for (const end of ['end', 'close', 'error']) host.stdin.on(end, () => host.exit(EXIT.controlClosed));
  host.stdin.resume();
  const spec = parse(host.env[variable] ?? '');
  // The orders hold the run's secret, so child processes and debug output must not see them.
  delete host.env[variable];
  if (isProblem(spec)) {
    print(`${variable}: ${spec.problem}`);
    return host.exit(EXIT.badSpec);
  }
  const fail = (error: unknown): never => {
    const { text, code } = wayOut(error, spec);
    print(text);
    return host.exit(code);
  };
  watchErrors(host, fail);
  let program: RunningProgram | null = null;
  watchSignals(host, {
    leftToParent: LEFT_TO_PARENT,
    inOrder: () => {
      // A program that is still starting has nothing to complete; the next start repairs any half-made file.
      if (program === null) return host.exit(stoppedCode);
      program.stop().then(() => host.exit(stoppedCode), fail);
    },
    atOnce: () => host.exit(EXIT.interrupted),
  });
  try {
    program = await start(spec, { released: () => host.exit(EXIT.controlClosed), fail });
  } catch (error) {
    fail(error);
  }
}
