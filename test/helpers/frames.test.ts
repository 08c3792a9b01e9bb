// @vitest-environment happy-dom
/** The frames that pages of unit tests get. */
import { expect, test } from 'vitest';

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

test('frames: three in a row → apart as on a screen, with the time of the page’s clock', async () => {
  const times = [await nextFrame(), await nextFrame(), await nextFrame()];
  const between = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  for (const gap of between) expect(gap).toBeGreaterThan(10);
  expect(times[2]).toBeLessThanOrEqual(performance.now());
});

test('frame: cancelled → never drawn; those around it are', async () => {
  const drawn: string[] = [];
  requestAnimationFrame(() => drawn.push('before'));
  cancelAnimationFrame(requestAnimationFrame(() => drawn.push('cancelled')));
  requestAnimationFrame(() => drawn.push('after'));
  await nextFrame();
  expect(drawn).toEqual(['before', 'after']);
});
