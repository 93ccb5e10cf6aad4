/**
 * The image pipeline: tree -> disk -> saved state -> manifest, each stage cached by the hash of what goes into it.
 *
 *   <cache>/disk/<key>/    info.json, parts of the disk
 *   <cache>/image/<key>/   manifest.json and every part the browser downloads
 */
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { HostDeclaration } from '../../../src/network/connection.ts';
import { registryHosts } from '../../../src/network/registry/hosts.ts';
import { Authority } from '../../../src/network/tls/authority.ts';
import { chunkedSchema, manifestSchema, type Chunked, type ImageManifest, type Packed } from '../../../src/shared/manifest.ts';
import { sha256 } from '../debian/download.ts';
import { prepareMachineTree, type MachineTree } from '../index.ts';
import { cacheFolder, writeFileAtomically } from '../paths.ts';
import type { Reporter } from '../progress.ts';
import { buildFolder, readResult } from '../results.ts';
import { shareFolder } from '../share.ts';
import { emulatorIdentity, emulatorVersion } from './emulator.ts';
import { guestScript } from './initramfs.ts';
import { install, programSources } from './install.ts';
import { diskChunkBytes, diskCompressionLevel, installerMemoryBytes, machineParameters, memoryPartBytes, stateChunkBytes, stateCompressionLevel } from './parameters.ts';
import { publishMachine, type PublishedMachine } from './publish-machine.ts';
import { publishChunks, publishPacked } from './publish.ts';
import { waitForEngine } from './snapshot.ts';
import { machineCommands } from './trace.ts';

/** Raise when the code of a stage changes what it makes, so that old results are not taken for new ones. */
const diskStageVersion = 3;
const stateStageVersion = 8;

export interface BuildOptions {
  readonly frozen: boolean;
  readonly acceptExpired: boolean;
  readonly reporter: Reporter;
}

const diskInfoName = 'info.json';
const manifestName = 'manifest.json';

const diskInfoSchema = z.strictObject({
  disk: chunkedSchema,
  engineVersion: z.string(),
  kernelVersion: z.string(),
  images: z.array(z.strictObject({ name: z.string(), id: z.string() })),
});

type DiskInfo = z.infer<typeof diskInfoSchema>;

/**
 * Builds what is missing and returns the folder that holds the finished image.
 *
 * @param onDisk told as soon as the disk is finished, which the hosts begin with: a file for `readDisk`
 */
export async function buildImage(options: BuildOptions, onDisk: (file: string) => void): Promise<{ folder: string; manifest: ImageManifest; built: boolean }> {
  const tree = await prepareMachineTree({ frozen: options.frozen, acceptExpired: options.acceptExpired, reporter: options.reporter });
  const diskKey = await diskStageKey(tree);
  const imageKey = await imageStageKey(diskKey);
  const folder = join(cacheFolder(), 'image', imageKey);
  const finished = await readManifest(folder);
  if (finished !== undefined) {
    onDisk(join(folder, manifestName));
    return { folder, manifest: finished, built: false };
  }

  const diskFolder = join(cacheFolder(), 'disk', diskKey);
  const info = (await readResult(join(diskFolder, diskInfoName), diskInfoSchema)) ?? (await buildFolder(diskFolder, (building) => buildDisk(tree, building, options.reporter)));
  onDisk(join(diskFolder, diskInfoName));
  const manifest = await buildFolder(folder, (building) => buildState(tree, info, diskFolder, building, imageKey, options.reporter));
  return { folder, manifest, built: true };
}

async function diskStageKey(tree: MachineTree): Promise<string> {
  const programs = [...(await programSources())].map(([path, content]) => [path, sha256(content)]);
  return keyOf([diskStageVersion, tree.treeHash, programs, await guestScript('installer.sh'), await guestScript('install.sh'), await emulatorVersion(), machineParameters, installerMemoryBytes, diskChunkBytes, diskCompressionLevel]);
}

async function imageStageKey(diskKey: string): Promise<string> {
  const scripts = await Promise.all((['start.sh', 'warm-up.sh', 'quiesce.sh'] as const).map(guestScript));
  return keyOf([stateStageVersion, diskKey, ...scripts, await emulatorIdentity(), stateChunkBytes, memoryPartBytes, stateCompressionLevel]);
}

export function keyOf(parts: readonly unknown[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 32);
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
  await writeFileAtomically(join(folder, diskInfoName), JSON.stringify(info));
  return info;
}

async function buildState(tree: MachineTree, info: DiskInfo, diskFolder: string, folder: string, key: string, reporter: Reporter): Promise<ImageManifest> {
  const { mac, parts, firmware } = await publishMachine(
    folder,
    {
      tree,
      disk: info.disk,
      diskFolder,
      plan: { ready: waitForEngine, warmUp: await guestScript('warm-up.sh'), engine: true, hosts: emptyRegistry(new Authority(tree.authority)) },
      firstCommands: machineCommands,
      plays: [1, 2],
      level: stateCompressionLevel,
      whose: '',
    },
    reporter,
  );
  await shareFolder(join(diskFolder, 'disk'), join(folder, 'disk'));
  return writeManifest(folder, {
    id: key,
    tree,
    firmware,
    mac,
    parts,
    disk: info.disk,
    guest: { engineVersion: info.engineVersion, kernelVersion: info.kernelVersion, images: info.images },
  });
}

export interface FinishedMachine extends PublishedMachine {
  readonly id: string;
  readonly tree: MachineTree;
  readonly disk: Chunked;
  readonly guest: Omit<ImageManifest['guest'], keyof typeof machineParameters.guest>;
}

/** The last step of an image, of the machine or of a host: equal firmware gives equal parts, which the site holds once. */
export async function writeManifest(folder: string, { id, tree, firmware, mac, parts, disk, guest }: FinishedMachine): Promise<ImageManifest> {
  const packed = (file: ArrayBuffer): Promise<Packed> => publishPacked(folder, 'boot', new Uint8Array(file), stateCompressionLevel);
  const manifest: ImageManifest = manifestSchema.parse({
    schema: 4,
    id,
    emulator: { version: await emulatorVersion(), wasm: await packed(firmware.wasm) },
    machine: {
      memoryBytes: machineParameters.memoryBytes,
      vgaMemoryBytes: machineParameters.vgaMemoryBytes,
      network: { mac, ...machineParameters.network },
    },
    bios: await packed(firmware.seabios),
    vgaBios: await packed(firmware.vgabios),
    ...parts,
    disk,
    authority: tree.authority,
    guest: { ...machineParameters.guest, ...guest },
  } satisfies ImageManifest);
  await writeFileAtomically(join(folder, manifestName), JSON.stringify(manifest));
  return manifest;
}

/** A finished disk of the machine. @param file that `buildImage` told @returns the disk, and the folder of its parts */
export async function readDisk(file: string): Promise<{ disk: Chunked; folder: string }> {
  const found = await readResult(file, z.object({ disk: chunkedSchema }));
  if (found === undefined) throw new Error(`${file} is not there`);
  return { disk: found.disk, folder: dirname(file) };
}

/** What the warm-up calls: the content does not matter. */
function emptyRegistry(authority: Authority): HostDeclaration[] {
  const fetchBlob = (): never => {
    throw new Error('an empty registry has no blobs');
  };
  return registryHosts({ index: { schema: 1, repositories: [], images: {} }, fetchBlob, authority });
}

/** The manifest of an image that is known to be finished. */
export async function finishedManifest(folder: string): Promise<ImageManifest> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) throw new Error(`${folder} has no manifest`);
  return manifest;
}

/** Undefined where no finished image is. */
export function readManifest(folder: string): Promise<ImageManifest | undefined> {
  return readResult(join(folder, manifestName), manifestSchema);
}
