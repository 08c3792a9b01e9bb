/**
 * Finds the row of a key press. Signs and Latin letters are matched by the character, on any layout and with or without
 * Shift. Digits and letters of other scripts are matched by the place of the key, since layouts write different characters
 * there.
 */
import type { DashboardState } from '../store/dashboard-store.ts';
import { KEY_NAMES, KEYS, type KeyName } from './key-table.ts';

/** The row of a pressed key; for a digit also the number of the server. */
export type PressedKey =
  | { readonly key: Exclude<KeyName, 'select'> }
  | { readonly key: 'select'; readonly place: number };

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

/** Returns the row of a key press; null for a key without a row. Keys with Ctrl, Alt or Meta belong to the browser. */
export function keyOf(press: KeyPress): PressedKey | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  // Input methods write full-width forms of the same characters.
  const written = press.key.normalize('NFKC');
  const sign = rowThatWrites(written, 'any');
  if (sign !== null) return sign;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1] ?? /^[1-9]$/.exec(written)?.[0];
  if (digit !== undefined) return { key: 'select', place: Number(digit) };
  return rowThatWrites(meaningOf(written, press.code), press.shiftKey ? true : undefined);
}

function rowThatWrites(character: string, shift: true | 'any' | undefined): PressedKey | null {
  const found = KEY_NAMES.find((name) => KEYS[name].writes === character && KEYS[name].shift === shift);
  return found === undefined || found === 'select' ? null : { key: found };
}

/** The Latin letter of a key: the letter it writes, or the letter of its place when it writes another script. */
function meaningOf(written: string, code: string): string {
  const isForeign = /^\p{Letter}\p{Mark}*$/u.test(written) && !/\p{Script=Latin}/u.test(written);
  const place = isForeign ? /^Key([A-Z])$/.exec(code)?.[1] : undefined;
  const meant = place ?? written;
  return meant.length === 1 ? meant.toLowerCase() : meant;
}

/**
 * True while an input method composes text and handles the keys. Safari ends a composition before it reports the key
 * that ended it, and marks that key only with the code 229.
 */
export function isComposing(event: { readonly isComposing: boolean; readonly keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** The server a destructive key would act on; null without a selection. */
export function selectedServer(state: Pick<DashboardState, 'selection'>): string | null {
  return state.selection.kind === 'server' ? state.selection.server : null;
}
