/** Unpacks parts. One decoder serves the whole realm: its WebAssembly memory is as large as the largest part. */
import { ZSTDDecoder } from 'zstddec';
import { DrydockError, reasonOf } from '../../../shared/errors.ts';

let decoder: Promise<ZSTDDecoder> | undefined;

/** `name` is for the error `part-invalid`, raised if the content does not unpack to `size` bytes. */
export async function decodeZstd(name: string, compressed: Uint8Array, size: number): Promise<Uint8Array> {
  decoder ??= start();
  const ready = await decoder;
  let raw: Uint8Array;
  try {
    raw = ready.decode(compressed, size);
  } catch (error) {
    throw new DrydockError('part-invalid', { part: name, reason: reasonOf(error) }, { cause: error });
  }
  if (raw.length !== size) throw new DrydockError('part-invalid', { part: name, reason: `it does not unpack to ${size} bytes` });
  return raw;
}

async function start(): Promise<ZSTDDecoder> {
  const fresh = new ZSTDDecoder();
  try {
    await fresh.init();
  } catch (error) {
    decoder = undefined;
    throw new DrydockError('wasm-unavailable', { reason: reasonOf(error) }, { cause: error });
  }
  return fresh;
}
