/** Maps in a scenario file with fixed keys: every required part is present, and no unknown part. */
import type { Node } from 'yaml';
import type { BothLanguages } from '../vocabulary/index.ts';
import { ScenarioProblem } from './problem.ts';
import type { YamlFile } from './yaml-nodes.ts';

/** The parts of a map by name. */
export type Parts = ReadonlyMap<string, Node | null>;

/**
 * Returns the parts of a map.
 *
 * @throws ScenarioProblem for a missing or unknown part
 */
export function partsOf(
  file: YamlFile,
  node: Node | null,
  what: string,
  { needed, others = [] }: { readonly needed: readonly string[]; readonly others?: readonly string[] },
): Parts {
  const found = new Map<string, Node | null>();
  for (const { key, at, value } of file.entries(node, what)) {
    if (!needed.includes(key) && !others.includes(key)) {
      throw new ScenarioProblem(at, `${what} has no ${key}; it has ${[...needed, ...others].join(', ')}`);
    }
    found.set(key, value);
  }
  const missing = needed.find((name) => !found.has(name));
  if (missing !== undefined) throw file.problem(node, `${what} needs ${missing}`);
  return found;
}

/**
 * Returns a part as a text.
 *
 * @throws ScenarioProblem unless the part is a text that is not empty
 */
export function textIn(file: YamlFile, parts: Parts, key: string): string {
  const node = parts.get(key) ?? null;
  const text = file.scalar(node);
  if (typeof text !== 'string' || text === '') throw file.problem(node, `${key} is a text`);
  return text;
}

/**
 * Returns a part as a number.
 *
 * @throws ScenarioProblem unless the part is a number in the range
 */
export function numberIn(file: YamlFile, parts: Parts, key: string, least: number, most: number): number {
  const node = parts.get(key) ?? null;
  const value = file.scalar(node);
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw file.problem(node, `${key} is a number from ${least} to ${most}`);
}

/**
 * Returns a sentence in both languages.
 *
 * @throws ScenarioProblem when a language is missing
 */
export function sentenceAt(file: YamlFile, node: Node | null): BothLanguages {
  const parts = partsOf(file, node, 'a sentence', { needed: ['en', 'zh'] });
  return { en: textIn(file, parts, 'en'), zh: textIn(file, parts, 'zh') };
}
