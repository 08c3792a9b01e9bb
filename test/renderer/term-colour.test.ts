/** The colours of terms: distances in OKLab and contrast of the text on them, computed from the table. */
import { expect, test } from 'vitest';
import { TERM_COLOURS, termColour } from '../../src/renderer/kit/term-colour.ts';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Colour vision, as matrices on linear sRGB: full, and complete protanopia, deuteranopia and tritanopia (Machado et al. 2009). */
const VISIONS: Readonly<Record<'full' | 'protan' | 'deutan' | 'tritan', Matrix>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** The matrices of OKLab (Ottosson 2020): linear sRGB to cone responses, their cube roots to L, a and b. */
const CONES: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const LAB: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

function linear(hex: string): Triple {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function times(matrix: Matrix, [x, y, z]: Triple): Triple {
  const row = ([a, b, c]: Triple): number => a * x + b * y + c * z;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

function each([x, y, z]: Triple, change: (value: number) => number): Triple {
  return [change(x), change(y), change(z)];
}

/** OKLab of a colour as this vision sees it. */
function labOf(hex: string, vision: Matrix): Triple {
  const seen = each(times(vision, linear(hex)), (value) => Math.min(1, Math.max(0, value)));
  return times(LAB, each(times(CONES, seen), Math.cbrt));
}

/** Smallest distance, × 100, between the colours of two terms in a row. */
function nearest(vision: Matrix): number {
  const distances = TERM_COLOURS.map((_, index) => {
    const [one, other] = [labOf(termColour(index + 1), vision), labOf(termColour(index + 2), vision)];
    return 100 * Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
  });
  return Math.min(...distances);
}

function luminance(hex: string): number {
  const [red, green, blue] = linear(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test('term colour: term 1 → the first of seven; term 8 → the same', () => {
  expect(TERM_COLOURS).toHaveLength(7);
  expect([1, 2, 7, 8, 1_000_000_001].map(termColour)).toEqual(['#99DDFF', '#EE8866', '#44BB99', '#99DDFF', '#44BB99']);
});

test('term colour: two terms in a row → 16.5 apart in full vision, 10.6 in the worst', () => {
  const tenths = (vision: Matrix): number => Math.round(nearest(vision) * 10) / 10;
  expect(tenths(VISIONS.full)).toBeGreaterThanOrEqual(16.5);
  for (const vision of Object.values(VISIONS)) expect(tenths(vision)).toBeGreaterThanOrEqual(10.6);
});

test('term colour: dark text on every colour → contrast of at least 4.5', () => {
  const text = luminance('#111111');
  for (const colour of TERM_COLOURS) expect((luminance(colour) + 0.05) / (text + 0.05)).toBeGreaterThanOrEqual(4.5);
});
