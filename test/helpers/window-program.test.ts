/** The window tests choose the right program, and a required window test fails instead of being skipped. */
import { expect, test } from 'vitest';
import { skipWindow, windowProgram } from './window-program.ts';

test('window program: packaged one named → that one; else Electron with the app; else null', () => {
  expect(windowProgram({ RAFT_LAB_WINDOW_PROGRAM: '/opt/x' }, '/e', '/app')).toEqual({ file: '/opt/x', args: [] });
  expect(windowProgram({ RAFT_LAB_WINDOW_PROGRAM: '' }, '/e', '/app')).toEqual({ file: '/e', args: ['/app'] });
  expect(windowProgram({}, null, '/app')).toBeNull();
});

test('skip: not required → skipped; required → fails with the reason', () => {
  const skipped: string[] = [];
  const skip = (reason: string): void => {
    skipped.push(reason);
  };
  skipWindow(skip, 'no display', {});
  skipWindow(skip, 'no binary', { RAFT_LAB_REQUIRE_WINDOW: '0' });
  expect(skipped).toEqual(['no display', 'no binary']);
  expect(() => skipWindow(skip, 'no display', { RAFT_LAB_REQUIRE_WINDOW: '1' })).toThrow(/required here.*no display/);
  expect(skipped).toHaveLength(2);
});
