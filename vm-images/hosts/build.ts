/**
 * Builds the installation hosts: the machine's disk -> the host's disk -> its saved state -> its manifest. Kernel, firmware,
 * emulator, certificate authority and most of the disk are the machine's, whose saved state is not needed: a host can be built
 * beside it.
 *
 *   <cache>/host-disk/<name>/<key>/   info.json, parts of the disk
 *   <cache>/host/<name>/<key>/        manifest.json and every part the browser downloads
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { chunkedSchema, type Chunked, type ImageManifest } from '../../src/shared/manifest.ts';
import { finishedManifest, keyOf, readDisk, readManifest, writeManifest } from '../builder/boot/build.ts';
import { emulatorIdentity } from '../builder/boot/emulator.ts';
import { guestScript } from '../builder/boot/initramfs.ts';
import { diskChunkBytes, diskCompressionLevel, machineParameters, memoryPartBytes, stateChunkBytes } from '../builder/boot/parameters.ts';
import { publishMachine } from '../builder/boot/publish-machine.ts';
import { sha256 } from '../builder/debian/download.ts';
import { readPackage } from '../builder/fetch.ts';
import { prepareMachineTree, type MachineTree, type PrepareOptions } from '../builder/index.ts';
import { groupPackages } from '../builder/lock.ts';
import { cacheFolder, writeFileAtomically } from '../builder/paths.ts';
import { silentReporter, type Reporter } from '../builder/progress.ts';
import { buildFolder, readResult } from '../builder/results.ts';
import { shareFolder } from '../builder/share.ts';
import type { JobPool } from '../jobs/job-pool.ts';
import { buildHostDisk } from './disk.ts';
import { fetchHostPackages, readHostLocks, type HostLocks, type HostPackages } from './lock.ts';
import { firstRpm, hostPackage } from './package.ts';
import { hostGroup, hostsFolder, type HostRecipe } from './recipe.ts';

/** Raise when the code of a stage changes what it makes, so that old results are not taken for new ones. */
const diskStageVersion = 3;
const stateStageVersion = 6;

/** Below the machine's: less time for every build, a few more bytes for those who start a host. */
const compressionLevel = 9;

const installScript = join(hostsFolder, 'guest/install-host.sh');

const hostScript = (path: string): Promise<string> => readFile(join(hostsFolder, 'guest', path), 'utf8');
/** What this host alone needs beside its packages. */
const ownInstallScript = (name: string): Promise<string> => hostScript(`${name}/install.sh`);
/** What a learner does first, on any host and on this one. */
const warmUpScript = async (name: string): Promise<string> => `${await hostScript('warm-up.sh')}${await hostScript(`${name}/warm-up.sh`)}`;

const diskInfoSchema = z.strictObject({ disk: chunkedSchema, kernelVersion: z.string() });

type DiskInfo = z.infer<typeof diskInfoSchema>;

export interface BuiltHost {
  readonly name: string;
  /** Holds `manifest.json` and the parts. */
  readonly folder: string;
  readonly manifest: ImageManifest;
  readonly built: boolean;
}

const builtSchema = z.strictObject({ folder: z.string(), built: z.boolean() });

/**
 * Orders the hosts that are missing: the one with most to install first, as it takes longest. They are ordered when this resolves, so that
 * the next orders come behind them.
 *
 * @param diskFile of the machine's finished disk, see `readDisk`
 */
export async function orderHosts(diskFile: string, options: PrepareOptions, jobs: JobPool): Promise<{ readonly built: Promise<BuiltHost[]> }> {
  const base = await readDisk(diskFile);
  const locks = await readHostLocks();
  const tree = await prepareMachineTree(options);
  const toInstall = ({ packages }: HostRecipe): number => packages.reduce((sum, { names }) => sum + names.length, 0);
  const names = Object.entries(locks.recipe.hosts).sort(([, a], [, b]) => toInstall(b) - toInstall(a)).map(([name]) => name);
  const finished = await Promise.all(names.map(async (name) => [name, await finishedHost(name, await hostKeys(name, locks, { tree, base }))] as const));
  // Here, so that no two jobs fetch the same.
  if (finished.some(([, host]) => host === undefined)) await fetchHostPackages(locks, options);
  const { frozen = false, acceptExpired = false } = options;
  const hosts = Promise.all(finished.map(async ([name, host]) => {
    if (host !== undefined) return host;
    const { folder, built } = await jobs.run({ kind: 'host', name, diskFile, frozen, acceptExpired }, builtSchema, name);
    return { name, folder, built, manifest: await finishedManifest(folder) };
  }));
  return { built: hosts };
}

/** The job of one host, whose packages may have been replaced by newer ones. */
export async function buildHost(name: string, diskFile: string, options: PrepareOptions): Promise<z.input<typeof builtSchema>> {
  const packages = await fetchHostPackages(await readHostLocks(), options);
  const context = { tree: await prepareMachineTree(options), base: await readDisk(diskFile), reporter: options.reporter ?? silentReporter };
  const keys = await hostKeys(name, packages, context);
  const substituted = await finishedHost(name, keys);
  if (substituted !== undefined) return { folder: substituted.folder, built: false };
  const diskFolder = join(cacheFolder(), 'host-disk', name, keys.disk);
  const info = (await readResult(join(diskFolder, 'info.json'), diskInfoSchema)) ?? (await buildFolder(diskFolder, (building) => makeDisk(name, building, packages, context)));
  const folder = stateFolder(name, keys);
  await buildFolder(folder, (building) => makeState(name, hostOf(name, packages), keys, info, diskFolder, building, context));
  return { folder, built: true };
}

interface Sources {
  readonly tree: MachineTree;
  /** The machine's disk, and the folder of its parts. */
  readonly base: { readonly disk: Chunked; readonly folder: string };
}

interface Context extends Sources {
  readonly reporter: Reporter;
}

interface HostKeys {
  /** Of the stages: names of their folders. */
  readonly disk: string;
  readonly state: string;
}

async function finishedHost(name: string, keys: HostKeys): Promise<BuiltHost | undefined> {
  const folder = stateFolder(name, keys);
  const manifest = await readManifest(folder);
  return manifest && { name, folder, manifest, built: false };
}

function stateFolder(name: string, { state }: HostKeys): string {
  return join(cacheFolder(), 'host', name, state);
}

function hostOf(name: string, { recipe }: HostLocks): HostRecipe {
  const host = recipe.hosts[name];
  if (host === undefined) throw new Error(`there is no host ${name}`);
  return host;
}

async function hostKeys(name: string, locks: HostLocks, { tree, base }: Sources): Promise<HostKeys> {
  const { hostname, purge, purgePaths, purgeGroups, firstCommands } = hostOf(name, locks);
  const sums = [...(await ownPackages(name, locks, tree)).values()].map(sha256).concat(groupPackages(locks.lock, hostGroup(name)).map((entry) => entry.sha256));
  const script = [await readFile(installScript, 'utf8'), await ownInstallScript(name)];
  const disk = keyOf([diskStageVersion, tree.treeHash, base.disk, sums, [hostname, purge, purgePaths, purgeGroups], script, await guestScript('installer.sh'), diskChunkBytes, diskCompressionLevel]);
  const scripts = [await guestScript('start.sh'), await guestScript('quiesce.sh'), await warmUpScript(name)];
  const state = keyOf([stateStageVersion, disk, scripts, firstCommands, await emulatorIdentity(), machineParameters, stateChunkBytes, memoryPartBytes, compressionLevel]);
  return { disk, state };
}

/** What makes the host one, as packages, by file name. */
async function ownPackages(name: string, locks: HostLocks, { epoch }: MachineTree): Promise<Map<string, Uint8Array>> {
  const host = hostOf(name, locks);
  const rpm = await firstRpm(host, epoch);
  return new Map([[`drydock-${name}.deb`, await hostPackage(host, epoch)], ...(rpm === undefined ? [] : [['first.rpm', rpm] as const])]);
}

async function makeDisk(name: string, folder: string, packages: HostPackages, { tree, base, reporter }: Context): Promise<DiskInfo> {
  const files = await ownPackages(name, packages, tree);
  for (const entry of groupPackages(packages.lock, hostGroup(name))) files.set(`${entry.name}.deb`, await readPackage(packages.debs, entry));
  const info = await buildHostDisk({ recipe: hostOf(name, packages), tree, base: base.disk, baseFolder: base.folder, packages: files, script: installScript, ownScript: await ownInstallScript(name), folder, reporter });
  await writeFileAtomically(join(folder, 'info.json'), JSON.stringify(info));
  return info;
}

async function makeState(name: string, { firstCommands }: HostRecipe, keys: HostKeys, info: DiskInfo, diskFolder: string, folder: string, { tree, reporter }: Context): Promise<ImageManifest> {
  const published = await publishMachine(
    folder,
    {
      tree,
      disk: info.disk,
      diskFolder,
      plan: { ready: 'systemctl is-system-running --wait || true', warmUp: await warmUpScript(name), engine: false, hosts: [] },
      firstCommands,
      plays: [1],
      level: compressionLevel,
      whose: ` of ${name}`,
    },
    reporter,
  );
  await shareFolder(join(diskFolder, 'disk'), join(folder, 'disk'));
  return writeManifest(folder, { ...published, id: keys.state, tree, disk: info.disk, guest: { kernelVersion: info.kernelVersion, images: [] } });
}
