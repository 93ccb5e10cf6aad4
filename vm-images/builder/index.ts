/**
 * The part of the image builder that needs no running machine: from recipe and lock to the archives that the machine is
 * installed from. Everything is kept in the cache by the hash of what it was made of.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { deriveAuthority } from '../../src/network/tls/authority.ts';
import type { PublishedAuthority } from '../../src/shared/manifest.ts';
import { buildArchives } from './archives.ts';
import { bringPackages } from './bring.ts';
import { sha256 } from './debian/download.ts';
import { machineInputHash, machineLockGroups } from './inputs.ts';
import { epochOf, formatLock, readLock, restrictLock, type Lock } from './lock.ts';
import { buildImages } from './oci/images.ts';
import { cacheFolder, lockFile, recipeFolder, writeFileAtomically } from './paths.ts';
import { silentReporter, type Reporter } from './progress.ts';
import { readRecipe, selectionHash } from './recipe.ts';
import { buildFolder, readResult } from './results.ts';

export interface PrepareOptions {
  /** Refuse when the mirror no longer has a locked package. */
  readonly frozen?: boolean;
  /** Take signed indexes past their date; they are read only when a locked package is gone. */
  readonly acceptExpired?: boolean;
  readonly reporter?: Reporter;
  readonly signal?: AbortSignal;
}

const resultSchema = z.strictObject({
  kernelVersion: z.string(),
  rootBytes: z.int(),
  images: z.array(z.strictObject({ name: z.string(), id: z.string() })),
});

type Result = z.infer<typeof resultSchema>;

export interface MachineTree {
  /** The machine's root file system, kernel modules included. */
  readonly rootTar: string;
  /** Holds busybox at usr/bin/busybox. */
  readonly installerTar: string;
  /** tcc and headers, to be laid over the root. */
  readonly compilerTar: string;
  readonly kernel: { readonly vmlinuz: string; readonly version: string; readonly modulesTar: string };
  readonly bios: { readonly seabios: string; readonly vgabios: string };
  /** For `docker load`: the container images that are there from the start. */
  readonly dockerArchive: string;
  /** Names and ids (`sha256:...`) of the images in it. */
  readonly images: readonly { readonly name: string; readonly id: string }[];
  /** The certificate authority that the machine trusts. */
  readonly authority: PublishedAuthority;
  /** Bytes of all files of the root. */
  readonly rootBytes: number;
  /** Time stamp of what the builder generates, in seconds since 1970. */
  readonly epoch: number;
  /** Identity of all of the above. */
  readonly treeHash: string;
  readonly lockHash: string;
}

/** @throws BuildError whatever goes wrong on the way; nothing half-built is kept */
export async function prepareMachineTree(options: PrepareOptions = {}): Promise<MachineTree> {
  const reporter = options.reporter ?? silentReporter;
  const recipe = await readRecipe(recipeFolder);
  const lock = restrictLock(await readLock(lockFile, selectionHash(recipe)), machineLockGroups(recipe.images));
  const cache = cacheFolder();
  const input = await machineInputHash(recipe.images);
  const finished = await finishedTree(cache, lock, lock, input);
  if (finished !== undefined) return finished;

  const { lock: fetched, debs } = await bringPackages(recipe, lock, options);
  const substituted = await finishedTree(cache, lock, fetched, input);
  if (substituted !== undefined) return substituted;

  const hash = treeHash(fetched, input);
  const folder = treeFolder(cache, hash);
  const result = await buildFolder(folder, async (building) => {
    const shared = { recipe, lock: fetched, authority: deriveAuthority(hash), debs, epoch: epochOf(lock), files: join(recipeFolder, 'files'), folder: building, reporter };
    const made: Result = { ...(await buildArchives(shared)), images: await buildImages(shared) };
    await writeFileAtomically(join(building, 'result.json'), JSON.stringify(made, undefined, 2));
    return made;
  });
  return describeTree(folder, result, lock, hash);
}

function treeFolder(cache: string, hash: string): string {
  return join(cache, 'tree', hash.slice(0, 32));
}

function treeHash(lock: Lock, input: string): string {
  return sha256(JSON.stringify([input, formatLock(lock)]));
}

async function finishedTree(cache: string, lock: Lock, fetched: Lock, input: string): Promise<MachineTree | undefined> {
  const hash = treeHash(fetched, input);
  const folder = treeFolder(cache, hash);
  const result = await readResult(join(folder, 'result.json'), resultSchema);
  return result && describeTree(folder, result, lock, hash);
}

function describeTree(folder: string, result: Result, lock: Lock, hash: string): MachineTree {
  return {
    rootTar: join(folder, 'root.tar'),
    installerTar: join(folder, 'installer.tar'),
    compilerTar: join(folder, 'compiler.tar'),
    kernel: { vmlinuz: join(folder, 'vmlinuz'), version: result.kernelVersion, modulesTar: join(folder, 'modules.tar') },
    bios: { seabios: join(folder, 'seabios.bin'), vgabios: join(folder, 'vgabios.bin') },
    dockerArchive: join(folder, 'images.tar'),
    images: result.images,
    rootBytes: result.rootBytes,
    epoch: epochOf(lock),
    treeHash: hash,
    authority: deriveAuthority(hash),
    lockHash: sha256(formatLock(lock)),
  };
}
