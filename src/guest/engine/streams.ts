/** The formats inside answers: the multiplexed output stream, JSON lines, and a tar with one file. */
import { DrydockError } from '../../shared/errors.ts';
import { concatBytes, decodeUtf8 } from '../bytes.ts';

export interface ContainerOutput {
  stdout: string;
  /** Empty for a container with a terminal, where both are one. */
  stderr: string;
}

const frameHeader = 8;
const standardError = 2;

/**
 * Separates the two outputs. A container without a terminal sends frames of `u8 stream | 3 zero bytes | u32 big-endian
 * length`; one with a terminal sends plain bytes.
 */
export function demultiplex(bytes: Uint8Array, tty: boolean): ContainerOutput {
  if (tty) return { stdout: decodeUtf8(bytes), stderr: '' };
  const parts = { out: [] as Uint8Array[], err: [] as Uint8Array[] };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset < bytes.length; ) {
    const length = offset + frameHeader <= bytes.length ? view.getUint32(offset + 4) : Number.POSITIVE_INFINITY;
    const end = offset + frameHeader + length;
    if (end > bytes.length) throw new DrydockError('engine-answer-invalid', { request: 'the output of a container', reason: 'it ends within a frame' });
    parts[bytes[offset] === standardError ? 'err' : 'out'].push(bytes.subarray(offset + frameHeader, end));
    offset = end;
  }
  return { stdout: decodeUtf8(concatBytes(parts.out)), stderr: decodeUtf8(concatBytes(parts.err)) };
}

/** Cuts pieces of any size into lines; a last line without its end is kept back. */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #rest = '';

  push(bytes: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.filter((line) => line.trim() !== '');
  }
}

const tarBlock = 512;
/** Type flags of a regular file in a tar header (POSIX.1-1988, ustar). */
const regularTypes = new Set([0, 0x30]);

/** The content of the first regular file of a tar, or null when its first real entry is something else. */
export function firstFileOfTar(tar: Uint8Array): Uint8Array | null {
  for (let offset = 0; offset + tarBlock <= tar.length; ) {
    const type = tar[offset + 156] ?? 0;
    const digits = decodeUtf8(tar.subarray(offset + 124, offset + 136)).replace(/[\0 ]+$/, '').trim();
    const size = /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : 0;
    const start = offset + tarBlock;
    // 'x' and 'g' are pax headers, which only describe the entry that follows.
    if (type !== 0x78 && type !== 0x67) {
      if (!regularTypes.has(type)) return null;
      if (start + size > tar.length) throw new DrydockError('engine-answer-invalid', { request: 'a file of a container', reason: 'its tar ends early' });
      return tar.subarray(start, start + size);
    }
    offset = start + Math.ceil(size / tarBlock) * tarBlock;
  }
  return null;
}
