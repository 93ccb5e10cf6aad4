/** Path patterns of the recipe. */

/**
 * A test whether any of the patterns matches the path or a folder it is in. `*` stands for any text within a name, `**`
 * for any text. Leading slashes do not count.
 */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const sources = patterns.map((pattern) =>
    pattern
      .replace(/^\//, '')
      .split(/(\*\*|\*)/)
      .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
      .join(''),
  );
  const expression = new RegExp(`^(?:${sources.join('|')})(?:/|$)`);
  return (path) => expression.test(path.replace(/^\//, ''));
}
