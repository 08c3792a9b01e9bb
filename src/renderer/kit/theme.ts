/** The theme of the component kit: our colours and sizes, no shadows, radius 8. Only its dialogs and menus are used. */
import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/** Defaults for every component of the kit that is used. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '18px', xl: '28px' },
  defaultRadius: 8,
  primaryColor: 'gray',
  autoContrast: true,
  respectReducedMotion: true,
  components: {
    Menu: {
      defaultProps: { shadow: 'none', radius: 8, offset: 4, withinPortal: true, withInitialFocusPlaceholder: false },
    },
    Modal: { defaultProps: { centered: true, shadow: 'none', radius: 8, overlayProps: { backgroundOpacity: 0.35 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', size: 32 } },
    Tabs: { defaultProps: { radius: 0 } },
  },
});

/** The kit's own variables, taken from ours, so that each colour is defined once. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    '--mantine-color-body': 'var(--page)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--faint)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-primary-color-filled': 'var(--ink)',
    '--mantine-primary-color-filled-hover': 'var(--ink)',
    '--mantine-primary-color-contrast': 'var(--page)',
    '--mantine-primary-color-light-color': 'var(--ink)',
  },
  light: {},
  dark: {},
});
