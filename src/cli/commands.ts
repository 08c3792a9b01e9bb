/**
 * The commands of the terminal door and their options, as data: parsing, the help and the documentation's test read
 * this one table. `serve` and `view` are carried out by the launcher (scripts/lab.mjs), as `npm start` without a window.
 */
import { HISTORY_FORMATS } from '../core/check/history/index.ts';
import { EXPORT_FORMATS } from '../lab/index.ts';

/** One option. */
export interface OptionRow {
  readonly name: string;
  /** Null: a switch. */
  readonly value: string | null;
  /** Its line in the help, when it is not the usual one of its name. */
  readonly says?: 'option-out-runs' | 'option-format-history';
}

export interface CommandRow {
  readonly name: CommandName;
  /** As printed: `[RUN]`; empty when it takes none. */
  readonly operand: string;
  /** How many words it takes when that is not one. */
  readonly most?: number;
  readonly options: readonly OptionRow[];
}

export type CommandName = 'serve' | 'view' | 'scenario' | 'check' | 'runs' | 'export' | 'bench' | 'doctor';

/** Options of the commands that open the dashboard in a browser. */
const browser: readonly OptionRow[] = [
  { name: 'port', value: 'N' },
  { name: 'no-open', value: null },
  { name: 'detach', value: null },
];
const json: OptionRow = { name: 'json', value: null };
const data: OptionRow = { name: 'data', value: 'DIR' };

/** In the order of the help. */
export const COMMANDS: readonly CommandRow[] = [
  { name: 'serve', operand: '[FILE]', options: browser },
  { name: 'view', operand: 'FILE|DIR|RUN', options: browser },
  {
    name: 'scenario',
    operand: 'list | run NAME|FILE',
    most: 2,
    options: [
      { name: 'all', value: null },
      { name: 'seed', value: 'S' },
      { name: 'runs', value: 'N' },
      json,
      { name: 'out', value: 'DIR', says: 'option-out-runs' },
    ],
  },
  {
    name: 'check',
    operand: 'FILE|DIR',
    options: [{ name: 'format', value: HISTORY_FORMATS.join('|'), says: 'option-format-history' }, json, data],
  },
  {
    name: 'runs',
    operand: '[delete|rename|note|keep …]',
    most: 3,
    options: [{ name: 'yes', value: null }, json, data],
  },
  {
    name: 'export',
    operand: '[RUN|FILE]',
    options: [
      { name: 'format', value: EXPORT_FORMATS.join('|') },
      { name: 'out', value: 'FILE' },
      { name: 'force', value: null },
      data,
    ],
  },
  {
    name: 'bench',
    operand: '',
    options: [
      { name: 'servers', value: 'N,…' },
      { name: 'clients', value: 'N,…' },
      { name: 'seconds', value: 'S' },
      { name: 'durability', value: 'NAME,…' },
      { name: 'value', value: 'BYTES' },
      { name: 'lab', value: 'on|off' },
      json,
      { name: 'against', value: 'DIR' },
      { name: 'pairs', value: 'N' },
    ],
  },
  { name: 'doctor', operand: '', options: [json, data] },
];

/** Options of every command. */
export const COMMON: readonly OptionRow[] = [
  { name: 'lang', value: 'en|zh-CN' },
  { name: 'help', value: null },
];

/** Commands with servers, which an interruption stops in order. */
const STARTS_SERVERS: ReadonlySet<CommandName> = new Set<CommandName>(['scenario', 'bench']);

/** Key of the sentence after the first Ctrl-C. */
export function sentenceWhenInterrupted(name: CommandName): 'interrupted' | 'interruptedReading' {
  return STARTS_SERVERS.has(name) ? 'interrupted' : 'interruptedReading';
}
