/**
 * Every line that the terminal's programs write. Recordings, scenarios and histories come from others: control characters in
 * them are shown and never obeyed. In JSON the result is the same value, since a sign becomes its own escape there.
 */
import { plain } from './words.ts';

/** A line on stdout: what was asked for. */
export function printLine(line: string): void {
  console.log(plain(line));
}

/** A line on stderr: progress and problems. */
export function noteLine(line: string): void {
  console.error(plain(line));
}
