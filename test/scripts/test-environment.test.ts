/** The environment that `npm test` gives to Vitest. */
import { expect, test } from 'vitest';
import { script } from './scripts.ts';

const { testEnvironment } = await script<{
  testEnvironment(env: Readonly<Record<string, string>>, reports: string): Record<string, string>;
}>('test-environment.mjs');

test('environment of a stage: as the caller’s, no window opened, no certificates to read', () => {
  const caller = { PATH: '/bin', NODE_EXTRA_CA_CERTS: '/company.pem', RAFT_LAB_NO_OPEN: '' };
  expect(testEnvironment(caller, '/reports')).toEqual({
    PATH: '/bin',
    RAFT_LAB_NO_OPEN: '1',
    RAFT_LAB_TEST_REPORTS: '/reports',
  });
  expect(caller.NODE_EXTRA_CA_CERTS).toBe('/company.pem');
});
