// @vitest-environment happy-dom
/** The page reports its theme to the window, at its start and after each change. */
import { MantineProvider, useMantineColorScheme } from '@mantine/core';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { FrameTheme } from '../../src/renderer/frame-theme.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Chooser() {
  const { setColorScheme } = useMantineColorScheme();
  return (['light', 'dark', 'auto'] as const).map((scheme) => (
    <button type="button" key={scheme} onClick={() => setColorScheme(scheme)}>
      {scheme}
    </button>
  ));
}

test('theme of the page: shown or changed → sent to the window; auto is the system’s', () => {
  const setTheme = vi.fn();
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  Object.assign(window, { raftLab: { setTheme } });
  render(
    <MantineProvider env="test" defaultColorScheme="light">
      <FrameTheme />
      <Chooser />
    </MantineProvider>,
  );
  for (const name of ['dark', 'auto', 'light']) act(() => screen.getByText(name).click());
  expect(setTheme.mock.calls).toEqual([['light'], ['dark'], ['system'], ['light']]);
  Object.assign(window, { raftLab: undefined });
});
