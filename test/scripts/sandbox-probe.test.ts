/** Machines with and without a usable sandbox, represented by their files: Ubuntu, Debian, RHEL, macOS. */
import { describe, expect, test } from 'vitest';
import { type SandboxProbeModule, type SandboxProblem, script } from './scripts.ts';

const { sandboxProblem } = await script<SandboxProbeModule>('sandbox-probe.mjs');

const DIST = '/home/ann/raft lab/node_modules/electron/dist';
const RESTRICTED = { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' };

/** Runs the probe. `files`: readable files by path; `helper`: owner and mode of chrome-sandbox. */
function probe(
  files: Readonly<Record<string, string>>,
  helper: { readonly uid: number; readonly mode: number } | null = { uid: 1000, mode: 0o100755 },
  { platform = 'linux', binary = `${DIST}/electron` } = {},
): SandboxProblem {
  return sandboxProblem({
    platform,
    binary,
    files: {
      read: (path) => files[path] ?? null,
      names: (folder) =>
        Object.keys(files).flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [])),
      owner: (path) => (path === `${DIST}/chrome-sandbox` ? helper : null),
    },
  });
}

const profile = (text: string) => ({ ...RESTRICTED, '/etc/apparmor.d/raft-lab': text });

describe('AppArmor', () => {
  test('AppArmor restriction on: helper without its rights, no profile → becauseAppArmor', () => {
    expect(probe(RESTRICTED)).toBe('becauseAppArmor');
    expect(probe(RESTRICTED, null)).toBe('becauseAppArmor');
  });

  test('AppArmor restriction: off or unknown → usable', () => {
    expect(probe({ '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0\n' })).toBeNull();
    expect(probe({})).toBeNull();
  });

  test.each([
    [{ uid: 0, mode: 0o104755 }, null],
    [{ uid: 0, mode: 0o100755 }, 'becauseAppArmor'],
    [{ uid: 1000, mode: 0o104755 }, 'becauseAppArmor'],
    [{ uid: 0, mode: 0o104777 }, 'becauseAppArmor'],
  ])('AppArmor restriction on: helper %j → %s', (helper, problem) => {
    expect(probe(RESTRICTED, helper)).toBe(problem);
  });

  test.each([
    [
      'the printed remedy',
      `abi <abi/4.0>, profile raft-lab-electron "${DIST}/electron" flags=(unconfined) { userns, }`,
    ],
    ['patterns', 'profile e "/home/*/raft lab/**/electron/{dist,bin}/electron" flags=(unconfined) {\n  userns,\n}'],
    ['a variable', 'profile e "@{HOME}/raft ?ab/node_modules/electron/dist/electron" {\n  allow userns create,\n}'],
  ])('AppArmor restriction on: profile that grants userns by %s → usable', (_name, text) => {
    expect(probe(profile(text))).toBeNull();
  });

  test.each([
    ['another binary', 'profile c /opt/google/chrome/chrome flags=(unconfined) {\n  userns,\n}'],
    ['no userns', `profile e "${DIST}/electron" {\n  capability sys_admin,\n}`],
    ['userns in a comment', `profile e "${DIST}/electron" {\n  # userns,\n}`],
    ['the path in a rule', 'profile unprivileged_userns {\n  userns,\n  file rwlkm /**,\n}'],
    ['a single star across folders', 'profile e /home/* {\n  userns,\n}'],
  ])('AppArmor restriction on: profile with %s → becauseAppArmor', (_name, text) => {
    expect(probe(profile(text))).toBe('becauseAppArmor');
  });
});

test('packaged program: profile of its own name → usable; of another name → becauseAppArmor', () => {
  const files = profile(`profile raft-lab "${DIST}/raft-lab" flags=(unconfined) {\n  userns,\n}`);
  expect(probe(files, null, { binary: `${DIST}/raft-lab` })).toBeNull();
  expect(probe(files, null, { binary: `${DIST}/electron` })).toBe('becauseAppArmor');
});

describe('user namespaces', () => {
  test.each(['/proc/sys/kernel/unprivileged_userns_clone', '/proc/sys/user/max_user_namespaces'])(
    '%s is 0: helper without its rights → becauseNoNamespaces; with them → usable',
    (path) => {
      expect(probe({ [path]: '0\n' })).toBe('becauseNoNamespaces');
      expect(probe({ [path]: '0\n' }, { uid: 0, mode: 0o104755 })).toBeNull();
      expect(probe({ [path]: '1\n' })).toBeNull();
    },
  );
});

test.each(['darwin', 'win32'])('sandbox probe: on %s → reads no file', (platform) => {
  expect(probe(RESTRICTED, null, { platform })).toBeNull();
});
