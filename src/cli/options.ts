/**
 * The kinds of command-line options. A kind defines how an option is written, its limits, its default, and how its text
 * is read. The table of commands (commands.ts) consists of them; reading a command line, the help and the page in docs/
 * follow from the same values.
 */
import type { SentenceKey } from './words.ts';
import { WrongArgs } from './wrong-args.ts';

/** Smallest and largest number that an option takes. */
export interface Limits {
  readonly least: number;
  readonly most: number;
}

/** One option. */
export interface Option<Value = unknown> {
  /** Its value as the help writes it, such as `N` or `en|zh-CN`; null for a switch. */
  readonly value: string | null;
  readonly limits: Limits | null;
  /** Its default as a person would type it; null without one. */
  readonly preset: string | null;
  /** Key of its line in the help; null: `option-<name>`. */
  readonly says: SentenceKey | null;
  /** Its value when it is not on the command line. */
  readonly absent: Value;
  /** @throws WrongArgs with a sentence that names the option, such as `--runs` */
  read(text: string, option: string): Value;
}

/** Options by name, without the two hyphens. */
export type Options = Readonly<Record<string, Option>>;

/** The values of these options after a command line was read. */
export type Values<Of extends Options> = {
  readonly [Name in keyof Of]: Of[Name] extends Option<infer Value> ? Value : never;
};

/** Fields that most kinds have in common. */
const PLAIN = { limits: null, preset: null, says: null } as const;

/** Returns the same option with another line in the help. */
export function saying<Value>(
  says: SentenceKey,
  option: Option<Value>,
): Option<Value> & { readonly says: SentenceKey } {
  return { ...option, says };
}

/** Returns the same option with its value written in another way, such as `BYTES`. */
export function writtenAs<Value>(value: string, option: Option<Value>): Option<Value> {
  return { ...option, value };
}

/** Makes a switch. It takes no value and is false when it is absent. */
export function flag(): Option<boolean> {
  return { ...PLAIN, value: null, absent: false, read: () => true };
}

/** Makes an option that takes any text. @param value  as the help writes it, such as `DIR` */
export function text(value: string): Option<string | null> {
  return { ...PLAIN, value, absent: null, read: (given) => given };
}

/**
 * Makes an option for a whole number in decimal digits.
 *
 * @param preset  its default; without one an absent option is null
 */
export function whole(limits: Limits): Option<number | null>;
export function whole(limits: Limits, preset: number): Option<number>;
export function whole(limits: Limits, preset: number | null = null): Option<number | null> {
  return numberOption('N', limits, preset, (given, option) => numberIn(given, option, limits, /^\d+$/, 'wholeBetween'));
}

/** Makes an option for a number of seconds or minutes, with decimals allowed. @param value  as the help writes it */
export function amount(value: string, limits: Limits): Option<number | null>;
export function amount(value: string, limits: Limits, preset: number): Option<number>;
export function amount(value: string, limits: Limits, preset: number | null = null): Option<number | null> {
  const read = (given: string, option: string): number =>
    numberIn(given, option, limits, /^\d+(?:\.\d+)?$/, 'numberBetween');
  return numberOption(value, limits, preset, read);
}

/** Makes an option for one of these names. @param preset  its default; without one an absent option is null */
export function choice<const Name extends string>(names: readonly Name[]): Option<Name | null>;
export function choice<const Name extends string>(names: readonly Name[], preset: Name): Option<Name>;
export function choice<const Name extends string>(
  names: readonly Name[],
  preset: Name | null = null,
): Option<Name | null> {
  return {
    ...PLAIN,
    value: names.join('|'),
    preset,
    absent: preset,
    read: (given, option) => oneOf(names, given, option),
  };
}

/**
 * Makes an option for several values with commas between them, each at most once.
 *
 * @param value  as the help writes it, such as `N,…`
 * @param preset  its default as a person would type it; without one an absent option is null
 * @param none  the word for an empty list, where one is allowed
 */
export function list<Item>(
  value: string,
  item: Option<Item | null>,
  how?: { readonly none?: string },
): Option<readonly Item[] | null>;
export function list<Item>(
  value: string,
  item: Option<Item | null>,
  how: { readonly preset: string },
): Option<readonly Item[]>;
export function list<Item>(
  value: string,
  item: Option<Item | null>,
  { preset = null, none }: { readonly preset?: string | null; readonly none?: string } = {},
): Option<readonly Item[] | null> {
  const read = (given: string, option: string): readonly Item[] => {
    if (given === none) return [];
    const parts = given.split(',').map((part) => part.trim());
    const twice = parts.find((part, at) => parts.indexOf(part) !== at);
    if (twice !== undefined) throw new WrongArgs('itemTwice', { option, item: twice });
    return parts.map((part) => item.read(part, option) as Item);
  };
  const absent = preset === null ? null : read(preset, value);
  return { ...PLAIN, value, limits: item.limits, preset, absent, read };
}

/** A number for each of several names. */
export type Counts<Name extends string> = Readonly<Record<Name, number>>;

/**
 * Makes an option for numbers by name, such as `elections=2,proposals=1`. A name that is left out has its default.
 *
 * @param names  limits and default of each name
 */
export function counts<Name extends string>(
  names: Readonly<Record<Name, Limits & { readonly preset: number }>>,
): Option<Counts<Name> | null> {
  const known = Object.keys(names) as Name[];
  const presets = Object.fromEntries(known.map((name) => [name, names[name].preset])) as Counts<Name>;
  const read = (given: string, option: string): Counts<Name> => {
    const found: Partial<Record<Name, number>> = {};
    for (const part of given.split(',')) {
      const [word = '', count = ''] = part.split('=');
      const name = known.find((one) => one === word);
      if (name === undefined) throw new WrongArgs('countName', { option, given: part, choices: known.join(', ') });
      if (found[name] !== undefined) throw new WrongArgs('itemTwice', { option, item: name });
      found[name] = numberIn(count, `${option} ${name}`, names[name], /^\d+$/, 'wholeBetween');
    }
    return { ...presets, ...found };
  };
  return { ...PLAIN, value: 'NAME=N,…', absent: null, read };
}

function numberOption(
  value: string,
  limits: Limits,
  preset: number | null,
  read: (given: string, option: string) => number,
): Option<number | null> {
  return { ...PLAIN, value, limits, preset: preset === null ? null : String(preset), absent: preset, read };
}

/** @throws WrongArgs */
function numberIn(
  given: string,
  option: string,
  { least, most }: Limits,
  form: RegExp,
  key: 'wholeBetween' | 'numberBetween',
): number {
  const value = form.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new WrongArgs(key, { option, given, least, most });
}

/** @throws WrongArgs */
export function oneOf<Name extends string>(names: readonly Name[], given: string, option: string): Name {
  const known = names.find((one) => one === given);
  if (known === undefined) throw new WrongArgs('notAChoice', { given, option, choices: names.join(', ') });
  return known;
}
