/**
 * SHA-256 in hex wherever the code runs.
 *
 * `crypto.subtle` is fast but exists only in secure contexts; a lab served over plain http on a LAN has none, so that
 * the JavaScript of @noble/hashes takes over there.
 */
import { sha256 as sha256Portable } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** SHA-256 of the bytes, 64 lower-case hex digits. `subtle` is replaceable for tests only. */
export async function sha256Hex(
  bytes: Uint8Array<ArrayBuffer>,
  subtle: Pick<SubtleCrypto, 'digest'> | undefined = crypto.subtle,
): Promise<string> {
  const digest = subtle === undefined ? sha256Portable(bytes) : new Uint8Array(await subtle.digest('SHA-256', bytes));
  return bytesToHex(digest);
}
