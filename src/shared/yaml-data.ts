/**
 * Data that authors write as YAML: read, checked against a schema, and every mistake told with its line, the field, what
 * is wrong and how to mend it. Exercises, the course, quizzes and the glossary are read by this.
 */
import { isCollection, isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { refusal } from './schema-words.ts';
import { suggestion } from './spelling.ts';
import { syntaxProblems } from './yaml-syntax.ts';

export type ParsedYaml<T> = { ok: true; data: T; lineOf(path: readonly PropertyKey[]): number } | { ok: false; problems: string[] };

/**
 * Parses and checks a text.
 * @param section of the reference for authors (src/site/lib/reference/sections.ts) that describes the values; named where one is not known
 */
export function parseYaml<S extends z.ZodType>(text: string, schema: S, section: string): ParsedYaml<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const unreadable = syntaxProblems(document, lines);
  if (unreadable.length > 0) return { ok: false, problems: unreadable };
  const parsed = schema.safeParse(document.toJS(), { error: refusal });
  if (parsed.success) return { ok: true, data: parsed.data, lineOf: (path) => lineOf(document, lines, path) };
  const problems = parsed.error.issues.map((issue) => {
    const { path, message, key } = explain(issue, schema, section);
    return `line ${lineOf(document, lines, key === undefined ? path : [...path, key])}, ${path.join('.') || 'the file'}: ${message}`;
  });
  return { ok: false, problems };
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The field and what to do about it; for a field that is not known, its name too. */
function explain(issue: Issue, schema: z.core.$ZodType, section: string, base: Path = []): { path: Path; message: string; key?: string } {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const [key = ''] = issue.keys;
      // In braces a comma ends a value: the rest of the sentence then looks like a field.
      if (issue.keys.some((key) => key.includes(' '))) return { path, key, message: `holds text that YAML takes for a field (“${issue.keys.join('”, “')}”); put the whole text in quotes` };
      const meant = issue.keys.length === 1 ? suggestion(key, keysAt(schema, path)) : '';
      return { path, key, message: `does not know ${issue.keys.map((name) => `“${name}”`).join(', ')}${meant === '' ? '; correct' : `${meant} Correct`} the spelling, the indentation, or remove it` };
    }
    case 'invalid_union': {
      const branch = closest(issue.errors);
      if (branch !== undefined) return explain(branch, schema, section, path);
      return { path, message: `${issue.message}${issue.message.endsWith('?') ? ' See' : '; see'} the reference for authors, /en/reference/#${section}` };
    }
    case 'invalid_key':
      return { path, message: `a name ${issue.issues[0]?.message ?? 'is not allowed'}; rename it` };
    default:
      return { path, message: issue.message };
  }
}

/** Fields that a schema knows at a path, in whatever branch. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const [key, ...rest] = path;
  switch (def.type) {
    case 'object': {
      if (key === undefined) return Object.keys(def.shape);
      const inner = def.shape[String(key)];
      return inner === undefined ? [] : keysAt(inner, rest);
    }
    case 'array':
      return key === undefined ? [] : keysAt(def.element, rest);
    case 'record':
      return key === undefined ? [] : keysAt(def.valueType, rest);
    case 'union':
      return def.options.flatMap((option) => keysAt(option, path));
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nullable':
      return keysAt(def.innerType, path);
    case 'pipe':
      // One of them is a function, which comes before the schema or behind it.
      return [...keysAt(def.in, path), ...keysAt(def.out, path)];
    case 'lazy':
      return keysAt(def.getter(), path);
    default:
      return [];
  }
}

/** Of the branches of a union the one that was meant: the mistake lies deepest in it. */
function closest(branches: readonly (readonly Issue[])[]): Issue | undefined {
  const depth = (issue: Issue | undefined) => (issue === undefined ? -1 : issue.path.length + (issue.code === 'unrecognized_keys' ? 0.5 : 0));
  return branches.map((branch) => branch[0]).sort((a, b) => depth(b) - depth(a))[0];
}

/** Line of the field, or of the nearest thing around it that exists. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return isCollection(document.contents) && document.contents.range ? lines.linePos(document.contents.range[0]).line : 1;
}
