/**
 * A setup file of the unit tests: gives a page of happy-dom sixty frames a second, as a screen does. Its own frames
 * follow each other without a pause, so an animation loop would keep a core busy for as long as a page is open.
 */
const FRAME_MS = 1000 / 60;

if ('happyDOM' in globalThis) {
  // The real timers, also in a test that replaces them.
  const { setTimeout, clearTimeout, performance } = globalThis;
  const waiting = new Map<number, ReturnType<typeof setTimeout>>();
  let last = 0;
  globalThis.requestAnimationFrame = (onFrame) => {
    last += 1;
    const frame = last;
    const draw = (): void => {
      waiting.delete(frame);
      onFrame(performance.now());
    };
    waiting.set(frame, setTimeout(draw, FRAME_MS));
    return frame;
  };
  globalThis.cancelAnimationFrame = (frame) => {
    clearTimeout(waiting.get(frame));
    waiting.delete(frame);
  };
}
