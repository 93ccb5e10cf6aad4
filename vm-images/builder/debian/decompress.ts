/** The compressions of Debian's indexes and packages: xz, zstd, gzip, none. */
import { createRequire } from 'node:module';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

// The package is a CommonJS bundle whose named exports Node cannot see from a module.
const { XzReadableStream } = createRequire(import.meta.url)('xz-decompress') as typeof import('xz-decompress');

/** @param name a file name, by whose suffix the compression is told */
export async function decompress(name: string, data: Uint8Array<ArrayBuffer>): Promise<Buffer> {
  if (name.endsWith('.xz')) return decompressXz(data);
  if (name.endsWith('.zst')) return zstdDecompressSync(data);
  if (name.endsWith('.gz')) return gunzipSync(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

async function decompressXz(data: Uint8Array<ArrayBuffer>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const stream = new XzReadableStream(new Blob([data]).stream());
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts);
    parts.push(value);
  }
}
