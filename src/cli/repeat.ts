/** The command that repeats a drawn run, written as a person types it where this program was started. */
import type { Launcher } from './launcher.ts';

/** Arguments that no shell changes. */
const PLAIN = /^[\w.,=:/@%+-]+$/;

/** @param args  arguments of `raft-lab`; one with other characters is quoted as JSON, which every shell reads alike */
export function commandLine({ program }: Pick<Launcher, 'program'>, args: readonly (string | number)[]): string {
  const typed = args.map(String).map((arg) => (PLAIN.test(arg) ? arg : JSON.stringify(arg)));
  return [program, ...typed].join(' ');
}

/** Returns options as arguments. Null and false leave an option out, true makes a switch, and a list has commas. */
export function optionArgs(
  options: Readonly<Record<string, string | number | boolean | readonly string[] | null>>,
): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === null || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}`, String(value)];
  });
}
