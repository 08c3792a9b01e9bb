/**
 * One row of the table of commands, with the data for reading a command line, for the help, for the page in docs/ and
 * for carrying the command out.
 */
import type { EXIT } from './exit.ts';
import type { Option, Options, Values } from './options.ts';
import type { Terminal } from './terminal.ts';
import type { SentenceKey } from './words.ts';

/** Names of commands: those with a line in the overview of the help. */
export type CommandName = WordsOf<SentenceKey>;
type WordsOf<Key> = Key extends `${infer Name}Short` ? Name : never;

export interface CommandRow {
  readonly name: CommandName;
  /** The operand as the help writes it, such as `[RUN]`; empty when the command takes none. */
  readonly operand: string;
  /** Maximum number of operands. */
  readonly most: number;
  readonly options: Options;
  /** Its exit codes besides those of every command: done, a wrong command line, an error of the lab, an interruption. */
  readonly exits: readonly (keyof typeof EXIT)[];
  /**
   * `read`: the command reads recordings, so a named folder must exist. `add`: the command makes a recording. In both
   * cases recordings of earlier versions are moved into the data folder first. Null: the command uses no recordings.
   */
  readonly recordings: 'read' | 'add' | null;
  /** Key of the sentence after the first Ctrl-C. */
  readonly interrupted: SentenceKey;
  /**
   * Loads the command and carries it out; returns its exit code. Null: the launcher (scripts/lab.mjs) carries it out.
   */
  readonly run: ((terminal: Terminal, operands: readonly string[], options: Values<Options>) => Promise<number>) | null;
}

/** Options, each of which has a line in the help. */
type WithWords<Of extends Options> = {
  readonly [Name in keyof Of]: `option-${Name & string}` extends SentenceKey
    ? Option
    : Option & { readonly says: SentenceKey };
};

/** The parts of a row. The types of its options determine the type of its command. */
interface RowParts<Of extends Options>
  extends Pick<CommandRow, 'name'>,
    Partial<Pick<CommandRow, 'operand' | 'most' | 'exits' | 'recordings' | 'interrupted'>> {
  readonly options: Of & WithWords<Of>;
  readonly run: ((terminal: Terminal, operands: readonly string[], options: Values<Of>) => Promise<number>) | null;
}

/** Makes a row. The command gets its options with the types that the table gives them. */
export function row<Of extends Options>({ run, ...parts }: RowParts<Of>): CommandRow {
  return {
    operand: '',
    most: (parts.operand ?? '') === '' ? 0 : 1,
    exits: [],
    recordings: null,
    interrupted: 'interruptedReading',
    ...parts,
    // The values were read with these same options.
    run: run as CommandRow['run'],
  };
}
