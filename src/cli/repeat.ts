/** The one command that repeats something drawn, written as a person types it where this program was started. */
import type { Launcher } from './launcher.ts';

/** Arguments that a shell takes as they are. */
const PLAIN = /^[\w.,=:/@%+-]+$/;

/** @param args  of `raft-lab`; an argument with other signs is quoted as JSON, which every shell reads alike */
export function commandLine({ program }: Pick<Launcher, 'program'>, args: readonly (string | number)[]): string {
  const typed = args.map(String).map((arg) => (PLAIN.test(arg) ? arg : JSON.stringify(arg)));
  return [program, ...typed].join(' ');
}

/** Options as arguments: null and false leave one out, true is a switch, a list has commas. */
export function optionArgs(
  options: Readonly<Record<string, string | number | boolean | readonly string[] | null>>,
): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === null || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}`, String(value)];
  });
}
