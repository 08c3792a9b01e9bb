/** The environment in which `npm test` runs Vitest. */

/**
 * Returns the caller's environment for a stage of tests. Tests must never open a window or browser on the screen of the
 * person who runs them. No test opens a TLS connection, but a start of Node reads all certificates that the environment
 * adds: 46 of its 72 ms of CPU where a company's certificates are a long list.
 *
 * @param {Record<string, string | undefined>} env
 * @param {string} reports  folder into which Vitest writes its results
 * @returns {Record<string, string | undefined>}
 */
export function testEnvironment(env, reports) {
  const { NODE_EXTRA_CA_CERTS: _certificates, ...rest } = env;
  return { ...rest, RAFT_LAB_NO_OPEN: '1', RAFT_LAB_TEST_REPORTS: reports };
}
