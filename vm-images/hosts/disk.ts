/**
 * A host's disk: the machine's, changed by dpkg in the guest. What did not change keeps its place, so that host and machine
 * share most parts, and a browser that has one of them has most of the other.
 */
import { link, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { MemoryDisk } from '../../src/emulator/core/disk/memory-disk.ts';
import type { Chunked } from '../../src/shared/manifest.ts';
import { zeroUnusedBlocks } from '../builder/boot/ext4-free.ts';
import { installerInitramfs } from '../builder/boot/initramfs.ts';
import { diskChunkBytes, diskCompressionLevel } from '../builder/boot/parameters.ts';
import { publishChunks } from '../builder/boot/publish.ts';
import { runInstaller } from '../builder/boot/run-installer.ts';
import { sha256 } from '../builder/debian/download.ts';
import type { MachineTree } from '../builder/index.ts';
import { repositoryFolder } from '../builder/paths.ts';
import type { Reporter } from '../builder/progress.ts';
import { writeTar } from '../builder/tar.ts';
import type { HostRecipe } from './recipe.ts';

const decompress = promisify(zstdDecompress);
const sectorBytes = 512;
const mebibyte = 1024 * 1024;

export interface HostDiskOptions {
  readonly recipe: HostRecipe;
  readonly tree: MachineTree;
  /** The machine's disk, and the folder of its parts. */
  readonly base: Chunked;
  readonly baseFolder: string;
  /** Packages to install, by file name. */
  readonly packages: ReadonlyMap<string, Uint8Array>;
  /** Path of the installer. */
  readonly script: string;
  /** What it has to do for this host alone. */
  readonly ownScript: string;
  /** Gets the parts that are the host's own, and links to those that it shares. */
  readonly folder: string;
  readonly reporter: Reporter;
}

export async function buildHostDisk(options: HostDiskOptions): Promise<{ disk: Chunked; kernelVersion: string }> {
  const { recipe, tree, base, baseFolder, script, folder, reporter } = options;
  const stage = `Installing the host ${recipe.hostname}`;
  reporter.progress({ stage, step: 'disk', done: 0, total: 100 });
  const { disk, hashes } = await load(base, baseFolder);
  let kernelVersion = '';
  await runInstaller({
    vmlinuz: tree.kernel.vmlinuz,
    seabios: tree.bios.seabios,
    vgabios: tree.bios.vgabios,
    initrd: (await installerInitramfs(tree, await readFile(script, 'utf8'))).buffer,
    disks: [disk, payload(options)],
    settings: { epoch: tree.epoch },
    script: relative(repositoryFolder, script),
    onLine(line) {
      if (line.kind === 'stage') reporter.progress({ stage, step: line.name, done: { boot: 5, install: 40, purge: 60, configure: 80 }[line.name] ?? 95, total: 100 });
      else if (line.kind === 'kernel') kernelVersion = line.version;
    },
  });
  zeroUnusedBlocks(disk);
  const shared = new Map<number, NonNullable<Chunked['chunks'][number]>>();
  function* own(): Generator<Uint8Array | null> {
    let index = 0;
    for (const chunk of disk.export(diskChunkBytes)) {
      const part = base.chunks[index];
      const same = chunk !== null && part !== null && part !== undefined && hashes.get(index) === sha256(chunk);
      if (same) shared.set(index, part);
      yield same ? null : chunk;
      index++;
    }
  }
  const published = await publishChunks(folder, 'disk', base.bytes, own(), {
    chunkBytes: diskChunkBytes,
    level: diskCompressionLevel,
    onProgress: (done) => reporter.progress({ stage: `Compressing the disk of ${recipe.hostname}`, done, total: base.bytes }),
  });
  for (const { path } of shared.values()) await linkOnce(join(baseFolder, path), join(folder, path));
  return { disk: { ...published, chunks: published.chunks.map((part, index) => shared.get(index) ?? part) }, kernelVersion };
}

/** The disk, and the hash of each of its chunks. */
async function load(base: Chunked, folder: string): Promise<{ disk: MemoryDisk; hashes: ReadonlyMap<number, string> }> {
  const disk = new MemoryDisk(base.bytes);
  const hashes = new Map<number, string>();
  for (const [index, part] of base.chunks.entries()) {
    if (part === null) continue;
    const chunk = await decompress(await readFile(join(folder, part.path)));
    disk.write(index * base.chunkBytes, chunk);
    hashes.set(index, sha256(chunk));
  }
  return { disk, hashes };
}

function payload({ recipe, packages, ownScript }: HostDiskOptions): MemoryDisk {
  const list = (path: string, names: readonly string[]) => ({ path, kind: 'file' as const, content: Buffer.from(names.map((name) => `${name}\n`).join('')) });
  const archive = writeTar([
    ...[...packages].map(([name, content]) => ({ path: `packages/${name}`, kind: 'file' as const, content })),
    { path: 'own.sh', kind: 'file', content: Buffer.from(ownScript) },
    list('purge', recipe.purge),
    list('paths', recipe.purgePaths),
    list('groups', recipe.purgeGroups),
  ]);
  const disk = new MemoryDisk(Math.ceil(archive.length / mebibyte + 1) * mebibyte);
  const padded = new Uint8Array(Math.ceil(archive.length / sectorBytes) * sectorBytes);
  padded.set(archive);
  disk.write(0, padded);
  return disk;
}

/** Two chunks may have one part. */
async function linkOnce(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await link(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
