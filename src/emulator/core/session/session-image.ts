/**
 * A machine in bytes, as its learner left it or with a lesson's start made: what differs from the published image.
 *
 * The length of a head (u32, little endian), the head in JSON, v86's state, the numbers of the pages (u32 each), their
 * contents. A learner's is compressed with gzip, because every browser packs it by itself; its check sum tells a damaged file.
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

/** The image as one file, compressed with gzip. */
export async function packSession(image: SessionImage): Promise<Blob> {
  return new Response(new Blob(sessionBytes(image)).stream().pipeThrough(new CompressionStream('gzip'))).blob();
}

/** The image, not compressed: the parts of which it is put together. */
export function sessionBytes({ imageId, state, memory }: SessionImage): Uint8Array<ArrayBuffer>[] {
  const head = encodeUtf8(JSON.stringify({ version: 1, imageId, stateBytes: state.byteLength, pages: memory.pages.length } satisfies z.infer<typeof headSchema>));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length, true);
  const numbers = new Uint8Array(memory.pages.length * 4);
  const view = new DataView(numbers.buffer);
  memory.pages.forEach((page, index) => view.setUint32(index * 4, page, true));
  return [length, head, new Uint8Array(state), numbers, memory.bytes];
}

/** Rejects with `session-invalid`. */
export async function unpackSession(file: Blob): Promise<SessionImage> {
  try {
    const buffer = await new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
    return parseSession(buffer);
  } catch (error) {
    if (isDrydockError(error)) throw error;
    throw new DrydockError('session-invalid', { reason: reasonOf(error) || 'it cannot be unpacked' }, { cause: error });
  }
}

/** Reads what `sessionBytes` gave. Throws what it stumbles over, or `session-invalid`. */
export function parseSession(buffer: ArrayBuffer): SessionImage {
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
