/** `npm run simulate -- --every-order elections=2,proposals=1`: all orders within bounds, told in a few lines. */

import { rightRules } from '../core/mutants/index.ts';
import { type Bounds, everyOrder } from '../core/simulation/index.ts';
import { printLine } from './console.ts';

const NONE: Bounds = { servers: 3, elections: 0, proposals: 0, duplicates: 0, heartbeats: 0, restarts: 0 };

/** @throws Error with a sentence for the person at the terminal */
export function boundsOf(text: string): Bounds {
  const given = text.split(',').map((part) => {
    const [name = '', count = ''] = part.split('=');
    if (!Object.hasOwn(NONE, name) || !/^\d$/.test(count)) {
      throw new Error(`--every-order ${part}: write NAME=0…9, with a name of ${Object.keys(NONE).join(', ')}.`);
    }
    return [name, Number(count)];
  });
  const bounds = { ...NONE, ...Object.fromEntries(given) };
  if (bounds.servers === 0) throw new Error('--every-order servers=0: a cluster has at least one server.');
  return bounds;
}

/** @returns the exit code: 0 every order keeps every promise, 1 not */
export function searchEveryOrder(bounds: Bounds, json: boolean): number {
  const began = performance.now();
  const found = everyOrder(bounds, rightRules);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  if (json) printLine(JSON.stringify({ bounds, ...found, seconds }));
  else {
    const said = Object.entries(bounds).map(([name, count]) => `${count} ${name}`);
    printLine(`${said.join(', ')}; losses without bound`);
    printLine(`${found.states} states, ${found.steps} steps in ${seconds} s`);
    printLine(found.broken === null ? 'every promise kept in all of them' : `broken: ${found.broken.property}`);
    for (const line of found.broken?.happened ?? []) printLine(`  ${line}`);
  }
  return found.broken === null ? 0 : 1;
}
