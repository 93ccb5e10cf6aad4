/** Where the learner has been in a preview: entries, and which of them are the same document. */

export interface HistoryEntry {
  readonly url: string;
  /** Entries of one document differ in fragment or state only; going between them loads nothing. */
  readonly document: number;
  /** What the page gave to pushState. */
  readonly state: unknown;
}

/** As browsers keep. */
const maximumEntries = 50;

export class PreviewHistory {
  #entries: HistoryEntry[] = [];
  #index = -1;

  get current(): HistoryEntry | undefined {
    return this.#entries[this.#index];
  }

  canGo(delta: number): boolean {
    return this.#entries[this.#index + delta] !== undefined;
  }

  /** A new entry behind the present one; those ahead are gone. */
  push(entry: HistoryEntry): void {
    this.#entries = [...this.#entries.slice(0, this.#index + 1), entry].slice(-maximumEntries);
    this.#index = this.#entries.length - 1;
  }

  /** Changes the present entry, or makes the first one. */
  replace(entry: HistoryEntry): void {
    if (this.#index < 0) this.push(entry);
    else this.#entries[this.#index] = entry;
  }

  /** Goes to another entry and returns it; `undefined` if there is none. */
  go(delta: number): HistoryEntry | undefined {
    const entry = this.#entries[this.#index + delta];
    if (entry !== undefined) this.#index += delta;
    return entry;
  }
}
