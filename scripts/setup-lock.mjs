/**
 * A lock for setting up this folder. Two `npm start` that install or build at the same time would destroy each other's
 * files. The second one waits, and then finds everything done. The lock of a killed holder is released: its process no
 * longer exists, or the file has not been touched for `STALE_MS`.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 250;
const BEAT_MS = 2_000;
/**
 * Milliseconds without an update after which the lock counts as free, even if another process now has the holder's pid.
 */
const STALE_MS = 20_000;

/**
 * @template Value
 * @param {string} root  the project's folder
 * @param {(pid: string) => void} onWait  called once when another process holds the lock
 * @param {() => Promise<Value>} act
 * @returns {Promise<Value>}
 */
export async function aloneInSetup(root, onWait, act) {
  const file = join(root, 'out', 'setup-lock');
  mkdirSync(join(root, 'out'), { recursive: true });
  for (let isTold = false; !take(file); ) {
    const holder = holderOf(file);
    if (holder === null) rmSync(file, { force: true });
    else {
      // The holder has not written its pid yet.
      if (!isTold && holder !== '') {
        isTold = true;
        onWait(holder);
      }
      await pause(LOOK_EVERY_MS);
    }
  }
  const beating = setInterval(() => beat(file), BEAT_MS);
  beating.unref();
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await act();
  } finally {
    clearInterval(beating);
    process.off('exit', release);
    release();
  }
}

/** @param {string} file @returns {boolean} */
function take(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (problem) {
    if (problem.code === 'EEXIST') return false;
    throw problem;
  }
}

/**
 * @param {string} file
 * @returns {string | null} the holder's pid, '' until the holder has written it; null when the lock is free
 */
function holderOf(file) {
  try {
    const pid = readFileSync(file, 'utf8');
    const age = Math.abs(Date.now() - statSync(file).mtimeMs);
    if (age > STALE_MS) return null;
    // The file is empty between its creation and its first write.
    if (pid !== '') process.kill(Number(pid), 0);
    return pid;
  } catch (problem) {
    return problem.code === 'EPERM' ? 'unknown' : null;
  }
}

/** @param {string} file */
function beat(file) {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // A person removed the file, which releases the lock on purpose.
  }
}
