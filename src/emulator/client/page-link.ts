/** The page's end of the guest link: bytes go to the worker and come from it as they are; the worker paces them. */
import type { GuestLink } from '../../guest/link.ts';

export class PageLink implements GuestLink {
  readonly #post: (bytes: ArrayBuffer) => void;
  #receiver: ((bytes: Uint8Array) => void) | undefined;
  #early: Uint8Array[] = [];
  readonly #closeReceivers: ((reason: Error) => void)[] = [];
  #closed: Error | undefined;

  /** `post` transfers the bytes to the worker. */
  constructor(post: (bytes: ArrayBuffer) => void) {
    this.#post = post;
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    // A copy: the caller keeps his bytes, the transferred ones are gone.
    if (this.#closed === undefined) this.#post(bytes.slice().buffer);
  }

  onReceive(receiver: (bytes: Uint8Array) => void): void {
    this.#receiver = receiver;
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) receiver(bytes);
  }

  onClose(receiver: (reason: Error) => void): void {
    if (this.#closed === undefined) this.#closeReceivers.push(receiver);
    else receiver(this.#closed);
  }

  /** Bytes from the guest. */
  receive(bytes: Uint8Array): void {
    if (this.#closed !== undefined) return;
    if (this.#receiver === undefined) this.#early.push(bytes);
    else this.#receiver(bytes);
  }

  close(reason: Error): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#early = [];
    for (const receiver of this.#closeReceivers) receiver(reason);
  }
}
