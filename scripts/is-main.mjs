/** Decides whether a script was started directly or imported by another one. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @param {string} url  the script's `import.meta.url`, in which symbolic links are resolved; in argv they may not be
 */
export function isMain(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
}
