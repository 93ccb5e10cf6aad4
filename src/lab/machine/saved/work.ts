/**
 * What was done to the machine since it was saved. Counted, not flagged: what is done while a save is being written is not in
 * it, and a save that fails has taken nothing away.
 */
import { Emitter } from '../../emitter.ts';

export class Work {
  /** Calls back when `unsaved` has changed. */
  readonly changed = new Emitter<void>();
  #done = 0;
  #kept = 0;
  #at = 0;

  /** All that was done so far; for `keep`. */
  get done(): number {
    return this.#done;
  }

  get unsaved(): boolean {
    return this.#done > this.#kept;
  }

  /** When something was done last, in milliseconds since 1970. */
  get at(): number {
    return this.#at;
  }

  note(): void {
    const before = this.unsaved;
    this.#done += 1;
    this.#at = Date.now();
    if (!before) this.changed.emit();
  }

  /** It is saved as far as it was `done`. */
  keep(done: number): void {
    const before = this.unsaved;
    this.#kept = Math.max(this.#kept, done);
    if (this.unsaved !== before) this.changed.emit();
  }

  /** The machine is gone, and its work with it. */
  forget(): void {
    this.keep(this.#done);
  }
}
