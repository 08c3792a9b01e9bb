/**
 * The order in which Vitest runs test files. `npm test` uses a drawn order, so that no file can depend on another one.
 * The slowest files run first, so that no worker waits for one of them at the end.
 */
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/**
 * Puts items into a drawn order: first the long ones, then the others, each group shuffled.
 *
 * @param seed  the same seed gives the same order, in whatever order the items come
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
 * Creates the class with which Vitest sorts files: in a drawn order when `--sequence.seed` is given, otherwise in
 * Vitest's own order.
 *
 * @param isLong  whether a file, named by its path from the repository's top, is one of the slowest
 */
export function fileOrder(isLong: (file: string) => boolean): typeof BaseSequencer {
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const { root, sequence } = this.ctx.config;
      // The type says that a seed always exists; Vitest sets it only when it is given.
      const seed = sequence.seed as number | undefined;
      if (seed === undefined) return await super.sort(files);
      const nameOf = ({ moduleId }: TestSpecification): string => moduleId.slice(root.length + 1);
      return [...drawOrder(files, { nameOf, isLong: (file) => isLong(nameOf(file)), seed })];
    }
  };
}
