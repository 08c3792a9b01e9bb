/**
 * The single-instance lock of a data folder: a file with the owner's pid. A second start writes its arguments into a
 * folder next to the lock, which the owner watches. All work until the answer is synchronous, as in Electron.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} folder
 * @param {object} self  description of this start, sent to the process that already owns the lock
 * @param {(second: any) => void} onSecond
 * @returns {{ release: () => void } | null} null when another process owns it
 */
export function takeLock(folder, self, onSecond) {
  const file = join(folder, 'stand-in.lock');
  const letters = join(folder, 'stand-in.starts');
  mkdirSync(letters, { recursive: true });
  if (!claim(file)) {
    const part = join(folder, `stand-in.${process.pid}.part`);
    writeFileSync(part, JSON.stringify(self));
    renameSync(part, join(letters, `${process.pid}.json`));
    return null;
  }
  const watcher = watch(letters, () => {
    // The watcher also reports the removal of the folder itself.
    if (!existsSync(letters)) return;
    for (const name of readdirSync(letters)) {
      const path = join(letters, name);
      const second = JSON.parse(readFileSync(path, 'utf8'));
      rmSync(path);
      onSecond(second);
    }
  });
  watcher.unref();
  return {
    release() {
      watcher.close();
      rmSync(file, { force: true });
      rmSync(letters, { recursive: true, force: true });
    },
  };
}

/** Takes the lock file. The lock of an owner that was killed is free. */
function claim(file) {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return true;
    } catch (problem) {
      if (problem.code !== 'EEXIST') throw problem;
    }
    if (isAlive(Number(readFileSync(file, 'utf8')))) return false;
    rmSync(file, { force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return problem.code === 'EPERM';
  }
}
