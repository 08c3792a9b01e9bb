/** Whether a script was started by itself or imported by another. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @param {string} url  the script's `import.meta.url`, which has no symbolic links in it; argv may have some */
export function isMain(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
}
