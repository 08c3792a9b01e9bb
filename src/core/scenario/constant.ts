/** Constant expressions, whose value is known before the scenario plays. */
import type { Surroundings } from './evaluate.ts';
import type { Expression } from './expression.ts';

/** The environment of a constant expression. */
export const NOTHING: Surroundings = {
  valueOf: () => undefined,
  chance: () => 0,
  applied: () => 0,
  valueAt: () => -1,
  alive: () => false,
  connected: () => false,
  torn: () => 0,
  elapsedMs: () => 0,
};

/** Returns whether the expression has the same value at every evaluation. */
export function isFixed(expression: Expression): boolean {
  switch (expression.type) {
    case 'value':
      return true;
    case 'name':
    case 'call':
      return false;
    case 'list':
      return expression.items.every(isFixed);
    case 'not':
    case 'minus':
      return isFixed(expression.of);
    case 'both':
      return isFixed(expression.left) && isFixed(expression.right);
  }
}
