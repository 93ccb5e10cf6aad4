/** Boots a script as PID 1 of an initramfs in a v86 of this process, and waits until it says that it is done. */
import { createMachine } from '../../../src/emulator/core/machine.ts';
import type { MemoryDisk } from '../../../src/emulator/core/disk/memory-disk.ts';
import { BuildError } from '../errors.ts';
import { emulatorWasm } from './emulator.ts';
import { installerMemoryBytes, machineParameters } from './parameters.ts';
import { readBuffer } from './read-buffer.ts';
import { SerialConsole, type InstallerLine } from './serial-console.ts';

const lookMilliseconds = 500;

/**
 * The longest stage took two minutes on two cores; a machine that is silent for so many looks, ten minutes, is stuck. Looks
 * are counted and not time: a computer that was put to sleep, or a build that was stopped for a while, has not been silent.
 */
const silentLooks = (10 * 60_000) / lookMilliseconds;

export interface InstallerRun {
  readonly vmlinuz: string;
  readonly seabios: string;
  readonly vgabios: string;
  readonly initrd: ArrayBuffer;
  /** What is installed on, and what it is installed from. */
  readonly disks: readonly MemoryDisk[];
  /** For the script, as `drydock.<name>=<value>` on the kernel's command line. */
  readonly settings: Readonly<Record<string, number>>;
  /** What the script says, as it comes. */
  readonly onLine: (line: InstallerLine) => void;
  /** Where the script lies, for the error message. */
  readonly script: string;
}

/** @throws BuildError `install-failed` with the last lines that the guest printed */
export async function runInstaller(run: InstallerRun): Promise<void> {
  let done = false;
  let failure: string | undefined;
  let looks = 0;
  const serial = new SerialConsole((line: InstallerLine) => {
    run.onLine(line);
    if (line.kind === 'failed') failure = line.why;
    else if (line.kind === 'done') done = true;
  });
  const decoder = new TextDecoder();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const machine = await createMachine({
    wasm: await emulatorWasm(),
    bios: await readBuffer(run.seabios),
    vgaBios: await readBuffer(run.vgabios),
    memoryBytes: installerMemoryBytes,
    vgaMemoryBytes: machineParameters.vgaMemoryBytes,
    disks: [...run.disks],
    bzimage: await readBuffer(run.vmlinuz),
    initrd: run.initrd,
    cmdline: [machineParameters.commandLine, ...Object.entries(run.settings).map(([name, value]) => `drydock.${name}=${value}`)].join(' '),
    onSerial: (bytes) => {
      looks = 0;
      serial.receive(decoder.decode(bytes, { stream: true }));
    },
    onEnd: () => end(),
  });
  run.onLine({ kind: 'stage', name: 'boot' });
  const watch = setInterval(() => {
    if (done || failure !== undefined || ++looks > silentLooks) end();
  }, lookMilliseconds);
  try {
    await machine.run();
    await ended;
  } finally {
    clearInterval(watch);
    await machine.destroy();
  }
  if (done) return;
  throw new BuildError(
    'install-failed',
    `the installer in the guest did not finish: ${failure ?? 'it went silent'}\n${serial.recent()}`,
    `this is a fault of the recipe or of the installer (${run.script}); the lines above are what the guest printed`,
  );
}
