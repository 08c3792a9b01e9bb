/** The page reports that it is ready after it was painted, or after a time limit when no frame comes. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { afterPaint, PAINT_WITHIN_MS } from '../../src/renderer/after-paint.ts';

let frames: (() => void)[];

beforeEach(() => {
  frames = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('after paint: second frame → called once, not again at the limit', () => {
  const act = vi.fn();
  afterPaint(act);
  frames.shift()?.();
  expect(act).not.toHaveBeenCalled();
  frames.shift()?.();
  expect(act).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(10 * PAINT_WITHIN_MS);
  expect(act).toHaveBeenCalledOnce();
});

test('after paint: no frame → called at the limit; later frames → not called again', () => {
  const act = vi.fn();
  afterPaint(act);
  vi.advanceTimersByTime(PAINT_WITHIN_MS);
  expect(act).toHaveBeenCalledOnce();
  while (frames.length > 0) frames.shift()?.();
  expect(act).toHaveBeenCalledOnce();
});
