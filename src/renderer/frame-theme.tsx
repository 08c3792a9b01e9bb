/** Reports the page's theme to the window, so that frame, menus and dialogs follow. Renders nothing. */
import { useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';

export function FrameTheme(): null {
  const { colorScheme } = useMantineColorScheme();
  useEffect(() => {
    window.raftLab?.setTheme(colorScheme === 'auto' ? 'system' : colorScheme);
  }, [colorScheme]);
  return null;
}
