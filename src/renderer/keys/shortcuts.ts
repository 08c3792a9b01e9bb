/**
 * The keys and their actions, as data: the help shows this table and the listener looks keys up in it. Destructive keys
 * act only with a selection. Signs and Latin letters are matched by the character, on any layout and with or without Shift.
 * Digits and letters of other scripts are matched by the place of the key, since layouts write different characters there.
 */
import type { DashboardState } from '../store/dashboard-store.ts';

export type KeyDeed =
  | {
      readonly deed:
        | 'freeze'
        | 'live'
        | 'kill'
        | 'restart'
        | 'freeze-server'
        | 'isolate'
        | 'cut-group'
        | 'unreliable'
        | 'nemesis'
        | 'heal-all';
    }
  | { readonly deed: 'command' | 'filter' | 'export' | 'help' | 'escape' }
  | { readonly deed: 'select'; readonly place: number };

export interface KeyPress {
  /** The character that the key writes on this layout. */
  readonly key: string;
  /** The place of the key: `KeyK`, `Digit1`, `Numpad1`; empty on some on-screen keyboards. */
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Rows of the help, in its order: the printed keys, and the key of the text. */
export const KEY_HELP = [
  { keys: ['1', '…', '9'], word: 'select' },
  { keys: ['←', '→'], word: 'arrows' },
  { keys: ['K'], word: 'kill' },
  { keys: ['R'], word: 'restart' },
  { keys: ['F'], word: 'freezeServer' },
  { keys: ['I'], word: 'isolate' },
  { keys: ['P'], word: 'cutGroup' },
  { keys: ['U'], word: 'unreliable' },
  { keys: ['N'], word: 'nemesis' },
  { keys: ['Shift', 'H'], word: 'healAll' },
  { keys: ['C'], word: 'command' },
  { keys: ['/'], word: 'filter' },
  { keys: ['Space'], word: 'freeze' },
  { keys: ['L'], word: 'live' },
  { keys: ['E'], word: 'export' },
  { keys: ['?'], word: 'help' },
  { keys: ['Esc'], word: 'escape' },
] as const;

const PLAIN: Readonly<Record<string, KeyDeed>> = {
  ' ': { deed: 'freeze' },
  l: { deed: 'live' },
  k: { deed: 'kill' },
  r: { deed: 'restart' },
  f: { deed: 'freeze-server' },
  i: { deed: 'isolate' },
  u: { deed: 'unreliable' },
  n: { deed: 'nemesis' },
  p: { deed: 'cut-group' },
  c: { deed: 'command' },
  e: { deed: 'export' },
  Escape: { deed: 'escape' },
};

/** Some layouts write these only with Shift. */
const SIGNS: Readonly<Record<string, KeyDeed>> = { '?': { deed: 'help' }, '/': { deed: 'filter' } };

/** The shortcut of a key press; null without one. Keys with Ctrl, Alt or Meta belong to the browser. */
export function deedOf(press: KeyPress): KeyDeed | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  // Full-width forms of an input method are the same signs.
  const written = press.key.normalize('NFKC');
  const sign = SIGNS[written];
  if (sign !== undefined) return sign;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1] ?? /^[1-9]$/.exec(written)?.[0];
  if (digit !== undefined) return { deed: 'select', place: Number(digit) };
  const meant = meaningOf(written, press.code);
  if (press.shiftKey) return meant === 'h' ? { deed: 'heal-all' } : null;
  return PLAIN[meant] ?? null;
}

/** The Latin letter of a key: the letter it writes, or the letter of its place when it writes another script. */
function meaningOf(written: string, code: string): string {
  const isForeign = /^\p{Letter}\p{Mark}*$/u.test(written) && !/\p{Script=Latin}/u.test(written);
  const place = isForeign ? /^Key([A-Z])$/.exec(code)?.[1] : undefined;
  const meant = place ?? written;
  return meant.length === 1 ? meant.toLowerCase() : meant;
}

/**
 * True while an input method composes text: the keys are its own. Safari ends a composition before it reports the key
 * that ended it, and marks that key only with the code 229.
 */
export function isComposing(event: { readonly isComposing: boolean; readonly keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** The server a destructive key would act on; null without a selection. */
export function selectedServer(state: Pick<DashboardState, 'selection'>): string | null {
  return state.selection.kind === 'server' ? state.selection.server : null;
}
