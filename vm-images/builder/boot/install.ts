/**
 * Makes the root disk: the file system is written here, and a v86 in this process boots an installer that compiles and
 * configures on it what needs the guest.
 *
 * Nothing of the building machine is used but Node, so that the same build works on Linux, macOS and Windows. Unpacking
 * in the guest as well would be less code but took eight minutes; see docs/performance.md.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryDisk } from '../../../src/emulator/core/disk/memory-disk.ts';
import { imagesFolder } from '../paths.ts';
import type { Reporter } from '../progress.ts';
import { writeExt4 } from '../ext4/write.ts';
import { readTar, writeTar } from '../tar.ts';
import { zeroUnusedBlocks } from './ext4-free.ts';
import { guestScript, installerInitramfs } from './initramfs.ts';
import { knownLayers } from './known-layers.ts';
import { machineParameters } from './parameters.ts';
import { runInstaller } from './run-installer.ts';

const mebibyte = 1024 * 1024;

/** The stages of install.sh with their share of the time, for the progress line. */
const stages: Readonly<Record<string, number>> = { write: 8, boot: 30, compile: 4, configure: 8, images: 45, finish: 5 };

export interface InstallSources {
  readonly rootTar: string;
  readonly installerTar: string;
  readonly compilerTar: string;
  readonly dockerArchive: string;
  readonly vmlinuz: string;
  readonly seabios: string;
  readonly vgabios: string;
  /** Seconds since 1970 that the installation believes it is. */
  readonly epoch: number;
}

export interface Installed {
  readonly disk: MemoryDisk;
  readonly engineVersion: string;
  readonly kernelVersion: string;
  /** Container images as the engine lists them. */
  readonly images: readonly { readonly name: string; readonly id: string }[];
}

/** Folders of the programs that the guest compiles for itself; install.sh says how. */
const programFolders = ['agent', 'build-steps', 'cli-plugins', 'common', 'modprobe', 'shim', 'system-calls'];

/** Their sources, by path below vm-images. */
export async function programSources(): Promise<ReadonlyMap<string, Uint8Array>> {
  const paths = await Promise.all(programFolders.map(async (folder) => (await readdir(join(imagesFolder, folder))).map((name) => `${folder}/${name}`)));
  const sources = paths.flat().filter((path) => /\.[ch]$/.test(path)).sort();
  return new Map(await Promise.all(sources.map(async (path) => [path, await readFile(join(imagesFolder, path))] as const)));
}

export async function install(sources: InstallSources, reporter: Reporter): Promise<Installed> {
  const share = stageProgress(reporter);
  share('write');
  const disk = new MemoryDisk(machineParameters.diskBytes);
  const root = [...readTar(await readFile(sources.rootTar))];
  const images = await readFile(sources.dockerArchive);
  const known = await knownLayers(readTar(images), new Set(root.map(({ path }) => path)));
  writeExt4([...root, ...known], disk, {
    bytes: machineParameters.diskBytes,
    uuid: machineParameters.diskUuid,
    label: 'drydock',
    epoch: sources.epoch,
  });
  const payload = await installerPayload(sources, images);
  const outcome = await configure(sources, disk, payload, share);
  const cleared = zeroUnusedBlocks(disk);
  reporter.warn(`cleared ${Math.round(cleared / mebibyte)} MiB of leftovers on the disk`);
  return { disk, ...outcome };
}

interface Payload {
  readonly disk: MemoryDisk;
  /** Offsets in MiB. */
  readonly build: number;
  readonly images: number;
}

/** The second disk: two archives one after the other, each at a whole MiB. */
async function installerPayload(sources: InstallSources, dockerArchive: Uint8Array): Promise<Payload> {
  const programs = writeTar([...(await programSources())].map(([path, content]) => ({ path, kind: 'file' as const, mode: 0o644, content })));
  const compiler = await readFile(sources.compilerTar);
  const archives = [joinTars(compiler, programs), dockerArchive];
  const offsets: number[] = [];
  let size = 0;
  for (const archive of archives) {
    offsets.push(size);
    size += Math.ceil((archive.length + mebibyte) / mebibyte);
  }
  const disk = new MemoryDisk(size * mebibyte);
  archives.forEach((archive, index) => {
    const padded = new Uint8Array(Math.ceil(archive.length / 512) * 512);
    padded.set(archive);
    disk.write((offsets[index] ?? 0) * mebibyte, padded);
  });
  const [build = 0, images = 0] = offsets;
  return { disk, build, images };
}

/** Two archives as one: the first one's end marks are cut off. */
function joinTars(first: Uint8Array, second: Uint8Array): Uint8Array {
  let end = first.length;
  while (end >= 512 && first.subarray(end - 512, end).every((byte) => byte === 0)) end -= 512;
  const joined = new Uint8Array(end + second.length);
  joined.set(first.subarray(0, end));
  joined.set(second, end);
  return joined;
}

async function configure(sources: InstallSources, disk: MemoryDisk, payload: Payload, share: (stage: string) => void): Promise<Omit<Installed, 'disk'>> {
  const images: { name: string; id: string }[] = [];
  let engineVersion = '';
  let kernelVersion = '';
  await runInstaller({
    ...sources,
    initrd: (await installerInitramfs(sources, await guestScript('install.sh'))).buffer,
    disks: [disk, payload.disk],
    settings: { build: payload.build, images: payload.images, epoch: sources.epoch },
    script: 'vm-images/builder/boot/guest/install.sh',
    onLine(line) {
      if (line.kind === 'stage') share(line.name);
      else if (line.kind === 'image') images.push({ name: line.name, id: line.id });
      else if (line.kind === 'engine') engineVersion = line.version;
      else if (line.kind === 'kernel') kernelVersion = line.version;
    },
  });
  return { engineVersion, kernelVersion, images };
}

function stageProgress(reporter: Reporter): (stage: string) => void {
  const total = Object.values(stages).reduce((sum, share) => sum + share, 0);
  return (stage) => {
    let done = 0;
    for (const [name, share] of Object.entries(stages)) {
      if (name === stage) break;
      done += share;
    }
    reporter.progress({ stage: 'Installing the machine', step: stage, done, total });
  };
}
