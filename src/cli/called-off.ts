/**
 * The end of work that the first signal called off. It is not a failure, and its exit code is that of an interruption.
 */
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
