/**
 * Which key does what, as data: the help shows this table and the listener looks keys up in it. Destructive keys
 * act only with a selection. Letters are matched by what they write, digits by what they mean.
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
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Rows of the help, in its order: the keys as printed, and the word of the help file. */
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
  '/': { deed: 'filter' },
  e: { deed: 'export' },
  Escape: { deed: 'escape' },
};

/** What a key press means; null for one that means nothing here. Keys with Ctrl, Alt or Meta belong to the browser. */
export function deedOf(press: KeyPress): KeyDeed | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  if (press.key === '?') return { deed: 'help' };
  if (press.shiftKey) return press.key.toLowerCase() === 'h' ? { deed: 'heal-all' } : null;
  if (/^[1-9]$/.test(press.key)) return { deed: 'select', place: Number(press.key) };
  return PLAIN[press.key.length === 1 ? press.key.toLowerCase() : press.key] ?? null;
}

/** The server a destructive key would act on; null without a selection. */
export function selectedServer(state: Pick<DashboardState, 'selection'>): string | null {
  return state.selection.kind === 'server' ? state.selection.server : null;
}
