/** Waits for a condition in other processes, which send no message: checks every few milliseconds, with a deadline. */

/**
 * @param look  gives what is waited for, or false, null or undefined while it is not there
 * @param withinMs  after this it rejects
 * @throws Error naming what was waited for, and what `tellMore` says
 */
export async function until<Value>(
  what: string,
  look: () => Value | false | null | undefined | Promise<Value | false | null | undefined>,
  { withinMs = 20_000, tellMore = () => '' }: { readonly withinMs?: number; readonly tellMore?: () => string } = {},
): Promise<Value> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== false && found !== null && found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms for ${what}${tellMore()}`);
    await new Promise((resume) => setTimeout(resume, LOOK_AGAIN_MS));
  }
}

const LOOK_AGAIN_MS = 10;
