/**
 * `raft-lab simulate --every-order elections=2,proposals=1`: tries all orders of steps within bounds and reports a few
 * lines.
 */
import type { Bounds } from '../core/simulation/index.ts';
import { EXIT } from './exit.ts';
import type { SeedPool } from './seed-pool.ts';
import type { Terminal } from './terminal.ts';

/** Maximum number of steps of each kind, as the option reads them. */
export type OrderBounds = Bounds;

/** @returns EXIT.ok when every order keeps every promise, else EXIT.failed */
export async function searchEveryOrder(
  { print, say }: Terminal,
  pool: SeedPool,
  { bounds, json }: { readonly bounds: OrderBounds; readonly json: boolean },
): Promise<number> {
  const began = performance.now();
  const found = await pool.one('everyOrder', bounds);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const { broken, states, steps } = found;
  if (json) print(JSON.stringify({ bounds, ...found, seconds }));
  else {
    const counts = Object.entries(bounds).map(([name, count]) => `${count} ${name}`);
    print(say('orderBounds', { bounds: counts.join(', ') }));
    print(say('orderFound', { states, steps, seconds }));
    print(broken === null ? say('orderKept') : say('orderBroken', { property: broken.property }));
    for (const line of broken?.happened ?? []) print(`  ${line}`);
  }
  return broken === null ? EXIT.ok : EXIT.failed;
}
