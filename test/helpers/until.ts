/** Waits for a condition in processes that send no message about it: checks every few milliseconds until a deadline. */

/**
 * @param look  returns the awaited value; false, null or undefined while it is missing
 * @param withinMs  time in ms after which the promise rejects
 * @throws Error that names the awaited condition and adds the text of `tellMore`
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
