/** Debian's control format (deb822): paragraphs of `Field: value` with indented continuation lines. */

export type Paragraph = ReadonlyMap<string, string>;

/**
 * Splits a document into its paragraphs. Field names are kept as written and unique in a paragraph; a value of
 * several lines keeps its line breaks and the indentation of the continuation lines. Comment lines are dropped.
 */
export function* parseControl(text: string): Generator<Paragraph> {
  let fields = new Map<string, string>();
  let field = '';
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    const line = text.slice(start, text.charCodeAt(stop - 1) === 13 ? stop - 1 : stop);
    start = stop + 1;
    if (line.trim() === '') {
      if (fields.size > 0) yield fields;
      fields = new Map();
      field = '';
    } else if (line.startsWith('#')) {
      continue;
    } else if (line.startsWith(' ') || line.startsWith('\t')) {
      fields.set(field, `${fields.get(field) ?? ''}\n${line}`);
    } else {
      const colon = line.indexOf(':');
      field = colon < 0 ? line : line.slice(0, colon);
      fields.set(field, colon < 0 ? '' : line.slice(colon + 1).trim());
    }
  }
  if (fields.size > 0) yield fields;
}
