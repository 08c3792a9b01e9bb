/** Widths of texts, measured with the font of the page instead of assumed: Chinese letters are wider than Latin ones. */

/** Width of a text in CSS pixels. */
export type Measure = (text: string) => number;

/** Number of remembered widths. The newest texts are asked for again with every picture. */
const REMEMBERED = 2_000;

/** Measures with a canvas. @param font  as in the style sheet, `12px monospace` */
export function createMeasure(font: string): Measure {
  const brush = document.createElement('canvas').getContext('2d');
  if (brush !== null) brush.font = font;
  return remembering((text) => brush?.measureText(text).width ?? 0);
}

/** Remembers the widths of the last texts. */
export function remembering(measure: Measure): Measure {
  const known = new Map<string, number>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED) known.clear();
    const width = measure(text);
    known.set(text, width);
    return width;
  };
}
