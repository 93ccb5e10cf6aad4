/**
 * Builds the installation hosts: the machine's disk -> the host's disk -> its saved state -> its manifest. Kernel, firmware,
 * emulator, certificate authority and most of the disk are the machine's.
 *
 *   <cache>/host-disk/<name>/<key>/   info.json, parts of the disk
 *   <cache>/host/<name>/<key>/        manifest.json and every part the browser downloads
 */
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { encodeHotCode } from '../../src/emulator/core/hot-code/hot-code.ts';
import { chunkedSchema, manifestSchema, type ImageManifest } from '../../src/shared/manifest.ts';
import { diskOver, keyOf, readBuffer, readManifest } from '../builder/boot/build.ts';
import { emulatorIdentity, emulatorWasm } from '../builder/boot/emulator.ts';
import { guestScript, machineInitramfs } from '../builder/boot/initramfs.ts';
import { diskChunkBytes, diskCompressionLevel, machineParameters, memoryPartBytes, stateChunkBytes } from '../builder/boot/parameters.ts';
import { publishMemory } from '../builder/boot/publish-memory.ts';
import { compressPart, cut, publishChunks, sha256 } from '../builder/boot/publish.ts';
import { snapshot } from '../builder/boot/snapshot.ts';
import { tracePages } from '../builder/boot/trace.ts';
import { readPackage } from '../builder/fetch.ts';
import { prepareMachineTree, type MachineTree, type PrepareOptions } from '../builder/index.ts';
import { groupPackages } from '../builder/lock.ts';
import { cacheFolder, writeFileAtomically } from '../builder/paths.ts';
import { silentReporter, type Reporter } from '../builder/progress.ts';
import { buildingSuffix, dropOldResults } from '../builder/results.ts';
import { shareFolder } from '../builder/share.ts';
import { keyNames } from '../packages/build.ts';
import { deriveSigningKey } from '../packages/signing.ts';
import { buildHostDisk } from './disk.ts';
import { fetchHostPackages, type HostPackages } from './lock.ts';
import { hostPackage } from './package.ts';
import { hostGroup, hostsFolder } from './recipe.ts';

/** Raise when the code of a stage changes what it makes, so that old results are not taken for new ones. */
const diskStageVersion = 1;
const stateStageVersion = 1;

/** Below the machine's: less time for every build, a few more bytes for those who start a host. */
const compressionLevel = 9;

/** What a learner looks at first on a host. */
const firstCommands = ['uname -r', 'cat /etc/os-release', 'apt-cache policy', 'sudo true'];

const diskInfoSchema = z.strictObject({ disk: chunkedSchema, kernelVersion: z.string() });

type DiskInfo = z.infer<typeof diskInfoSchema>;

export interface BuiltHost {
  readonly name: string;
  /** Holds `manifest.json` and the parts. */
  readonly folder: string;
  readonly manifest: ImageManifest;
  readonly built: boolean;
}

/** @param machine the finished image of the machine */
export async function buildHosts(machine: { folder: string; manifest: ImageManifest }, options: PrepareOptions): Promise<BuiltHost[]> {
  const packages = await fetchHostPackages(options);
  const tree = await prepareMachineTree(options);
  const reporter = options.reporter ?? silentReporter;
  const hosts: BuiltHost[] = [];
  for (const name of Object.keys(packages.recipe.hosts)) hosts.push(await buildHost(name, { packages, tree, machine, reporter }));
  return hosts;
}

interface Context {
  readonly packages: HostPackages;
  readonly tree: MachineTree;
  readonly machine: { readonly folder: string; readonly manifest: ImageManifest };
  readonly reporter: Reporter;
}

async function buildHost(name: string, context: Context): Promise<BuiltHost> {
  const debs = await hostDebs(name, context);
  const diskKey = await diskStageKey(name, debs, context);
  const key = await stateStageKey(diskKey);
  const folder = join(cacheFolder(), 'host', name, key);
  const finished = await readManifest(folder);
  if (finished !== undefined) return { name, folder, manifest: finished, built: false };
  const diskFolder = join(cacheFolder(), 'host-disk', name, diskKey);
  const info = (await readDiskInfo(diskFolder)) ?? (await makeDisk(name, debs, diskFolder, context));
  return { name, folder, manifest: await makeState(name, key, info, diskFolder, folder, context), built: true };
}

/** Everything that dpkg installs on the host, by file name. */
async function hostDebs(name: string, { packages, tree }: Context): Promise<Map<string, Uint8Array>> {
  const recipe = hostOf(name, packages);
  const { binary } = await deriveSigningKey(keyNames.archive);
  const debs = new Map<string, Uint8Array>([[`drydock-${name}.deb`, await hostPackage(recipe, binary, tree.epoch)]]);
  for (const entry of groupPackages(packages.lock, hostGroup(name))) debs.set(`${entry.name}.deb`, await readPackage(packages.debs, entry));
  return debs;
}

function hostOf(name: string, { recipe }: HostPackages): HostPackages['recipe']['hosts'][string] {
  const host = recipe.hosts[name];
  if (host === undefined) throw new Error(`there is no host ${name}`);
  return host;
}

async function diskStageKey(name: string, debs: ReadonlyMap<string, Uint8Array>, { packages, tree, machine }: Context): Promise<string> {
  const { hostname, purge, purgePaths, purgeGroups } = hostOf(name, packages);
  const sums = [...debs].map(([file, content]) => [file, sha256(content)]);
  const script = await readFile(join(hostsFolder, 'guest/install-host.sh'), 'utf8');
  return keyOf([diskStageVersion, tree.treeHash, machine.manifest.disk, sums, [hostname, purge, purgePaths, purgeGroups], script, diskChunkBytes, diskCompressionLevel]);
}

async function stateStageKey(diskKey: string): Promise<string> {
  const scripts = [await guestScript('start.sh'), await guestScript('quiesce.sh'), await readFile(join(hostsFolder, 'guest/warm-up.sh'), 'utf8')];
  return keyOf([stateStageVersion, diskKey, scripts, firstCommands, await emulatorIdentity(), machineParameters, stateChunkBytes, memoryPartBytes, compressionLevel]);
}

async function makeDisk(name: string, debs: ReadonlyMap<string, Uint8Array>, folder: string, { packages, tree, machine, reporter }: Context): Promise<DiskInfo> {
  await rm(folder, { recursive: true, force: true });
  const info = await buildHostDisk({ recipe: hostOf(name, packages), tree, base: machine.manifest.disk, baseFolder: machine.folder, debs, folder, reporter });
  await writeFileAtomically(join(folder, 'info.json'), JSON.stringify(info));
  await dropOldResults(dirname(folder));
  return info;
}

async function readDiskInfo(folder: string): Promise<DiskInfo | undefined> {
  const text = await readFile(join(folder, 'info.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : diskInfoSchema.parse(JSON.parse(text));
}

async function makeState(name: string, key: string, info: DiskInfo, diskFolder: string, folder: string, { tree, machine, reporter }: Context): Promise<ImageManifest> {
  const [seabios, vgabios, wasm] = [await readBuffer(tree.bios.seabios), await readBuffer(tree.bios.vgabios), await emulatorWasm()];
  const saved = await snapshot(
    { wasm, disk: diskOver(info.disk, diskFolder), vmlinuz: await readBuffer(tree.kernel.vmlinuz), initrd: (await machineInitramfs(tree)).buffer, seabios, vgabios },
    { ready: 'systemctl is-system-running --wait || true', warmUp: await readFile(join(hostsFolder, 'guest/warm-up.sh'), 'utf8'), engine: false },
    reporter,
  );
  // Which code a host runs first depends on what it installs, so none is compiled ahead, and the unchanged emulator traces.
  const trace = await tracePages({ wasm, recordingWasm: undefined, disk: diskOver(info.disk, diskFolder), seabios, vgabios, snapshot: saved, firstCommands, engine: false }, reporter);
  const building = `${folder}${buildingSuffix}`;
  await rm(building, { recursive: true, force: true });
  const stateBytes = new Uint8Array(saved.state);
  const state = await publishChunks(building, 'state', stateBytes.length, cut(stateBytes, stateChunkBytes), {
    chunkBytes: stateChunkBytes,
    level: compressionLevel,
    onProgress: (done) => reporter.progress({ stage: `Compressing the state of ${name}`, done, total: stateBytes.length }),
  });
  const memory = await publishMemory(building, saved.memory, trace, (done, total) => reporter.progress({ stage: `Compressing the memory of ${name}`, done, total }), compressionLevel);
  const code = encodeHotCode([]);
  await shareFolder(join(diskFolder, 'disk'), join(building, 'disk'));
  await shareFolder(join(machine.folder, 'boot'), join(building, 'boot'));
  const manifest: ImageManifest = manifestSchema.parse({
    ...machine.manifest,
    id: key,
    machine: { ...machine.manifest.machine, network: { ...machine.manifest.machine.network, mac: saved.mac } },
    state,
    memory,
    hotCode: { bytes: code.length, part: await compressPart(building, 'memory', code, compressionLevel) },
    disk: info.disk,
    guest: { ...machineParameters.guest, kernelVersion: info.kernelVersion, images: [] },
  } satisfies ImageManifest);
  await writeFileAtomically(join(building, 'manifest.json'), JSON.stringify(manifest));
  await rm(folder, { recursive: true, force: true });
  await rename(building, folder);
  await dropOldResults(dirname(folder));
  return manifest;
}
