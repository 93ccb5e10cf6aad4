/**
 * Colours of the terminal in both themes. Every colour has at least 4.5 : 1 against the background
 * (see themes.test.ts), which the usual palettes miss on white for yellow, green and cyan.
 */
import type { ITheme } from '@xterm/xterm';

export type ThemeName = 'light' | 'dark';

export const terminalThemes = {
  dark: {
    background: '#0b1113', foreground: '#d5dfe2', cursor: '#f0714f', cursorAccent: '#0b1113',
    selectionBackground: '#2c4a54', selectionInactiveBackground: '#22353c',
    black: '#7d8f96', red: '#f2857a', green: '#7fd3a0', yellow: '#e6bd6a', blue: '#84b5ee', magenta: '#d2a0e3',
    cyan: '#7cc7d8', white: '#c3d0d4',
    brightBlack: '#8fa2a9', brightRed: '#f7a79e', brightGreen: '#a3e6bd', brightYellow: '#f2d694', brightBlue: '#a9ccf6',
    brightMagenta: '#e2bdef', brightCyan: '#a5dfea', brightWhite: '#f4f8f9',
  },
  light: {
    background: '#fffefc', foreground: '#1c2f37', cursor: '#b8442a', cursorAccent: '#fffefc',
    selectionBackground: '#bfdde5', selectionInactiveBackground: '#dbe8ec',
    black: '#14242b', red: '#a72c20', green: '#17693f', yellow: '#7a4f00', blue: '#1d56a8', magenta: '#83358f',
    cyan: '#0b6179', white: '#5f7078',
    brightBlack: '#54656d', brightRed: '#c23a2c', brightGreen: '#1f7a4b', brightYellow: '#8f5f00', brightBlue: '#2a66c0',
    brightMagenta: '#9a47a6', brightCyan: '#0f7490', brightWhite: '#44555d',
  },
} as const satisfies Record<ThemeName, ITheme>;

/** The theme of the site now. */
export function currentTheme(): ThemeName {
  return document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark';
}

/** Calls back when the reader switches the site's theme. @returns a function that ends it */
export function onThemeChange(listener: (theme: ThemeName) => void): () => void {
  const observer = new MutationObserver(() => listener(currentTheme()));
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
