/**
 * v86.wasm as Drydock runs it: the npm package's module, with what v86 has no option for.
 *
 * Made at build time from exactly one version of the package, known by its hash: a transformation that relies on names
 * and addresses inside a binary must not meet another one.
 */
import { createHash } from 'node:crypto';
import binaryen from 'binaryen';
import { BuildError } from '../errors.ts';
import { addHotCode } from './hot-code.ts';
import { addMissingPages } from './missing-pages.ts';

/** SHA-256 of build/v86.wasm in v86 0.5.462 of the npm registry. */
export const knownSha256 = 'aa0d0e149d6b60063b85de4871e78505637ce92821e14a9f9802c4008ba2336e';

/** Raise when the transformation changes, so that images are built anew. */
export const transformVersion = 2;

/** @param record the variant that tells which code the guest runs; for the builder only */
export function transformEmulator(original: Uint8Array, { record = false } = {}): Uint8Array<ArrayBuffer> {
  const hash = createHash('sha256').update(original).digest('hex');
  if (hash !== knownSha256) {
    throw new BuildError(
      'emulator-unknown',
      `v86.wasm has the hash ${hash}; the transformation was made for ${knownSha256}`,
      'install the version of package-lock.json, or set DRYDOCK_V86=original to build with an unchanged emulator',
    );
  }
  const module = binaryen.readBinary(original);
  try {
    addMissingPages(module);
    addHotCode(module, record);
    if (!module.validate()) throw new BuildError('emulator-unknown', 'the transformed v86.wasm is not valid', 'set DRYDOCK_V86=original and report this');
    return Uint8Array.from(module.emitBinary());
  } finally {
    module.dispose();
  }
}
