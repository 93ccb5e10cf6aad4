/** The candidates of a `srcset`: addresses, each with what it is for. Addresses may contain commas. */

export interface Candidate {
  readonly url: string;
  /** Such as `2x` or `640w`; may be empty. */
  readonly descriptor: string;
}

/** Reads a `srcset` as HTML says: white space separates, a comma at an address's end closes its candidate. */
export function parseSrcset(text: string): Candidate[] {
  const candidates: Candidate[] = [];
  let rest = text;
  for (;;) {
    rest = rest.replace(/^[\s,]+/, '');
    const token = /^\S+/.exec(rest)?.[0];
    if (token === undefined) return candidates;
    rest = rest.slice(token.length);
    const bare = token.replace(/,+$/, '');
    if (bare !== token) {
      candidates.push({ url: bare, descriptor: '' });
      continue;
    }
    const descriptor = /^(?:[^,(]|\([^)]*\)?)*/.exec(rest)?.[0] ?? '';
    rest = rest.slice(descriptor.length);
    candidates.push({ url: token, descriptor: descriptor.trim() });
  }
}
