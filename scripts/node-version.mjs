/** Decides whether this Node.js can run Raft Lab. The syntax is one that old versions can read. */

export const WANTED_NODE = '20.19.0';

/**
 * @param {string} found  `process.versions.node`
 * @returns {boolean} true for the required version and newer ones
 */
export function isNodeNewEnough(found) {
  const have = found.split('.').map(Number);
  const want = WANTED_NODE.split('.').map(Number);
  for (let i = 0; i < 3; i += 1) {
    const [found, wanted] = [have[i] ?? 0, want[i] ?? 0];
    if (found !== wanted) return found > wanted;
  }
  return true;
}
