/** Opens a lab for one command, sends it requests, and closes it in every case. */
import type { Answer, LabError, RequestName, Requests } from '../core/lab-api/index.ts';
import { createLab, type Lab, programFiles } from '../lab/index.ts';
import { EXIT } from './exit.ts';
import type { Terminal } from './terminal.ts';

/** An error of the lab after which a command cannot continue. */
export class LabRefusal extends Error {
  override readonly name = 'LabRefusal';
  readonly error: LabError;

  constructor(error: LabError) {
    super(error.message);
    this.error = error;
  }
}

/** Sends a request and returns its answer. @throws LabRefusal */
export async function asked<Name extends RequestName>(
  lab: Lab,
  name: Name,
  ask: Requests[Name]['ask'],
): Promise<Answer<Name>> {
  const result = await lab.ask(name, ask);
  if (!result.ok) throw new LabRefusal(result.error);
  return result.value;
}

/** Opens a lab whose processes are killed when this process ends without closing it, as after a second Ctrl-C. */
export async function openLab({ programFolder }: Pick<Terminal, 'programFolder'>, dataFolder: string): Promise<Lab> {
  const lab = await createLab({ dataFolder, programs: programFiles(programFolder) });
  process.once('exit', () => lab.killNow());
  return lab;
}

/**
 * Uses a lab and closes it, also after a failure. The first interruption closes it in order and ends the command with
 * 130.
 *
 * @param folder  absolute; the terminal's data folder by default
 */
export async function withLab(
  terminal: Terminal,
  use: (lab: Lab) => Promise<number>,
  folder = terminal.dataFolder,
): Promise<number> {
  const lab = await openLab(terminal, folder);
  const { interrupted } = terminal;
  const calledOff = new Promise<number>((resolve) => {
    interrupted.addEventListener('abort', () => resolve(EXIT.interrupted), { once: true });
    if (interrupted.aborted) resolve(EXIT.interrupted);
  });
  const work = use(lab);
  // Work that fails because the lab is being closed was called off and is no failure.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, calledOff]);
  } finally {
    await lab.close();
  }
}
