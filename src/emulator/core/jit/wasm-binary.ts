/** What is used of WebAssembly's binary format: https://webassembly.github.io/spec/core/binary/ */

export const section = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;

export const valueType = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;

export const emptyBlock = 0x40;
export const functionType = 0x60;

export const op = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Load: 0x28,
  /** The last of loads and stores. */
  i64Store32: 0x3e,
  i32Store: 0x36,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32Ne: 0x47,
  i32LtU: 0x49,
  i32GeS: 0x4e,
  i32GeU: 0x4f,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32And: 0x71,
  /** The last that is one byte and has no immediate. */
  i64Extend32: 0xc4,
} as const;

/** Reads a binary from front to end. What does not fit throws `RangeError`. */
export class WasmReader {
  readonly bytes: Uint8Array<ArrayBuffer>;
  position: number;

  constructor(bytes: Uint8Array<ArrayBuffer>, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  byte(): number {
    const value = this.bytes[this.position++];
    if (value === undefined) throw new RangeError('the binary ends too early');
    return value;
  }

  /** LEB128, up to 32 bits. */
  unsigned(): number {
    let byte = this.byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let shift = 7;
    do {
      byte = this.byte();
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte >= 0x80);
    return value >>> 0;
  }

  /** Signed LEB128 of up to 32 bits. */
  signed(): number {
    let value = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = this.byte();
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte >= 0x80);
    return shift < 32 && (byte & 0x40) !== 0 ? value | (-1 << shift) : value;
  }

  /** Passes over bytes that must be these. */
  expect(...expected: readonly number[]): void {
    for (const value of expected) if (this.byte() !== value) throw new RangeError(`not expected at byte ${this.position - 1}`);
  }

  skipName(): void {
    const length = this.unsigned();
    this.position += length;
  }

  skipLeb(): void {
    while (this.byte() >= 0x80);
  }

  skipImmediates(opcode: number): void {
    if (opcode >= op.i32Load && opcode <= op.i64Store32) {
      this.skipLeb();
      this.skipLeb();
    } else if (opcode === op.i32Const || opcode === op.i64Const) {
      this.skipLeb();
    } else if (opcode === op.call || opcode === op.globalGet || opcode === op.globalSet || opcode === op.memorySize || opcode === op.memoryGrow) {
      this.skipLeb();
    } else if (opcode === op.f32Const) {
      this.position += 4;
    } else if (opcode === op.f64Const) {
      this.position += 8;
    } else if (opcode === op.callIndirect) {
      this.skipLeb();
      this.skipLeb();
    } else if (opcode > op.i64Extend32) {
      throw new RangeError(`unknown instruction ${opcode}`);
    }
  }
}

/** Writes a binary; grows as needed. */
export class WasmWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** What was written; a view that ends with the next writing. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): this {
    this.#length = 0;
    return this;
  }

  put(...values: readonly number[]): this {
    this.#reserve(values.length);
    for (const value of values) this.#bytes[this.#length++] = value;
    return this;
  }

  copy(source: Uint8Array<ArrayBuffer>, begin = 0, end = source.length): this {
    this.#reserve(end - begin);
    this.#bytes.set(source.subarray(begin, end), this.#length);
    this.#length += end - begin;
    return this;
  }

  unsigned(value: number): this {
    this.#reserve(5);
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  /** `i32.const` with the value. */
  constant(value: number): this {
    this.#reserve(6);
    this.#bytes[this.#length++] = op.i32Const;
    let rest = value | 0;
    while (rest < -0x40 || rest >= 0x40) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    this.#bytes[this.#length++] = rest & 0x7f;
    return this;
  }

  /** An instruction with one index. */
  indexed(opcode: number, index: number): this {
    return this.put(opcode).unsigned(index);
  }

  /** Bytes preceded by their number, as sections and functions are. */
  sized(content: Uint8Array<ArrayBuffer>): this {
    return this.unsigned(content.length).copy(content);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.written);
    this.#bytes = grown;
  }
}
