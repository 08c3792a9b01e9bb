/**
 * A table for a terminal. Columns are as wide as their widest cell, and Chinese characters count as two columns. Pure.
 */

/**
 * Returns the lines of a table. The first row is the head. Text is aligned left in the first `leftColumns`, right in
 * the others.
 */
export function textTable(rows: readonly (readonly string[])[], leftColumns = 0): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return column < leftColumns ? cell + space : space + cell;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Returns the number of terminal columns that a text takes. */
export function widthOf(text: string): number {
  return [...text].reduce((width, character) => width + (isWide(character.codePointAt(0) ?? 0) ? 2 : 1), 0);
}

/** Whether a character is Chinese, Chinese punctuation, or a full-width form. */
function isWide(code: number): boolean {
  return (code >= 0x2e80 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0xff00 && code <= 0xff60);
}

/** Returns a number with this many decimals and commas between thousands; `–` for an unknown one. */
export function figure(value: number | null, decimals = 0): string {
  if (value === null) return '–';
  const [whole = '', fraction] = value.toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
