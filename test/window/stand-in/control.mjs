/** Runs functions of the tests inside the main process, as Playwright does in the real Electron. */
import { runInThisContext } from 'node:vm';

/**
 * @param {object} parts  the first argument of each function
 * @param {(code: number) => void} leave
 */
export function answerTests(parts, leave) {
  if (process.send === undefined) return;
  process.on('message', async ({ id, source, given }) => {
    let answer;
    try {
      // Functions of the tests arrive as text.
      answer = { id, value: await runInThisContext(`(${source})`)(parts, given) };
    } catch (problem) {
      answer = { id, error: String(problem?.stack ?? problem) };
    }
    if (process.connected) process.send(answer);
  });
  // The tests have ended, so no other process would end this one.
  process.on('disconnect', () => leave(1));
}
