/** Code blocks in lessons and tasks. A file of its own, since the Code component reads it at a page's rendering too. */
import { defineEcConfig } from '@astrojs/starlight/expressive-code';

export default defineEcConfig({
  themes: ['github-dark', 'github-light'],
  useStarlightUiThemeColors: false,
  // Starlight derives a block's language from src/content/docs, which is not where the lessons are.
  getBlockLocale: ({ file }) => (/[\\/]zh-cn[\\/]/.test(file.url?.pathname ?? file.path ?? '') ? 'zh-CN' : 'en'),
  defaultProps: {
    // A command is read whole, and never ends below the buttons; what a command prints keeps its columns.
    overridesByLang: { 'sh,bash,shell': { wrap: true, hangingIndent: 2 } },
  },
  styleOverrides: {
    borderRadius: '6px',
    borderColor: 'var(--dd-line)',
    codeBackground: 'var(--dd-code-bg)',
    codeFontSize: '0.84375rem',
    codeLineHeight: '1.65',
    frames: {
      shadowColor: 'transparent',
      frameBoxShadowCssValue: 'none',
      terminalBackground: 'var(--dd-code-bg)',
      terminalTitlebarBackground: 'var(--dd-code-bg)',
      terminalTitlebarBorderBottomColor: 'transparent',
      terminalTitlebarDotsOpacity: '0',
      editorBackground: 'var(--dd-code-bg)',
      editorTabBarBackground: 'var(--dd-code-bg)',
      editorActiveTabBackground: 'var(--dd-code-bg)',
      editorActiveTabIndicatorTopColor: 'transparent',
      editorActiveTabIndicatorBottomColor: 'var(--dd-oxide)',
    },
  },
});
