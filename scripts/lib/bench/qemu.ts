/**
 * The same commands in QEMU with its translator (`-accel tcg`), twice: what an emulator can do on this processor that is
 * not confined to a browser.
 *
 * - With the same disk, engine and settings.
 * - With the engine as Debian's stable release has it, runc, systemd's cgroups and default settings: the engine that one
 *   would put into an emulator without giving it a thought.
 *
 * The machine boots, since a state of v86 means nothing to QEMU, and is asked by the same agent over a console of its
 * own. Its page cache is emptied first, as that of the saved state is.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchCommands } from '../../../src/bench/result.ts';
import { AgentClient } from '../../../src/guest/client.ts';
import type { GuestLink } from '../../../src/guest/link.ts';
import type { ImageManifest } from '../../../src/shared/manifest.ts';
import { machineInitramfs } from '../../../vm-images/builder/boot/initramfs.ts';
import { machineParameters } from '../../../vm-images/builder/boot/parameters.ts';
import { prepareMachineTree } from '../../../vm-images/builder/index.ts';
import { prepareReferenceEngine } from '../../../vm-images/builder/reference.ts';
import { rawDisk } from './raw-disk.ts';
import type { TcgCommands } from './report.ts';

const program = 'qemu-system-i386';
const bootMilliseconds = 10 * 60_000;
const commandMilliseconds = 5 * 60_000;
/** What the agent's unit prints on the serial console once the agent runs. */
const agentRuns = '@@agent';

/** Whether QEMU is installed. */
export function hasQemu(): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Which engine, with which settings: the image's own or stock ones. */
export type Engine = 'own' | 'stock';

/** What a kernel of Debian gets, but for the console. */
const stockCommandLine = 'console=ttyS0 quiet';

/** Lays the engine that is behind the file system on the disk over the image's, and takes the image's settings away. */
const installStockEngine = (diskBytes: number): string => `set -e
systemctl stop docker.socket docker.service containerd.service
rm -rf /var/lib/containerd /etc/docker/daemon.json /etc/containerd/config.toml /usr/lib/systemd/system/containerd.service.d /usr/lib/systemd/system/docker.service.d
dd if=/dev/sda bs=1M skip=${diskBytes / 2 ** 20} 2>/dev/null | tar -x --keep-directory-symlink -C /
systemctl daemon-reload
systemctl start containerd.service docker.service`;

/** Boots the published disk of `image` and runs the benchmark's commands. @param folder where the manifest lies */
export async function measureTcg(image: ImageManifest, folder: string, engine: Engine): Promise<TcgCommands> {
  const work = await mkdtemp(join(tmpdir(), 'drydock-qemu-'));
  let machine: ChildProcess | undefined;
  try {
    const tree = await prepareMachineTree();
    const initrd = join(work, 'initrd');
    await writeFile(initrd, await machineInitramfs(tree));
    const socket = join(work, 'link');
    const disk = await rawDisk(image, folder, await prepareReferenceEngine({ acceptExpired: process.env['DRYDOCK_ACCEPT_EXPIRED'] === '1' }));
    const commandLine = engine === 'own' ? machineParameters.commandLine : stockCommandLine;
    const started = start({ disk, kernel: tree.kernel.vmlinuz, initrd, socket, commandLine });
    machine = started.machine;
    await started.agentUp;
    return await runCommands(new AgentClient(await connect(socket), { user: image.guest.user }), engine === 'own' ? 'true' : installStockEngine(image.disk.bytes));
  } finally {
    machine?.kill();
    await rm(work, { recursive: true, force: true });
  }
}

interface Boot {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  /** Path of the Unix socket that QEMU makes for the link. */
  readonly socket: string;
  /** Of the kernel. */
  readonly commandLine: string;
}

function start({ disk, kernel, initrd, socket, commandLine }: Boot): { machine: ChildProcess; agentUp: Promise<void> } {
  const machine = spawn(
    program,
    [
      ['-accel', 'tcg', '-cpu', 'coreduo', '-smp', '1', '-m', String(machineParameters.memoryBytes / 2 ** 20), '-display', 'none', '-no-reboot'],
      ['-kernel', kernel, '-initrd', initrd, '-append', commandLine],
      ['-drive', `file=${disk},format=raw,if=ide,snapshot=on`],
      ['-netdev', 'user,id=net,restrict=on', '-device', 'virtio-net-pci,netdev=net'],
      ['-device', 'virtio-serial-pci', '-chardev', `socket,id=link,path=${socket},server=on,wait=off`, '-device', 'virtconsole,chardev=link'],
      ['-serial', 'stdio'],
    ].flat(),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  const agentUp = new Promise<void>((resolve, reject) => {
    const give = (why: string): void => reject(new Error(`the machine did not come up in QEMU: ${why}\n${printed.slice(-2000)}`));
    const timer = setTimeout(() => give('it took too long'), bootMilliseconds);
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (!printed.includes(agentRuns)) return;
      clearTimeout(timer);
      resolve();
    };
    machine.stdout.on('data', read);
    machine.stderr.on('data', read);
    machine.once('error', (error) => give(error.message));
    machine.once('exit', (code) => {
      clearTimeout(timer);
      give(`QEMU ended with code ${code}`);
    });
  });
  return { machine, agentUp };
}

/** @param preparation script of root's that is run before */
async function runCommands(agent: AgentClient, preparation: string): Promise<TcgCommands> {
  const run = async (command: string, user?: string): Promise<number> => {
    const started = performance.now();
    const { exitCode, stderr } = await agent.exec(['sh', '-c', command], { timeoutMs: commandMilliseconds, ...(user === undefined ? {} : { user }) });
    if (exitCode !== 0) throw new Error(`in QEMU, “${command}” ended with exit code ${exitCode}: ${stderr}`);
    return (performance.now() - started) / 1000;
  };
  await agent.hello();
  await run(preparation, 'root');
  await run('for i in $(seq 120); do docker version >/dev/null 2>&1 && exit 0; sleep 1; done; exit 1', 'root');
  await run('sync; echo 3 > /proc/sys/vm/drop_caches', 'root');
  const results: { id: (typeof benchCommands)[number]['id']; seconds: number }[] = [];
  for (const { id, command } of benchCommands) {
    // As in the page: the `docker ps` that counts is a warm one.
    if (id === 'ps') await run(command);
    results.push({ id, seconds: await run(command) });
  }
  return results;
}

/** QEMU's end of the virtio console as a link; QEMU itself waits when the guest has no room. */
async function connect(path: string): Promise<GuestLink> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const connection = createConnection(path, () => resolve(connection));
    connection.once('error', reject);
  });
  return {
    send: (bytes) => void socket.write(bytes),
    onReceive: (receiver) => void socket.on('data', receiver),
    onClose: (receiver) => void socket.once('close', () => receiver(new Error('QEMU closed the link'))),
  };
}
