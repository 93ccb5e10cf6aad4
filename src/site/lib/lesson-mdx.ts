/**
 * A lesson as the site's own compiler sees it: what would break the build, the tags, and the code within sentences, each with
 * its line. Only the check needs it; the site and its build read lessons by lesson-text.ts, which loads nothing.
 */
import { type MdastNode, mdxToJs, mdxToMdast } from 'satteri';
import { reasonOf } from '../../shared/errors.ts';
import type { Placed } from './placed.ts';

export interface LessonMdx {
  /** What the compiler cannot read; at most one, since it stops there. Everything else is empty then. */
  broken: Placed | undefined;
  tags: { line: number; name: string }[];
  /** Names that the text imports itself. */
  imported: ReadonlySet<string>;
  /** Code within sentences. */
  inlineCode: Placed[];
  /** JavaScript in braces, other than comments. */
  expressions: Placed[];
}

/** Never throws for a mistake of the author. */
export function readMdx(text: string): LessonMdx {
  const mdx: LessonMdx = { broken: undefined, tags: [], imported: new Set(), inlineCode: [], expressions: [] };
  try {
    // The tree alone does not tell of broken imports.
    mdxToJs(text);
    const imported = new Set<string>();
    collect(mdxToMdast(text), mdx, imported);
    return { ...mdx, imported };
  } catch (error) {
    const [, line, reason] = /^(\d+):\d+: ([^]*?)(?: \([a-z-]+:[a-z-]+\))?$/.exec(reasonOf(error)) ?? [];
    return { ...mdx, broken: { line: Number(line ?? 1), text: reason ?? reasonOf(error) } };
  }
}

function collect(node: MdastNode, mdx: LessonMdx, imported: Set<string>): void {
  const line = node.position?.start.line ?? 1;
  switch (node.type) {
    case 'mdxJsxFlowElement':
    case 'mdxJsxTextElement':
      if (node.name) mdx.tags.push({ line, name: node.name });
      break;
    case 'mdxFlowExpression':
    case 'mdxTextExpression':
      if (!/^\s*(?:\/\*[^]*\*\/\s*)?$/.test(node.value)) mdx.expressions.push({ line, text: node.value });
      break;
    case 'mdxjsEsm':
      for (const [, names = ''] of node.value.matchAll(/^import\s+(.+?)\s+from\s/gms)) {
        for (const [name] of names.matchAll(/[A-Za-z_$][\w$]*(?=\s*(?:[,}]|$))/g)) imported.add(name);
      }
      break;
    case 'inlineCode':
      mdx.inlineCode.push({ line, text: node.value });
      break;
  }
  if ('children' in node) for (const child of node.children) collect(child, mdx, imported);
}
