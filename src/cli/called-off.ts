/** The end of work that the first signal called off: no failure, and the exit code is that of an interruption. */
export class CalledOff extends Error {
  override readonly name = 'CalledOff';

  constructor() {
    super('called off');
  }
}

/** @throws CalledOff after the first signal */
export function throwIfCalledOff(interrupted: AbortSignal): void {
  if (interrupted.aborted) throw new CalledOff();
}
