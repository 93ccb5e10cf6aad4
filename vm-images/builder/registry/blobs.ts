/** Content-addressed files of the registry: each named by its hash, compressed layers among them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { digestOf } from '../oci/image.ts';
import { writeFileAtomically } from '../paths.ts';

const compress = promisify(gzip);

/** What a manifest says of a blob. */
export interface Descriptor {
  readonly digest: string;
  readonly bytes: number;
}

/** Place of the byte in gzip's header that names the compressing system. */
const systemByte = 9;
const unknownSystem = 255;

/** The same bytes wherever this is built: without a time, which zlib leaves out by itself, and without the system's name. */
export async function gzipped(data: Uint8Array): Promise<Uint8Array> {
  const packed = await compress(data, { level: 9 });
  packed[systemByte] = unknownSystem;
  return packed;
}

/** Writes `<folder>/<sha256 in hex>`, unless it is there. */
export async function writeBlob(folder: string, data: Uint8Array): Promise<Descriptor> {
  const digest = digestOf(data);
  const path = join(folder, digest.replace('sha256:', ''));
  if (!existsSync(path)) await writeFileAtomically(path, data);
  return { digest, bytes: data.length };
}
