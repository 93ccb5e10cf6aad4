/** One event: listeners are called in order of subscription, with one value. */
export class Emitter<T> {
  #listeners = new Set<(value: T) => void>();

  /** @returns a function that ends the subscription */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(value: T): void {
    for (const listener of Array.from(this.#listeners)) listener(value);
  }
}
