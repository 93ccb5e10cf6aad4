/** Builds the machine's archives from fetched packages: root, installer, compiler, kernel, firmware. */
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PublishedAuthority } from '../../src/shared/manifest.ts';
import type { Store } from './debian/download.ts';
import { groupPackages, type Lock, type LockedPackage } from './lock.ts';
import type { Reporter } from './progress.ts';
import type { Recipe } from './recipe.ts';
import { tarPieces, type TarEntry } from './tar.ts';
import { configureSystem, configureTree } from './tree/configure.ts';
import { installAuthority } from './tree/certificates.ts';
import { dropModules, kernelVersion, selectModules } from './tree/kernel.ts';
import { unpackFiles, unpackPackages } from './tree/packages.ts';
import { Tree } from './tree/tree.ts';

const stage = 'Unpacking packages';

export interface ArchiveOptions {
  readonly recipe: Recipe;
  /** As fetched. */
  readonly lock: Lock;
  /** Of the lab, for the machine to trust. */
  readonly authority: PublishedAuthority;
  readonly debs: Store;
  /** Time of what the builder makes itself, in seconds since 1970. */
  readonly epoch: number;
  /** Folder for the results. */
  readonly folder: string;
  /** `recipe/files`. */
  readonly files: string;
  readonly reporter: Reporter;
}

export interface Archives {
  readonly kernelVersion: string;
  /** Bytes of all files of the machine's root. */
  readonly rootBytes: number;
}

/** Writes `root.tar`, `installer.tar`, `compiler.tar`, `modules.tar`, `vmlinuz`, `seabios.bin` and `vgabios.bin`. */
export async function buildArchives(options: ArchiveOptions): Promise<Archives> {
  const { recipe, lock, folder, epoch, debs } = options;
  await mkdir(folder, { recursive: true });
  const groups = ['machine', 'kernel', 'firmware', 'installer', 'compiler'] as const;
  const total = groups.flatMap((group) => groupPackages(lock, group)).reduce((sum, entry) => sum + entry.size, 0);
  let done = 0;
  const onPackage = (entry: LockedPackage): void => {
    done += entry.size;
    options.reporter.progress({ stage, done, total });
  };
  const plainTree = async (group: 'firmware' | 'installer' | 'compiler'): Promise<Tree> => {
    const tree = new Tree(epoch);
    await unpackFiles(tree, { debs, packages: groupPackages(lock, group), exclude: recipe.machine[group].exclude, onPackage });
    return tree;
  };

  const firmware = await plainTree('firmware');
  await writeFile(join(folder, 'seabios.bin'), firmware.read('usr/share/seabios/bios.bin'));
  await writeFile(join(folder, 'vgabios.bin'), firmware.read('usr/share/seabios/vgabios-stdvga.bin'));
  await writeTarFile(join(folder, 'installer.tar'), (await plainTree('installer')).entries());
  await writeTarFile(join(folder, 'compiler.tar'), (await plainTree('compiler')).entries());

  const root = new Tree(epoch);
  const packages = groupPackages(lock, 'machine');
  const { machine, kernel } = recipe.machine;
  const common = { debs, onPackage, keep: machine.keep };
  await unpackPackages(root, { ...common, packages, exclude: machine.exclude });
  await unpackPackages(root, { ...common, packages: groupPackages(lock, 'kernel'), exclude: kernel.exclude });
  const version = kernelVersion(root);
  dropModules(root, selectModules(root, kernel.modules));
  await writeTarFile(join(folder, 'modules.tar'), root.entries().filter((entry) => entry.path.startsWith('usr/lib/modules/')));
  // The emulator is handed the kernel; the machine has no boot loader that would read it.
  const vmlinuz = `boot/vmlinuz-${version}`;
  await writeFile(join(folder, 'vmlinuz'), root.read(vmlinuz));
  root.remove(vmlinuz);
  if (machine.certificates) installAuthority(root, options.authority);
  await configureTree(root, machine, options.files);
  configureSystem(root, machine);
  await writeTarFile(join(folder, 'root.tar'), root.entries());
  return { kernelVersion: version, rootBytes: root.bytes() };
}

/** Writes an archive piece by piece. */
export async function writeTarFile(path: string, entries: readonly TarEntry[]): Promise<void> {
  await pipeline(Readable.from(tarPieces(entries), { objectMode: true }), createWriteStream(path));
}
