/**
 * Splits a list of EDN maps while its lines are read, so that the list is never in memory whole. Only brackets, texts
 * and comments are parsed here; the EDN reader parses each map afterwards. Flow: lines → here → maps as text with their
 * line.
 */

/** A map as it is written in the file. */
export interface EdnForm {
  /** 1-based line on which it begins. */
  readonly line: number;
  readonly text: string;
}

const OPENING = '([{';
const CLOSING = ')]}';

/** The content of one list. The first character passed must be its opening bracket. */
export class EdnList {
  #depth = 0;
  #isText = false;
  #hasEnded = false;
  /** The lines of the form that has begun. */
  #parts: string[] = [];
  #began = 0;
  #length = 0;

  /** Whether the closing bracket was read. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Number of characters of the form that has begun. */
  get pending(): number {
    return this.#length;
  }

  /** @returns the forms that end on this line; a form without brackets is returned together with the form after it */
  take(text: string, line: number): readonly EdnForm[] {
    const forms: EdnForm[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at += 1) {
      const sign = text[at] as string;
      if (this.#isText) {
        if (sign === '\\') at += 1;
        else if (sign === '"') this.#isText = false;
        continue;
      }
      if (sign === ';') {
        this.#keep(text.slice(start, at), line);
        return forms;
      }
      if (sign === '\\') at += 1;
      else if (sign === '"') this.#isText = true;
      else if (OPENING.includes(sign)) {
        this.#depth += 1;
        if (this.#depth === 1) start = at + 1;
      } else if (CLOSING.includes(sign)) {
        this.#depth -= 1;
        if (this.#depth > 1) continue;
        this.#keep(text.slice(start, this.#depth === 1 ? at + 1 : at), line);
        start = at + 1;
        forms.push(...this.#formThatEnds());
        if (this.#depth === 0) this.#hasEnded = true;
      }
    }
    this.#keep(text.slice(start), line);
    return forms;
  }

  #keep(text: string, line: number): void {
    // EDN treats commas as white space.
    const isBlank = /^[\s,]*$/.test(text);
    if (this.#parts.length === 0) {
      if (isBlank) return;
      this.#began = line;
    }
    this.#parts.push(text);
    this.#length += text.length;
  }

  #formThatEnds(): readonly EdnForm[] {
    if (this.#parts.length === 0) return [];
    const form = { line: this.#began, text: this.#parts.join('\n').replace(/^[\s,]+/, '') };
    this.#parts = [];
    this.#length = 0;
    return [form];
  }
}

/** Maximum nesting depth of the brackets in a text. */
export function levelsOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [sign] of text.matchAll(/"(?:[^"\\]|\\.)*"|[()[\]{}]/g)) {
    if (OPENING.includes(sign)) depth += 1;
    else if (CLOSING.includes(sign)) depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
