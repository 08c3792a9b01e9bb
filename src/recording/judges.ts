/** The judges of a run, live or recorded, with the host's text encoder, which is faster than the core's. */
import { type CopyAscii, RunJudges, type RunJudgesOptions } from '../core/check/index.ts';

const encoder = new TextEncoder();

/** Copies ASCII text. @returns false when the text holds another character, which takes two bytes or more */
export const copyAscii: CopyAscii = (text, bytes) => {
  const { read, written } = encoder.encodeInto(text, bytes);
  return read === text.length && written === text.length;
};

/** Creates the judges. They must receive every event of the run. */
export function judgesOf(options: Omit<RunJudgesOptions, 'copyAscii'>): RunJudges {
  return new RunJudges({ ...options, copyAscii });
}
