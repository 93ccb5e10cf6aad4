/** A finished disk -> the running machine, saved, and traced through a learner's first minutes -> what a browser downloads of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { ChunkedDisk } from '../../../src/emulator/core/disk/chunked-disk.ts';
import { encodeHotCode } from '../../../src/emulator/core/hot-code/hot-code.ts';
import type { Chunked, ImageManifest } from '../../../src/shared/manifest.ts';
import type { MachineTree } from '../index.ts';
import type { Reporter } from '../progress.ts';
import { emulatorWasm, recordingWasm } from './emulator.ts';
import { machineInitramfs } from './initramfs.ts';
import { stateChunkBytes } from './parameters.ts';
import { publishMemory } from './publish-memory.ts';
import { cut, publishChunks, publishPacked } from './publish.ts';
import { readBuffer } from './read-buffer.ts';
import { snapshot, type SnapshotPlan } from './snapshot.ts';
import { tracePages } from './trace.ts';

const decompress = promisify(zstdDecompress);

export interface MachineToPublish {
  readonly tree: MachineTree;
  /** As published, and the folder of its parts. */
  readonly disk: Chunked;
  readonly diskFolder: string;
  readonly plan: SnapshotPlan;
  /** What learners do first; the code that runs then is recorded, to be compiled ahead. */
  readonly firstCommands: readonly string[];
  /** How often they are played to see what they need: of each machine, see `tracePages`. */
  readonly plays: readonly number[];
  /** Of zstd. */
  readonly level: number;
  /** For the progress line, such as ` of debian`; empty for the machine. */
  readonly whose: string;
}

export interface PublishedMachine {
  readonly mac: string;
  readonly parts: Pick<ImageManifest, 'state' | 'memory' | 'hotCode'>;
  /** What it was booted with. */
  readonly firmware: { readonly wasm: ArrayBuffer; readonly seabios: ArrayBuffer; readonly vgabios: ArrayBuffer };
}

/** @param folder gets the parts */
export async function publishMachine(folder: string, machine: MachineToPublish, reporter: Reporter): Promise<PublishedMachine> {
  const { tree, plan, level, whose } = machine;
  const firmware = { wasm: await emulatorWasm(), seabios: await readBuffer(tree.bios.seabios), vgabios: await readBuffer(tree.bios.vgabios) };
  const disk = (): ChunkedDisk => diskOver(machine.disk, machine.diskFolder);
  const saved = await snapshot({ ...firmware, disk: disk(), vmlinuz: await readBuffer(tree.kernel.vmlinuz), initrd: (await machineInitramfs(tree)).buffer }, plan, reporter);
  const recording = await recordingWasm();
  const trace = await tracePages({ ...firmware, recordingWasm: recording, disk: disk(), snapshot: saved, firstCommands: machine.firstCommands, plays: machine.plays, engine: plan.engine }, reporter);
  const bytes = new Uint8Array(saved.state);
  const state = await publishChunks(folder, 'state', bytes.length, cut(bytes, stateChunkBytes), {
    chunkBytes: stateChunkBytes,
    level,
    onProgress: (done) => reporter.progress({ stage: `Compressing the state${whose}`, done, total: bytes.length }),
  });
  const memory = await publishMemory(folder, saved.memory, trace, level, (done, total) => reporter.progress({ stage: `Compressing the memory${whose}`, done, total }));
  return { mac: saved.mac, parts: { state, memory, hotCode: await publishPacked(folder, 'memory', encodeHotCode(trace.code), level) }, firmware };
}

/** The published disk, read back from its parts: the saved state then refers to exactly what a browser will get. */
function diskOver(disk: Chunked, folder: string): ChunkedDisk {
  return new ChunkedDisk({
    byteLength: disk.bytes,
    chunkBytes: disk.chunkBytes,
    cacheBytes: disk.bytes,
    isZeroChunk: (index) => disk.chunks[index] === null,
    source: async (index) => {
      const part = disk.chunks[index];
      if (part === null || part === undefined) throw new Error(`chunk ${index} has no part`);
      return new Uint8Array(await decompress(await readFile(join(folder, part.path))));
    },
  });
}
