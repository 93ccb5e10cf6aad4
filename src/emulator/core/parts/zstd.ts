/** Unpacks parts. One decoder serves the whole realm: its WebAssembly memory is as large as the largest part. */
import { ZSTDDecoder } from 'zstddec';
import { DrydockError, reasonOf } from '../../../shared/errors.ts';

let decoder: Promise<ZSTDDecoder> | undefined;

/** Unpacks at once. `name` is for the error `part-invalid`, raised if the content does not unpack to `size` bytes. */
export type Unpack = (name: string, compressed: Uint8Array, size: number) => Uint8Array;

/** Rejects with `wasm-unavailable`, or with `part-invalid` as `Unpack` does. */
export async function decodeZstd(name: string, compressed: Uint8Array, size: number): Promise<Uint8Array> {
  return (await zstdUnpacker())(name, compressed, size);
}

/** For those who cannot wait once they have begun. */
export async function zstdUnpacker(): Promise<Unpack> {
  decoder ??= start();
  const ready = await decoder;
  return (name, compressed, size) => unpack(ready, name, compressed, size);
}

function unpack(ready: ZSTDDecoder, name: string, compressed: Uint8Array, size: number): Uint8Array {
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
