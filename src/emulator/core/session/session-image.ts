/**
 * A machine as its learner left it, in bytes: what differs from the published image, compressed.
 *
 * gzip, because every browser packs it by itself; its check sum tells a damaged file. Inside: the length of a head (u32,
 * little endian), the head in JSON, v86's state, the numbers of the pages (u32 each), their contents.
 */
import { z } from 'zod';
import { decodeUtf8, encodeUtf8 } from '../../../shared/bytes.ts';
import { DrydockError, isDrydockError, reasonOf } from '../../../shared/errors.ts';
import type { SavedMemory } from '../memory/guest-memory.ts';
import { pageBytes } from '../memory/page-map.ts';

export interface SessionImage {
  /** `id` of the manifest of the image that it differs from. */
  imageId: string;
  /** v86's, without the memory; what was written to the disk is in it. */
  state: ArrayBuffer;
  /** Pages that are not as published. */
  memory: SavedMemory;
}

const headSchema = z.strictObject({
  version: z.literal(1),
  imageId: z.string().min(1),
  stateBytes: z.int().nonnegative().describe('Bytes of the state'),
  pages: z.int().nonnegative().describe('Number of pages'),
});

/** A head is a few hundred bytes. */
const largestHead = 4096;

/** The image as one compressed file. */
export async function packSession({ imageId, state, memory }: SessionImage): Promise<Blob> {
  const head = encodeUtf8(JSON.stringify({ version: 1, imageId, stateBytes: state.byteLength, pages: memory.pages.length } satisfies z.infer<typeof headSchema>));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, head.length, true);
  const numbers = new DataView(new ArrayBuffer(memory.pages.length * 4));
  memory.pages.forEach((page, index) => numbers.setUint32(index * 4, page, true));
  const whole = new Blob([length, head, state, numbers, memory.bytes]);
  return new Response(whole.stream().pipeThrough(new CompressionStream('gzip'))).blob();
}

/** Rejects with `session-invalid`. */
export async function unpackSession(file: Blob): Promise<SessionImage> {
  try {
    const buffer = await new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
    return parse(buffer);
  } catch (error) {
    if (isDrydockError(error)) throw error;
    throw new DrydockError('session-invalid', { reason: reasonOf(error) || 'it cannot be unpacked' }, { cause: error });
  }
}

function parse(buffer: ArrayBuffer): SessionImage {
  const view = new DataView(buffer);
  const headBytes = view.getUint32(0, true);
  if (headBytes > largestHead) throw invalid('its head is not one of a session');
  const { imageId, stateBytes, pages: count } = headSchema.parse(JSON.parse(decodeUtf8(new Uint8Array(buffer, 4, headBytes))));
  const stateStart = 4 + headBytes;
  const numbersStart = stateStart + stateBytes;
  const contentStart = numbersStart + count * 4;
  if (buffer.byteLength !== contentStart + count * pageBytes) throw invalid('it is cut short');
  const pages = Uint32Array.from({ length: count }, (_, index) => view.getUint32(numbersStart + index * 4, true));
  return { imageId, state: buffer.slice(stateStart, numbersStart), memory: { pages, bytes: new Uint8Array(buffer, contentStart) } };
}

function invalid(reason: string): DrydockError {
  return new DrydockError('session-invalid', { reason });
}
