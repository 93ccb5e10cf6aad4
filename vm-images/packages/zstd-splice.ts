/**
 * Compresses an archive so that its large files keep bytes of their own: a .deb and an .rpm of the same programs then
 * share most of what a site has to hold.
 *
 * A zstd frame (RFC 8878) is a row of blocks. Those of a file that was compressed alone may stand in the middle of another
 * frame, if the decoder is then as at the start of one: a first block refers to no earlier tables and to no data before it,
 * but it may use the three offsets that a frame begins with. Between two files there are headers with a run of equal bytes,
 * which is written as matches of just these offsets. (Frames one behind another would be simpler, but dpkg stops at the
 * end of the first.)
 */
import { zstd } from '../builder/zstd.ts';

/** Files from this size on are compressed alone; what lies between them is stored as it is. */
const aloneBytes = 65_536;
/** Of a block, as the format has it. */
const largestBlock = 131_072;
const magic = 0xfd2fb528;
const blockTypes = { raw: 0, compressed: 2 } as const;
/** What `resetOffsets` needs. */
const resetBytes = 17;

/** The blocks of a file, and how far back they refer. */
interface Packed {
  readonly blocks: Uint8Array;
  readonly window: number;
}

/** Compresses each content once, however many archives it is in. */
export class Packer {
  readonly #level: number;
  readonly #known = new Map<Uint8Array, Promise<Packed>>();

  /** @param level 1 to 22 */
  constructor(level: number) {
    this.#level = level;
  }

  pack(content: Uint8Array): Promise<Packed> {
    const packed = this.#known.get(content) ?? zstd(content, this.#level).then(blocksOf);
    this.#known.set(content, packed);
    return packed;
  }
}

/** @returns one zstd frame in pieces; those of large files are the same bytes in every archive */
export async function spliceZstd(pieces: Iterable<Uint8Array>, packer: Packer): Promise<Uint8Array[]> {
  const packed: (Uint8Array | Packed)[] = [];
  let between: Uint8Array[] = [];
  for (const piece of pieces) {
    if (piece.length < aloneBytes) {
      between.push(piece);
      continue;
    }
    packed.push(resetting(Buffer.concat(between)), await packer.pack(piece));
    between = [];
  }
  packed.push(Buffer.concat([rawBlocks(Buffer.concat(between)), header(blockTypes.raw, 0, true)]));
  const window = packed.reduce((widest, piece) => ('blocks' in piece ? Math.max(widest, piece.window) : widest), largestBlock);
  return [frameHeader(window), ...packed.map((piece) => ('blocks' in piece ? piece.blocks : piece))];
}

/** The bytes as they are, and behind them the decoder as at the start of a frame. */
function resetting(bytes: Buffer): Buffer {
  const at = lastRun(bytes);
  if (at === undefined) throw new Error(`before a large file there is no run of ${resetBytes} equal bytes`);
  return Buffer.concat([rawBlocks(bytes.subarray(0, at)), ...resetOffsets(bytes[at] ?? 0), rawBlocks(bytes.subarray(at + resetBytes))]);
}

/** Where the last run of equal bytes begins that is long enough. */
function lastRun(bytes: Buffer): number | undefined {
  let length = 0;
  for (let at = bytes.length - 1; at >= 0; at--) {
    length = bytes[at] === bytes[at + 1] ? length + 1 : 1;
    if (length === resetBytes) return at;
  }
  return undefined;
}

/** A byte seventeen times, as three matches with the offsets 8, 4, 1: those that a frame begins with, in the order of use. */
function resetOffsets(byte: number): Buffer[] {
  return [match(8, byte, 3, 0b1011), match(0, byte, 2, 0b111), match(0, byte, 2, 0b100)];
}

/**
 * A block of some literals of one value and a match of three bytes: one sequence, whose codes stand for themselves.
 *
 * @param offsetCode number of the bits that hold the offset
 * @param bits a one, and these bits
 */
function match(literals: number, byte: number, offsetCode: number, bits: number): Buffer {
  const literalSection = literals === 0 ? [0] : [(literals << 3) | 1, byte];
  const eachOneCode = 0b01010100;
  const block = [...literalSection, 1, eachOneCode, literals, offsetCode, 0, bits];
  return Buffer.concat([header(blockTypes.compressed, block.length, false), Buffer.from(block)]);
}

function rawBlocks(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += largestBlock) {
    const part = bytes.subarray(at, at + largestBlock);
    blocks.push(header(blockTypes.raw, part.length, false), part);
  }
  return Buffer.concat(blocks);
}

function header(type: number, size: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE((size << 3) | (type << 1) | (last ? 1 : 0), 0, 3);
  return bytes;
}

/** A frame that says neither its length nor a checksum: the packages have their own. */
function frameHeader(window: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt32LE(magic);
  bytes[5] = (Math.ceil(Math.log2(window)) - 10) << 3;
  return bytes;
}

/** Takes a frame apart, as this process's own zstd made it: with a length, without checksum and dictionary. */
function blocksOf(frame: Buffer): Packed {
  const descriptor = frame[4] ?? 0;
  const single = (descriptor & 0x20) !== 0;
  const lengthBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  if (frame.readUInt32LE(0) !== magic || lengthBytes === 0 || (descriptor & 0b111) !== 0) throw new Error(`zstd made a frame of an unknown kind (${descriptor})`);
  const lengthAt = single ? 5 : 6;
  const start = lengthAt + lengthBytes;
  const length = lengthBytes === 8 ? Number(frame.readBigUInt64LE(lengthAt)) : frame.readUIntLE(lengthAt, lengthBytes) + (lengthBytes === 2 ? 256 : 0);
  const exponent = (frame[5] ?? 0) >> 3;
  const mantissa = (frame[5] ?? 0) & 0b111;
  const window = single ? length : 2 ** (exponent + 10) * (1 + mantissa / 8);
  const blocks = Buffer.from(frame.subarray(start));
  for (let at = 0; ; ) {
    const word = blocks.readUIntLE(at, 3);
    const rle = ((word >> 1) & 0b11) === 1;
    if ((word & 1) === 1) {
      blocks[at] = (blocks[at] ?? 0) & 0xfe;
      return { blocks, window };
    }
    at += 3 + (rle ? 1 : word >> 3);
  }
}
