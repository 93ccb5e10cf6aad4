/**
 * The two small initial file systems: one that installs, one that starts the machine.
 *
 * Both are busybox, the kernel modules that bring up disk and console, and a script as /init. The installer also needs
 * the real mke2fs, since busybox knows no ext4.
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

/** mke2fs and what it is linked with, as they stand in the machine's tree. */
const formatterFiles = [
  'usr/sbin/mke2fs',
  'etc/mke2fs.conf',
  ...['libext2fs.so.2', 'libcom_err.so.2', 'libblkid.so.1', 'libuuid.so.1', 'libe2p.so.2', 'libc.so.6', 'ld-linux.so.2'].map((name) => `usr/lib/i386-linux-gnu/${name}`),
];

export interface InitramfsSources {
  /** Tar of the machine's root, kernel modules included. */
  readonly rootTar: string;
  /** Tar that holds busybox. */
  readonly installerTar: string;
}

export function installerInitramfs(sources: InitramfsSources): Promise<Uint8Array<ArrayBuffer>> {
  return initramfs(sources, installerModules, formatterFiles, 'install.sh');
}

export function machineInitramfs(sources: InitramfsSources): Promise<Uint8Array<ArrayBuffer>> {
  return initramfs(sources, machineModules, [], 'start.sh');
}

/** The scripts inside, for cache keys. */
export async function guestScript(name: 'install.sh' | 'start.sh'): Promise<string> {
  return readFile(join(import.meta.dirname, 'guest', name), 'utf8');
}

async function initramfs(
  sources: InitramfsSources,
  modules: readonly string[],
  files: readonly string[],
  script: 'install.sh' | 'start.sh',
): Promise<Uint8Array<ArrayBuffer>> {
  const wanted = new Set(files);
  const moduleNames = new Set(modules.map((name) => `${name}.ko`));
  const found = await pick(sources.rootTar, (path) => wanted.has(path) || (path.startsWith('usr/lib/modules/') && moduleNames.has(basename(path))));
  const busybox = (await pick(sources.installerTar, (path) => /^usr\/bin\/busybox$/.test(path))).get('usr/bin/busybox');
  if (busybox?.kind !== 'file') throw new Error(`no busybox in ${sources.installerTar}`);

  const entries: CpioEntry[] = [
    ...['bin', 'dev', 'proc', 'sys', 'mnt', 'modules', 'usr', 'usr/sbin', 'usr/lib', 'usr/lib/i386-linux-gnu', 'etc'].map(directory),
    { path: 'lib', kind: 'link', target: 'usr/lib' },
    { path: 'sbin', kind: 'link', target: 'bin' },
    file('bin/busybox', busybox.content, 0o755),
    { path: 'bin/sh', kind: 'link', target: 'busybox' },
    ...applets.map((name): CpioEntry => ({ path: `bin/${name}`, kind: 'link', target: 'busybox' })),
    file('init', new TextEncoder().encode(await guestScript(script)), 0o755),
    file('modules/order', new TextEncoder().encode(`${modules.join('\n')}\n`), 0o644),
  ];
  const byName = new Map([...found].map(([path, entry]) => [basename(path), entry]));
  for (const name of modules) {
    const module = byName.get(`${name}.ko`);
    if (module?.kind !== 'file') throw new Error(`the tree has no kernel module ${name}`);
    entries.push(file(`modules/${name}.ko`, module.content, 0o644));
  }
  for (const path of files) {
    const entry = found.get(path);
    if (entry === undefined) throw new Error(`the tree has no ${path}`);
    if (entry.kind === 'file') {
      entries.push(file(path, entry.content, 0o755));
      continue;
    }
    const target = join(path, '..', entry.target);
    const real = (await pick(sources.rootTar, (candidate) => candidate === target)).get(target);
    if (real?.kind !== 'file') throw new Error(`${path} points to ${entry.target}, which the tree does not have`);
    entries.push(file(path, real.content, 0o755));
  }
  if (files.length > 0) entries.push({ path: 'usr/lib/ld-linux.so.2', kind: 'link', target: 'i386-linux-gnu/ld-linux.so.2' });
  return cpio(entries);
}

const applets = [
  'cat', 'chmod', 'chroot', 'cp', 'date', 'dd', 'echo', 'insmod', 'ip', 'kill', 'killall', 'ls', 'mkdir', 'mount', 'poweroff', 'rm',
  'seq', 'sleep', 'switch_root', 'sync', 'tar', 'umount', 'uname',
];

type Picked = { readonly kind: 'file'; readonly content: Uint8Array } | { readonly kind: 'link'; readonly target: string };

function directory(path: string): CpioEntry {
  return { path, kind: 'directory', mode: 0o755 };
}

function file(path: string, content: Uint8Array, mode: number): CpioEntry {
  return { path, kind: 'file', mode, content };
}

/** Reads the chosen files and links of a tar. */
async function pick(tar: string, choose: (path: string) => boolean): Promise<Map<string, Picked>> {
  const picked = new Map<string, Picked>();
  for (const entry of readTar(await readFile(tar))) {
    if ((entry.kind === 'file' || entry.kind === 'link') && choose(entry.path)) picked.set(entry.path, entry);
  }
  return picked;
}
