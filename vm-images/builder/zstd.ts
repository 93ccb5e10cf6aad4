/** Compresses with zstd. Unpacking is in debian/decompress.ts. */
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';

const compress = promisify(zstdCompress);

/**
 * Told the size, zstd makes its tables as large as that needs: fifteen times faster for data of some hundred kilobytes,
 * and smaller results.
 *
 * @param level 1 to 22
 */
export function zstd(data: Uint8Array, level: number): Promise<Buffer> {
  return compress(data, { pledgedSrcSize: data.length, params: { [constants.ZSTD_c_compressionLevel]: level } });
}
