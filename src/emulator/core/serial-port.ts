/** The guest's ttyS0: v86 gives and takes single bytes, callers want pieces. */
export class SerialPort {
  readonly #input: (byte: number) => void;
  readonly #receiver: ((bytes: Uint8Array<ArrayBuffer>) => void) | undefined;
  #pending: number[] = [];

  /** `input` puts one byte into the UART, whose input v86 does not limit. */
  constructor(input: (byte: number) => void, receiver?: (bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#input = input;
    this.#receiver = receiver;
  }

  /** One byte from the guest. All bytes of a slice of emulation are handed on together. */
  output(byte: number): void {
    if (this.#receiver === undefined) return;
    if (this.#pending.length === 0) queueMicrotask(() => this.#flush());
    this.#pending.push(byte);
  }

  /** Types into the guest. */
  write(text: string): void {
    for (const byte of new TextEncoder().encode(text)) this.#input(byte);
  }

  #flush(): void {
    const bytes = Uint8Array.from(this.#pending);
    this.#pending = [];
    this.#receiver?.(bytes);
  }
}
