/**
 * Keeps Monaco's styles out of the head of the lessons: they come with Monaco, when the editor is opened.
 *
 * Astro links in a page the styles of whatever its scripts may load, also of what they import later. For Monaco these are
 * 175 KB that a reader would wait for before he sees a word. Here each style sheet becomes a script that adds it to the page.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The part of a Vite plugin that is used; Vite itself is no dependency of ours. */
interface StylePlugin {
  name: string;
  enforce: 'pre';
  resolveId(this: { resolve(source: string, importer: string, options: { skipSelf: boolean }): Promise<{ id: string } | null> }, source: string, importer: string | undefined): Promise<string | undefined>;
  load(id: string): Promise<string | undefined>;
}

/** Stands before the path, from which the ending is taken, so that no other plugin sees a style sheet in it. */
const prefix = '\0late-style:';
const ending = '.css';
const owner = /\/monaco-editor\//;

export function lateStyles(): StylePlugin {
  return {
    name: 'drydock-late-styles',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!source.endsWith(ending) || importer === undefined || !owner.test(importer.replaceAll('\\', '/'))) return undefined;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      return resolved === null ? undefined : prefix + resolved.id.slice(0, -ending.length);
    },
    async load(id) {
      if (!id.startsWith(prefix)) return undefined;
      const path = id.slice(prefix.length) + ending;
      return styleScript(await readFile(path, 'utf8'), dirname(path));
    },
  };
}

/**
 * A module that adds the style sheet to the page.
 *
 * @param folder where the sheet lies; files beside it that it names become files of the site
 */
export function styleScript(sheet: string, folder: string): string {
  const imports: string[] = [];
  const pieces = sheet.replace(/\/\*[^]*?\*\//g, '').split(/url\(\s*['"]?(\.[^'")]+)['"]?\s*\)/);
  // Every second piece is the path of a file.
  const text = pieces.map((piece, index) => {
    if (index % 2 === 0) return JSON.stringify(piece);
    const name = `file${imports.length}`;
    imports.push(`import ${name} from ${JSON.stringify(`${join(folder, piece).replaceAll('\\', '/')}?url`)};`);
    return `\`url("\${${name}}")\``;
  });
  return [...imports, "const style = document.createElement('style');", `style.textContent = ${text.join(' + ')};`, 'document.head.append(style);'].join('\n');
}
