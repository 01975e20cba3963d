import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

// A calm page for people who work in it: paper and ink, hairlines instead of shadows, one green for what can be done.

const green: MantineColorsTuple = [
  '#eef7f3',
  '#d8ebe3',
  '#b1d8c9',
  '#85c2ab',
  '#5fae93',
  '#43997d',
  '#2d8268',
  '#1b6d56',
  '#0f5c4d',
  '#084338',
];
const gray: MantineColorsTuple = [
  '#fafaf8',
  '#f4f4f0',
  '#eaeae4',
  '#dddcd5',
  '#c6c5bc',
  '#a09f95',
  '#65645c',
  '#4c4b45',
  '#34332f',
  '#1d1c1a',
];
const dark: MantineColorsTuple = [
  '#e6e8e5',
  '#ced2cd',
  '#a3a9a3',
  '#7f867f',
  '#464c47',
  '#2f3430',
  '#252926',
  '#1b1e1c',
  '#131514',
  '#0c0e0d',
];

export const mono = '"JetBrains Mono", ui-monospace, "SF Mono", Menlo, Consolas, monospace';
export const sans = 'Inter, ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

export const theme = createTheme({
  colors: { green, gray, dark },
  primaryColor: 'green',
  primaryShade: { light: 8, dark: 6 },
  autoContrast: true,
  respectReducedMotion: true,
  fontFamily: sans,
  fontFamilyMonospace: mono,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { md: '1.5' },
  defaultRadius: 'sm',
  radius: { sm: '5px', md: '8px' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 550 } },
    Modal: {
      styles: { title: { fontWeight: 620, fontSize: '1rem' } },
      defaultProps: {
        radius: 'md',
        centered: false,
        yOffset: '10vh',
        // A click beside a dialog does not take the focus out of it.
        overlayProps: { backgroundOpacity: 0.35, onMouseDown: (event: React.MouseEvent) => event.preventDefault() },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    // Without the placeholder the first item has the focus at once, and a menu holds nothing but items.
    Menu: { defaultProps: { radius: 'md', shadow: 'md', withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { openDelay: 350, fz: 'xs' } },
    Anchor: { defaultProps: { underline: 'hover' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Switch: { defaultProps: { size: 'sm', withThumbIndicator: false } },
    Alert: { defaultProps: { variant: 'light', radius: 'md' } },
  },
});

/** The colours that our own style sheets use, in both schemes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#22211e',
    '--mantine-color-dimmed': '#65645c',
    '--mantine-color-placeholder': '#86857b',
    '--mantine-color-default-border': '#dddcd5',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-gray-light-color': '#5c5b54',
    '--mantine-color-red-filled': '#b3261e',
    '--mantine-color-red-filled-hover': '#96201a',
    '--mantine-color-red-light-color': '#a3211a',
    '--mantine-color-yellow-light-color': '#6f4800',
    '--writ-page': '#fafaf8',
    '--writ-side': '#f4f4f0',
    '--writ-panel': '#ffffff',
    '--writ-line': '#e6e5de',
    '--writ-control': '#8b8a80',
    '--writ-hover': '#f4f4f0',
    '--writ-active': '#e6ece6',
    '--writ-accent': '#0f5c4d',
    '--writ-danger': '#b3261e',
    '--writ-warning': '#8a5a00',
    '--writ-code': '#f6f6f2',
  },
  dark: {
    '--mantine-color-body': '#1b1e1c',
    '--mantine-color-text': '#e0e3df',
    '--mantine-color-dimmed': '#a3a9a3',
    '--mantine-color-placeholder': '#7f867f',
    '--mantine-color-default-border': '#3a403b',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-gray-light': 'rgb(163 169 163 / 13%)',
    '--mantine-color-gray-light-color': '#b3b8b2',
    '--mantine-color-green-light-color': '#8fd3bb',
    '--mantine-color-red-filled': '#c23a33',
    '--mantine-color-red-filled-hover': '#ad322b',
    '--mantine-color-red-light-color': '#ffb4ab',
    '--mantine-color-yellow-light': 'rgb(227 178 93 / 13%)',
    '--mantine-color-yellow-light-color': '#e8c586',
    '--writ-page': '#131514',
    '--writ-side': '#0f1110',
    '--writ-panel': '#191c1a',
    '--writ-line': '#2a2f2b',
    '--writ-control': '#6f766f',
    '--writ-hover': '#202421',
    '--writ-active': '#223029',
    '--writ-accent': '#6fc2a6',
    '--writ-danger': '#ff8a80',
    '--writ-warning': '#e3b25d',
    '--writ-code': '#131614',
  },
});
