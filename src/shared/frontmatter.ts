/** The head of a page's file, between two lines of `---`. */
import { parse } from 'yaml';

export interface SplitPage {
  /** Empty if there is none, or if it is no YAML: whoever looks for a field of it then misses the field. */
  frontmatter: Record<string, unknown>;
  /** As it is written, between the lines of `---`. */
  head: string;
  /** Lines that it takes, with both of `---`; 0 if there is none. */
  headLines: number;
  /** What stands behind it. */
  body: string;
}

/** Never throws. */
export function splitFrontmatter(text: string): SplitPage {
  const lines = text.split(/\r?\n/);
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  if (end === -1) return { frontmatter: {}, head: '', headLines: 0, body: text };
  const head = lines.slice(1, end).join('\n');
  return { frontmatter: record(head), head, headLines: end + 1, body: lines.slice(end + 1).join('\n') };
}

function record(yaml: string): Record<string, unknown> {
  try {
    const value: unknown = parse(yaml);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
