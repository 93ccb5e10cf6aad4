/**
 * What is typed and pasted, on its way to the guest: in order, in pieces, each waiting for room in the channel's window.
 *
 * A large paste therefore never piles up in the guest, and Ctrl+C can still overtake what has not been sent.
 */

/** Bytes per piece: what is taken from the queue at a time and cannot be overtaken any more. */
const pieceBytes = 4096;

const interrupt = '\x03';

/** The part of a shell that takes input. */
export interface InputSink {
  /** Resolves when the guest has room for it. */
  write(bytes: Uint8Array): Promise<void>;
}

export class InputQueue {
  readonly #sink: InputSink;
  readonly #onError: (error: unknown) => void;
  #pieces: Uint8Array[] = [];
  #sending = false;
  #failed = false;

  /** @param onError called once if the guest takes no more; what waits is dropped */
  constructor(sink: InputSink, onError: (error: unknown) => void) {
    this.#sink = sink;
    this.#onError = onError;
  }

  /** Queues a text. Ctrl+C drops what waits: the guest's terminal would throw it away as well. */
  push(text: string): void {
    if (text === interrupt) this.#pieces = [];
    this.pushBytes(new TextEncoder().encode(text));
  }

  /** Queues bytes as they are, such as xterm's reports in its old mouse encoding. */
  pushBytes(bytes: Uint8Array): void {
    if (this.#failed) return;
    for (let start = 0; start < bytes.length; start += pieceBytes) this.#pieces.push(bytes.subarray(start, start + pieceBytes));
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#sending = true;
    try {
      for (let piece = this.#pieces.shift(); piece !== undefined; piece = this.#pieces.shift()) await this.#sink.write(piece);
    } catch (error) {
      this.#failed = true;
      this.#pieces = [];
      this.#onError(error);
    } finally {
      this.#sending = false;
    }
  }
}
