/**
 * The image pipeline: tree -> disk -> saved state -> manifest, each stage cached by the hash of what goes into it.
 *
 *   <cache>/disk/<key>/    info.json, parts of the disk
 *   <cache>/image/<key>/   manifest.json and every part the browser downloads
 */
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { ChunkedDisk } from '../../../src/emulator/core/disk/chunked-disk.ts';
import { chunkedSchema, manifestSchema, type Chunked, type ImageManifest } from '../../../src/shared/manifest.ts';
import { prepareMachineTree, type MachineTree } from '../index.ts';
import { cacheFolder, writeFileAtomically } from '../paths.ts';
import type { Reporter } from '../progress.ts';
import { buildingSuffix, dropOldResults } from '../results.ts';
import { shareFolder } from '../share.ts';
import { emulatorIdentity, emulatorVersion, emulatorWasm, recordingWasm } from './emulator.ts';
import { guestScript, machineInitramfs } from './initramfs.ts';
import { agentSources, install } from './install.ts';
import { diskChunkBytes, diskCompressionLevel, installerMemoryBytes, machineParameters, memoryPartBytes, stateChunkBytes, stateCompressionLevel } from './parameters.ts';
import { encodeHotCode } from '../../../src/emulator/core/hot-code/hot-code.ts';
import { publishMemory } from './publish-memory.ts';
import { compressPart, cut, publishChunks, publishPart, sha256 } from './publish.ts';
import { snapshot, waitForEngine } from './snapshot.ts';
import { machineCommands, tracePages } from './trace.ts';

const decompress = promisify(zstdDecompress);

/** Raise when the code of a stage changes what it makes, so that old results are not taken for new ones. */
const diskStageVersion = 1;
const stateStageVersion = 3;

export interface BuildOptions {
  readonly frozen: boolean;
  readonly acceptExpired: boolean;
  readonly reporter: Reporter;
}

const diskInfoSchema = z.strictObject({
  disk: chunkedSchema,
  engineVersion: z.string(),
  kernelVersion: z.string(),
  images: z.array(z.strictObject({ name: z.string(), id: z.string() })),
});

type DiskInfo = z.infer<typeof diskInfoSchema>;

/** Builds what is missing and returns the folder that holds the finished image. */
export async function buildImage(options: BuildOptions): Promise<{ folder: string; manifest: ImageManifest; built: boolean }> {
  const tree = await prepareMachineTree({ frozen: options.frozen, acceptExpired: options.acceptExpired, reporter: options.reporter });
  const diskKey = await diskStageKey(tree);
  const imageKey = await imageStageKey(diskKey);
  const folder = join(cacheFolder(), 'image', imageKey);
  const finished = await readManifest(folder);
  if (finished !== undefined) return { folder, manifest: finished, built: false };

  const diskFolder = join(cacheFolder(), 'disk', diskKey);
  const info = (await readDiskInfo(diskFolder)) ?? (await buildDisk(tree, diskFolder, options.reporter));
  const manifest = await buildState(tree, info, diskFolder, folder, imageKey, options.reporter);
  return { folder, manifest, built: true };
}

async function diskStageKey(tree: MachineTree): Promise<string> {
  const agent = [...(await agentSources())].map(([name, content]) => [name, sha256(content)]);
  return keyOf([diskStageVersion, tree.treeHash, agent, await guestScript('install.sh'), await emulatorVersion(), machineParameters, installerMemoryBytes, diskChunkBytes, diskCompressionLevel]);
}

async function imageStageKey(diskKey: string): Promise<string> {
  const scripts = await Promise.all((['start.sh', 'warm-up.sh', 'quiesce.sh'] as const).map(guestScript));
  return keyOf([stateStageVersion, diskKey, ...scripts, await emulatorIdentity(), stateChunkBytes, memoryPartBytes, stateCompressionLevel]);
}

export function keyOf(parts: readonly unknown[]): string {
  return sha256(new TextEncoder().encode(JSON.stringify(parts))).slice(0, 32);
}

async function buildDisk(tree: MachineTree, folder: string, reporter: Reporter): Promise<DiskInfo> {
  const installed = await install(
    {
      rootTar: tree.rootTar,
      installerTar: tree.installerTar,
      compilerTar: tree.compilerTar,
      dockerArchive: tree.dockerArchive,
      vmlinuz: tree.kernel.vmlinuz,
      seabios: tree.bios.seabios,
      vgabios: tree.bios.vgabios,
      epoch: tree.epoch,
    },
    reporter,
  );
  const size = machineParameters.diskBytes;
  const disk = await publishChunks(folder, 'disk', size, installed.disk.export(diskChunkBytes), {
    chunkBytes: diskChunkBytes,
    level: diskCompressionLevel,
    onProgress: (done) => reporter.progress({ stage: 'Compressing the disk', done, total: size }),
  });
  const info: DiskInfo = { disk, engineVersion: installed.engineVersion, kernelVersion: installed.kernelVersion, images: [...installed.images] };
  await writeFileAtomically(join(folder, 'info.json'), JSON.stringify(info));
  await dropOldResults(dirname(folder));
  return info;
}

async function readDiskInfo(folder: string): Promise<DiskInfo | undefined> {
  const text = await readFile(join(folder, 'info.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : diskInfoSchema.parse(JSON.parse(text));
}

async function buildState(tree: MachineTree, info: DiskInfo, diskFolder: string, folder: string, key: string, reporter: Reporter): Promise<ImageManifest> {
  const seabios = await readBuffer(tree.bios.seabios);
  const vgabios = await readBuffer(tree.bios.vgabios);
  const wasm = await emulatorWasm();
  const saved = await snapshot(
    {
      wasm,
      disk: diskOver(info.disk, diskFolder),
      vmlinuz: await readBuffer(tree.kernel.vmlinuz),
      initrd: (await machineInitramfs(tree)).buffer,
      seabios,
      vgabios,
    },
    { ready: waitForEngine, warmUp: await guestScript('warm-up.sh'), engine: true },
    reporter,
  );
  const trace = await tracePages(
    { wasm, recordingWasm: await recordingWasm(), disk: diskOver(info.disk, diskFolder), seabios, vgabios, snapshot: saved, firstCommands: machineCommands, engine: true },
    reporter,
  );
  const building = `${folder}${buildingSuffix}`;
  await rm(building, { recursive: true, force: true });
  const stateBytes = new Uint8Array(saved.state);
  const state = await publishChunks(building, 'state', stateBytes.length, cut(stateBytes, stateChunkBytes), {
    chunkBytes: stateChunkBytes,
    level: stateCompressionLevel,
    onProgress: (done) => reporter.progress({ stage: 'Compressing the state', done, total: stateBytes.length }),
  });
  const memory = await publishMemory(building, saved.memory, trace, (done, total) => reporter.progress({ stage: 'Compressing the memory', done, total }));
  const code = encodeHotCode(trace.code);
  await shareFolder(join(diskFolder, 'disk'), join(building, 'disk'));
  const manifest: ImageManifest = manifestSchema.parse({
    schema: 3,
    id: key,
    emulator: { version: await emulatorVersion(), wasm: await publishPart(building, 'boot', '.wasm', new Uint8Array(wasm)) },
    machine: {
      memoryBytes: machineParameters.memoryBytes,
      vgaMemoryBytes: machineParameters.vgaMemoryBytes,
      network: { mac: saved.mac, ...machineParameters.network },
    },
    bios: await publishPart(building, 'boot', '.bin', new Uint8Array(seabios)),
    vgaBios: await publishPart(building, 'boot', '.bin', new Uint8Array(vgabios)),
    state,
    memory,
    hotCode: { bytes: code.length, part: await compressPart(building, 'memory', code, stateCompressionLevel) },
    disk: info.disk,
    authority: tree.authority,
    guest: { ...machineParameters.guest, engineVersion: info.engineVersion, kernelVersion: info.kernelVersion, images: info.images },
  } satisfies ImageManifest);
  await writeFileAtomically(join(building, 'manifest.json'), JSON.stringify(manifest));
  await rm(folder, { recursive: true, force: true });
  await rename(building, folder);
  await dropOldResults(dirname(folder));
  return manifest;
}

/** The published disk, read back from its parts: the saved state then refers to exactly what a browser will get. */
export function diskOver(disk: Chunked, folder: string): ChunkedDisk {
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

export async function readManifest(folder: string): Promise<ImageManifest | undefined> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : manifestSchema.parse(JSON.parse(text));
}

export async function readBuffer(path: string): Promise<ArrayBuffer> {
  return new Uint8Array(await readFile(path)).buffer;
}
