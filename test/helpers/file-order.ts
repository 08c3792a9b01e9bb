/**
 * The order in which vitest runs test files. `npm test` asks for a drawn one, so that no file can come to rely on
 * another; the files that take longest go first, so that no worker waits for one of them at the end.
 */
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/**
 * Puts names into a drawn order: the long ones first, each part shuffled.
 *
 * @param seed  the same seed gives the same order, whatever order the names come in
 */
export function drawOrder<Item>(items: readonly Item[], { nameOf, isLong, seed }: DrawOptions<Item>): readonly Item[] {
  const drawn = new Map<Item, number>();
  const sorted = [...items].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  let word = seed >>> 0;
  for (const item of sorted) {
    word = (Math.imul(word ^ (word >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    drawn.set(item, word);
  }
  return sorted.sort((a, b) => Number(isLong(b)) - Number(isLong(a)) || (drawn.get(a) ?? 0) - (drawn.get(b) ?? 0));
}

export interface DrawOptions<Item> {
  readonly nameOf: (item: Item) => string;
  readonly isLong: (item: Item) => boolean;
  readonly seed: number;
}

/**
 * Makes the class vitest sorts files with: in a drawn order when it was given `--sequence.seed`, else in its own.
 *
 * @param isLong  whether a file, named from the repository's top, is one of those that take longest
 */
export function fileOrder(isLong: (file: string) => boolean): typeof BaseSequencer {
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const { root, sequence } = this.ctx.config;
      // Typed as always there; vitest has one only when it was given.
      const seed = sequence.seed as number | undefined;
      if (seed === undefined) return await super.sort(files);
      const nameOf = ({ moduleId }: TestSpecification): string => moduleId.slice(root.length + 1);
      return [...drawOrder(files, { nameOf, isLong: (file) => isLong(nameOf(file)), seed })];
    }
  };
}
