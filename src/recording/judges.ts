/** The judges of a run, live or recorded, with what this host does faster than the core can. */
import { type CopyAscii, RunJudges, type RunJudgesOptions } from '../core/check/index.ts';

const encoder = new TextEncoder();

/** Every character beyond ASCII takes two bytes or more. */
export const copyAscii: CopyAscii = (text, bytes) => {
  const { read, written } = encoder.encodeInto(text, bytes);
  return read === text.length && written === text.length;
};

/** They hear every event of the run. */
export function judgesOf(options: Omit<RunJudgesOptions, 'copyAscii'>): RunJudges {
  return new RunJudges({ ...options, copyAscii });
}
