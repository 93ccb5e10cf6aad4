/** What pages keep in `localStorage`: by their origin, in memory, never in that of the site. */

/** As much as browsers give an origin, counted in characters. */
const maximumCharacters = 5_000_000;

export class PageStore {
  readonly #origins = new Map<string, Map<string, string>>();

  entries(origin: string): [string, string][] {
    return [...(this.#origins.get(origin) ?? [])];
  }

  /** @param value `null` removes the key. What exceeds the space is not kept. */
  set(origin: string, key: string, value: string | null): void {
    const items = this.#origins.get(origin) ?? new Map<string, string>();
    this.#origins.set(origin, items);
    if (value === null) {
      items.delete(key);
      return;
    }
    let used = key.length + value.length;
    for (const [other, text] of items) if (other !== key) used += other.length + text.length;
    if (used <= maximumCharacters) items.set(key, value);
  }

  clear(): void {
    this.#origins.clear();
  }
}
