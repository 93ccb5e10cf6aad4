/** Downloads what is needed before an image can run: manifest, emulator, firmware, saved state. The disk comes later. */
import v86Package from 'v86/package.json' with { type: 'json' };
import { DrydockError, reasonOf } from '../../../shared/errors.ts';
import { manifestSchema, type ImageManifest, type Packed, type Part } from '../../../shared/manifest.ts';
import type { StartState } from '../../../shared/starts.ts';
import type { LoadedThing } from '../lifecycle.ts';
import type { MachineOptions } from '../machine.ts';
import { decodeHotCode, type HotPage } from '../hot-code/hot-code.ts';
import { loadStart, startBytes, type LoadedMemory } from '../memory/load-memory.ts';
import { downloadBytes, loadChunked, type Progress } from '../parts/chunks.ts';
import { decodeZstd } from '../parts/zstd.ts';
import type { PartFetcher } from '../parts/part-fetcher.ts';
import { parseSession, type SessionImage } from '../session/session-image.ts';
import { compileEmulator } from '../wasm.ts';

export interface LoadedImage {
  wasm: MachineOptions['wasm'];
  bios: ArrayBuffer;
  vgaBios: ArrayBuffer;
  state: ArrayBuffer;
  /** Missing where the state has the memory in it, as one that was saved in a test. */
  memory?: LoadedMemory;
  /** Code to compile early; none where the state was saved in a test. */
  hotCode?: readonly HotPage[];
  /** What differs from it where the start of an exercise is made. */
  start?: SessionImage;
}

export type OnProgress = (what: LoadedThing, progress: Progress) => void;

/** The manifest is the one file that changes under its name: a browser must ask the server about it. */
const manifestRequest = { cache: 'no-cache' } as const;
/** It is a few hundred kilobytes at most. */
const manifestMilliseconds = 30_000;

/** Rejects with `manifest-missing`, `manifest-invalid`, `state-unrestorable` (other v86) or the signal's reason. */
export async function loadManifest(url: string, signal: AbortSignal, fetchFunction: typeof fetch = (input, init) => fetch(input, init)): Promise<ImageManifest> {
  let content: unknown;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(manifestMilliseconds)]);
  try {
    const response = await fetchFunction(url, { ...manifestRequest, signal: limited });
    if (!response.ok) throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
    content = await response.json();
  } catch (error) {
    signal.throwIfAborted();
    throw new DrydockError('manifest-missing', { url, reason: reasonOf(error) }, { cause: error });
  }
  const parsed = manifestSchema.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const reason = issue === undefined ? 'unknown' : `${issue.path.join('.') || 'the whole file'}: ${issue.message}`;
    throw new DrydockError('manifest-invalid', { url, reason });
  }
  const { version } = parsed.data.emulator;
  if (release(version) !== release(v86Package.version)) {
    throw new DrydockError('state-unrestorable', { reason: `it was saved by v86 ${version}, this page has ${v86Package.version}` });
  }
  return parsed.data;
}

/** Rejects as `PartFetcher` does, or with `part-invalid` or `wasm-unavailable`. */
export async function loadImage(manifest: ImageManifest, fetcher: PartFetcher, signal: AbortSignal, onProgress: OnProgress, start?: StartState): Promise<LoadedImage> {
  const packed = [manifest.emulator.wasm, manifest.bios, manifest.vgaBios, manifest.hotCode, ...(start ? [start] : [])];
  const smallBytes = packed.reduce((sum, { part }) => sum + part.bytes, 0);
  const totalBytes = smallBytes + downloadBytes(manifest.state) + startBytes(manifest.memory);
  const received = new Map<Part, number>();
  let stateReceived = 0;
  let memoryReceived = 0;
  const report = (what: LoadedThing): void => {
    const sum = [...received.values()].reduce((total, bytes) => total + bytes, 0);
    onProgress(what, { receivedBytes: sum + stateReceived + memoryReceived, totalBytes });
  };
  const abandon = new AbortController();
  const either = AbortSignal.any([signal, abandon.signal]);
  const fetchPacked = async ({ part, bytes: size }: Packed): Promise<Uint8Array<ArrayBuffer>> => {
    const compressed = await fetcher.fetch(part, {
      signal: either,
      onProgress(count) {
        received.set(part, count);
        report('emulator');
      },
    });
    return Uint8Array.from(await decodeZstd(part.path, compressed, size));
  };
  report('emulator');
  try {
    const [wasm, bios, vgaBios, hotCode, own, state, memory] = await Promise.all([
      // Compiled on other threads while the rest comes.
      fetchPacked(manifest.emulator.wasm).then(({ buffer }) => compileEmulator(buffer)),
      fetchPacked(manifest.bios),
      fetchPacked(manifest.vgaBios),
      fetchPacked(manifest.hotCode),
      start && fetchPacked(start),
      loadChunked(manifest.state, fetcher, either, (progress) => {
        stateReceived = progress.receivedBytes;
        report('state');
      }),
      loadStart(manifest.memory, manifest.machine.memoryBytes, fetcher, either, (progress) => {
        memoryReceived = progress.receivedBytes;
        report('state');
      }),
    ]);
    return {
      wasm, state, memory,
      bios: bios.buffer,
      vgaBios: vgaBios.buffer,
      hotCode: decodeHotCode(hotCode),
      ...(own && { start: parseSession(own.buffer) }),
    };
  } catch (error) {
    abandon.abort();
    throw error;
  }
}

/** The release without the build part: npm's `0.5.462` and the package's own `0.5.462+g5f9a90f` are one. */
function release(version: string): string {
  return version.split('+')[0] ?? version;
}
