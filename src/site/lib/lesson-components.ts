/**
 * Lessons use `<Task>` and other building blocks without importing them: where a component is, is the site's business,
 * not that of an author or a translator.
 */
import { fileURLToPath } from 'node:url';
import { readLesson } from './lesson-text.ts';

/** The part of a Vite plugin that is used; Vite itself is no dependency of ours. */
interface SourcePlugin {
  name: string;
  enforce: 'pre';
  transform(code: string, id: string): { code: string; map: null } | undefined;
}

const components = Object.fromEntries(['Task', 'Quiz', 'Term', 'Chooser', 'Diagram', 'Open'].map((name) => [name, fileURLToPath(new URL(`../components/${name}.astro`, import.meta.url))]));

/** Adds the imports that a lesson's MDX lacks, behind its frontmatter. */
export function lessonComponents(): SourcePlugin {
  return {
    name: 'drydock-lesson-components',
    enforce: 'pre',
    transform(code, id) {
      if (!/[\\/]content[\\/].+\.mdx$/.test(id.split('?', 1)[0] ?? '')) return undefined;
      const added = addImports(code, components);
      return added === code ? undefined : { code: added, map: null };
    },
  };
}

/** What a lesson may use without importing it. */
export const lessonComponentNames: readonly string[] = Object.keys(components);

/**
 * @param available path of each component by name
 * @returns the text unchanged if it uses none of them, or imports what it uses
 */
export function addImports(text: string, available: Readonly<Record<string, string>>): string {
  const used = new Set(readLesson(text).parts.flatMap((part) => (part.kind === 'component' ? [part.name] : [])));
  const missing = Object.entries(available).filter(([name]) => used.has(name) && !new RegExp(`^import\\s+${name}\\s`, 'm').test(text));
  if (missing.length === 0) return text;
  const imports = missing.map(([name, path]) => `import ${name} from ${JSON.stringify(path)};`).join('\n');
  const end = /^---\r?\n[\s\S]*?\r?\n---\r?\n/.exec(text)?.[0].length ?? 0;
  return `${text.slice(0, end)}\n${imports}\n\n${text.slice(end)}`;
}
