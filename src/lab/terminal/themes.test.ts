import { describe, expect, it } from 'vitest';
import { terminalThemes } from './themes.ts';

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

describe('terminal colours', () => {
  for (const [name, theme] of Object.entries(terminalThemes)) {
    it(`can be read in the ${name} theme`, () => {
      const { background, cursorAccent: _accent, selectionBackground, selectionInactiveBackground: _inactive, ...texts } = theme;
      for (const [key, colour] of Object.entries(texts)) {
        const wanted = key === 'cursor' ? 3 : 4.5;
        expect(contrast(colour, background), key).toBeGreaterThanOrEqual(wanted);
      }
      expect(contrast(theme.foreground, selectionBackground)).toBeGreaterThanOrEqual(4.5);
    });
  }
});
