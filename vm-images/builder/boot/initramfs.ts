/**
 * The two small initial file systems: one that installs, one that starts the machine.
 *
 * Both are busybox, the kernel modules that bring up disk and console, and a script as /init.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cpio, type CpioEntry } from '../cpio.ts';
import { readTar } from '../tar.ts';

/** In load order: each one needs only those before it. Measured on Debian's 6.1 (see docs/engine-facts). */
const machineModules = [
  'virtio_ring', 'virtio_pci_modern_dev', 'virtio_pci_legacy_dev', 'virtio', 'virtio_pci', 'virtio_console',
  'failover', 'net_failover', 'virtio_net',
  'scsi_common', 'scsi_mod', 'libata', 'ata_piix',
  'crct10dif_common', 'crc-t10dif', 'crc64', 'crc64-rocksoft', 't10-pi', 'sd_mod',
  'crc32c_generic', 'jbd2', 'mbcache', 'crc16', 'ext4',
] as const;

const installerModules = [...machineModules, 'overlay'] as const;

export interface InitramfsSources {
  /** Tar of the machine's root, kernel modules included. */
  readonly rootTar: string;
  /** Tar that holds busybox. */
  readonly installerTar: string;
}

/** @param script what is installed; the beginning that all installers share is put before it */
export async function installerInitramfs(sources: InitramfsSources, script: string): Promise<Uint8Array<ArrayBuffer>> {
  return initramfs(sources, installerModules, `${await guestScript('installer.sh')}\n${script}`);
}

export async function machineInitramfs(sources: InitramfsSources): Promise<Uint8Array<ArrayBuffer>> {
  return initramfs(sources, machineModules, await guestScript('start.sh'));
}

/** Scripts that run in the guest: those up to `start.sh` as /init of an initramfs, the others before the machine is saved. */
export type GuestScript = 'installer.sh' | 'install.sh' | 'start.sh' | 'warm-up.sh' | 'quiesce.sh';

export async function guestScript(name: GuestScript): Promise<string> {
  return readFile(join(import.meta.dirname, 'guest', name), 'utf8');
}

async function initramfs(
  sources: InitramfsSources,
  modules: readonly string[],
  script: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const moduleNames = new Set(modules.map((name) => `${name}.ko`));
  const found = await pick(sources.rootTar, (path) => path.startsWith('usr/lib/modules/') && moduleNames.has(basename(path)));
  const busybox = (await pick(sources.installerTar, (path) => /^usr\/bin\/busybox$/.test(path))).get('usr/bin/busybox');
  if (busybox === undefined) throw new Error(`no busybox in ${sources.installerTar}`);

  const entries: CpioEntry[] = [
    ...['bin', 'dev', 'proc', 'sys', 'mnt', 'modules'].map(directory),
    { path: 'sbin', kind: 'link', target: 'bin' },
    file('bin/busybox', busybox, 0o755),
    { path: 'bin/sh', kind: 'link', target: 'busybox' },
    ...applets.map((name): CpioEntry => ({ path: `bin/${name}`, kind: 'link', target: 'busybox' })),
    file('init', new TextEncoder().encode(script), 0o755),
    file('modules/order', new TextEncoder().encode(`${modules.join('\n')}\n`), 0o644),
  ];
  const byName = new Map([...found].map(([path, content]) => [basename(path), content]));
  for (const name of modules) {
    const module = byName.get(`${name}.ko`);
    if (module === undefined) throw new Error(`the tree has no kernel module ${name}`);
    entries.push(file(`modules/${name}.ko`, module, 0o644));
  }
  return cpio(entries);
}

const applets = [
  'cat', 'chmod', 'chroot', 'cp', 'date', 'dd', 'echo', 'insmod', 'ip', 'kill', 'killall', 'ls', 'mkdir', 'mount', 'poweroff', 'rm',
  'seq', 'sleep', 'switch_root', 'sync', 'tar', 'umount', 'uname',
];

function directory(path: string): CpioEntry {
  return { path, kind: 'directory', mode: 0o755 };
}

function file(path: string, content: Uint8Array, mode: number): CpioEntry {
  return { path, kind: 'file', mode, content };
}

/** Reads the chosen files of a tar, by path. */
async function pick(tar: string, choose: (path: string) => boolean): Promise<Map<string, Uint8Array>> {
  const picked = new Map<string, Uint8Array>();
  for (const entry of readTar(await readFile(tar))) {
    if (entry.kind === 'file' && choose(entry.path)) picked.set(entry.path, entry.content);
  }
  return picked;
}
