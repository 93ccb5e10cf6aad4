/**
 * Monaco, cut to what the lab needs: the editor, eight languages, two workers. Loaded only when the editor is opened;
 * for Chinese its own texts come first, since Monaco reads them while it loads.
 */
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/languages/features/json/json.worker.js?worker';
import type { Locale } from '../page-data.ts';

export type Monaco = typeof import('./monaco-parts.ts').monaco;

/** Loads Monaco once per page. */
export async function loadMonaco(locale: Locale): Promise<Monaco> {
  globalThis.MonacoEnvironment = { getWorker: (_: string, label: string) => (label === 'json' ? new JsonWorker() : new EditorWorker()) };
  if (locale === 'zh-cn') await import('monaco-editor/nls/lang/zh-cn.js');
  const { monaco } = await import('./monaco-parts.ts');
  defineThemes(monaco);
  return monaco;
}

/** Monaco's themes on the lab's colours. */
function defineThemes(monaco: Monaco): void {
  monaco.editor.defineTheme('drydock-dark', {
    base: 'vs-dark', inherit: true,
    rules: [
      { token: 'comment', foreground: '8fa2a9' },
      { token: 'keyword', foreground: '7cc7d8' },
      { token: 'string', foreground: '7fd3a0' },
      { token: 'number', foreground: 'e6bd6a' },
      { token: 'variable', foreground: 'd2a0e3' },
      { token: 'type', foreground: '84b5ee' },
    ],
    colors: {
      'editor.background': '#0b1113', 'editor.foreground': '#d5dfe2', 'editorLineNumber.foreground': '#6b7f86',
      'editorLineNumber.activeForeground': '#c3d0d4', 'editorCursor.foreground': '#f0714f', 'editor.selectionBackground': '#2c4a54',
      'editor.lineHighlightBackground': '#131c20', ...markedWords('#2c4a5480'), 'editorWidget.background': '#1a252a', focusBorder: '#8fd6e6',
    },
  });
  monaco.editor.defineTheme('drydock-light', {
    base: 'vs', inherit: true,
    rules: [
      { token: 'comment', foreground: '4f6068' },
      { token: 'keyword', foreground: '0b6179' },
      { token: 'string', foreground: '17693f' },
      { token: 'number', foreground: '855400' },
      { token: 'variable', foreground: '83358f' },
      { token: 'type', foreground: '1d56a8' },
    ],
    colors: {
      'editor.background': '#fffefc', 'editor.foreground': '#1c2f37', 'editorLineNumber.foreground': '#76868d',
      'editorLineNumber.activeForeground': '#33454d', 'editorCursor.foreground': '#b8442a', 'editor.selectionBackground': '#bfdde5',
      'editor.lineHighlightBackground': '#f6f5f1', ...markedWords('#0b7a971a'), 'editorWidget.background': '#ffffff', focusBorder: '#0b7a97',
    },
  });
}

/** The word at the cursor and its like elsewhere. Monaco's own grey leaves too little contrast to what is written on it. */
function markedWords(colour: string): Record<string, string> {
  return { 'editor.wordHighlightBackground': colour, 'editor.wordHighlightStrongBackground': colour };
}
