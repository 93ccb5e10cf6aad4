/**
 * One emulated PC: v86 with our disks, link and network. Runs in a worker and in Node alike; knows nothing of images,
 * manifests or pages.
 *
 * A saved state can be restored only into a machine with the same options, so what decides on the set of devices is
 * fixed here (virtio NIC, one virtio console, one UART, no ACPI) and not for the caller to vary.
 */
import type { V86 } from 'v86';
import type { AttachNetwork } from '../../network/attach.ts';
import { DrydockError, isDrydockError, reasonOf, toDrydockError } from '../../shared/errors.ts';
import { PendingReads, toV86Disk } from './disk/v86-disk.ts';
import type { Disk } from './disk/disk.ts';
import { InstructionCounter } from './instruction-counter.ts';
import { moduleLimit } from './hot-code/warm-up.ts';
import { GuestMemory, type MissingParts } from './memory/guest-memory.ts';
import { PacedLink } from './link/paced-link.ts';
import { Machine } from './machine-control.ts';
import { createScheduler } from './scheduler.ts';
import { SerialPort } from './serial-port.ts';
import { GuestReset, newEmulator, v86Internals } from './v86-internals.ts';
import { instantiateEmulator } from './wasm.ts';

export type { Machine, MachineStats } from './machine-control.ts';

/** The guest halted its processor for good or wanted to boot again, or the emulator broke down (`machine-crashed`). */
export type MachineEnd = 'halted' | 'rebooted' | DrydockError;

export interface MachineOptions {
  /** v86.wasm of the same version as the npm package. */
  wasm: WebAssembly.Module | ArrayBuffer;
  bios: ArrayBuffer;
  vgaBios: ArrayBuffer;
  memoryBytes: number;
  vgaMemoryBytes: number;
  /** First and second IDE disk. */
  disks: readonly Disk[];
  /** A Linux kernel to boot directly, with its initramfs and command line; not used with `state`. */
  bzimage?: ArrayBuffer;
  initrd?: ArrayBuffer;
  cmdline?: string;
  /** What `saveState` returned. The caller should drop its reference: it is not kept here. */
  state?: ArrayBuffer;
  /** Pages of the restored memory that come later; the state then has none of them. */
  missing?: MissingParts;
  network?: AttachNetwork;
  /** Largest IP packet of the NIC; 1500 unless given. A state has it, so it must be the same on restore. */
  mtu?: number;
  /** Bytes the guest writes to ttyS0, in the order written. */
  onSerial?: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** The machine is at its end and executes no more; the link is closed by then. Called once. */
  onEnd?: (how: MachineEnd) => void;
  /** Gets every block of code the guest runs, with nothing compiled; only with the builder's recording v86.wasm. */
  recordCode?: (physical: number, flags: number, instructions: number) => void;
  /** Pages the JIT compiles together; see `defaultJitPages`. */
  jitPages?: number;
}

/** Best of 1, 2, 3 and 12 for the first `docker run`: 39, 44, 52 and 119 s. v86 itself has 3. */
const defaultJitPages = 1;

const ethernetMtu = 1500;

/** v86 reports no failure of its set-up, so that the wait for it needs an end. */
const loadTimeoutMilliseconds = 30_000;

/**
 * Builds a machine, restores the state if there is one, and leaves it stopped.
 *
 * Rejects with `wasm-unavailable`, `memory-insufficient`, `state-unrestorable` or `machine-crashed`.
 */
export async function createMachine(options: MachineOptions): Promise<Machine> {
  const waking = options.state !== undefined;
  const pending = new PendingReads();
  const wasm = await instantiateEmulator(options.wasm);
  const [hda, hdb] = options.disks.map((disk) => toV86Disk(disk, waking, pending));

  const emulator = newEmulator({
    wasm_fn: wasm.link,
    bios: { buffer: options.bios },
    vga_bios: { buffer: options.vgaBios },
    memory_size: options.memoryBytes,
    vga_memory_size: options.vgaMemoryBytes,
    autostart: false,
    fastboot: true,
    disable_keyboard: true,
    disable_mouse: true,
    disable_speaker: true,
    virtio_console: { type: 'none' },
    net_device: { type: 'virtio', mtu: options.mtu ?? ethernetMtu },
    preserve_mac_from_state_image: true,
    ...(hda && { hda }),
    ...(hdb && { hdb }),
    ...(options.bzimage && { bzimage: { buffer: options.bzimage } }),
    ...(options.initrd && { initrd: { buffer: options.initrd } }),
    ...(options.cmdline !== undefined && { cmdline: options.cmdline }),
  });
  await loaded(emulator, wasm.failure);
  const internals = v86Internals(emulator);
  internals.setJitPages(options.jitPages ?? defaultJitPages);
  const exports = wasm.exports();
  exports.hot?.reserveModules(moduleLimit);
  if (options.recordCode !== undefined) {
    internals.disableJit();
    exports.onCodeRun(options.recordCode);
  }
  internals.forbidReset();
  let machine: Machine | undefined;
  const counter = new InstructionCounter(() => emulator.get_instruction_counter());
  const scheduler = createScheduler((error) => machine?.end(endOf(error)), () => counter.sample());
  internals.replaceScheduler(scheduler.schedule);
  internals.onInterrupt(scheduler.wake);
  if (options.state !== undefined) await restore(emulator, options.state);
  const memory = new GuestMemory(exports, internals.memory);
  if (options.missing !== undefined) memory.expect(options.missing);

  const link = new PacedLink({ write: internals.consoleInput, canWrite: internals.consoleHasBuffer });
  emulator.add_listener('virtio-console0-output-bytes', (bytes) => link.receive(bytes));
  const serial = new SerialPort(internals.serialInput, options.onSerial);
  emulator.add_listener('serial0-output-byte', (byte) => serial.output(byte));
  if (options.network !== undefined) {
    // Delivered after the guest's own notification has been dealt with, not in the middle of it.
    const take = options.network((frame) => queueMicrotask(() => internals.networkInput(frame)));
    emulator.add_listener('net0-send', (frame) => take(frame.slice()));
  }
  internals.onHalt(() => machine?.end('halted'));

  machine = new Machine({
    emulator,
    link,
    memory,
    serial,
    pending,
    wasm,
    scheduler,
    counter,
    nudge: internals.nudge,
    onEnd: options.onEnd,
  });
  return machine;
}

function endOf(error: unknown): MachineEnd {
  if (error instanceof GuestReset) return 'rebooted';
  return isDrydockError(error) ? error : new DrydockError('machine-crashed', { reason: reasonOf(error) }, { cause: error });
}

async function loaded(emulator: V86, failure: Promise<never>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DrydockError('machine-crashed', { reason: `it was not set up within ${loadTimeoutMilliseconds / 1000} s` }));
    }, loadTimeoutMilliseconds);
  });
  try {
    await Promise.race([new Promise<void>((resolve) => emulator.add_listener('emulator-loaded', () => resolve())), failure, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function restore(emulator: V86, state: ArrayBuffer): Promise<void> {
  try {
    await emulator.restore_state(state);
  } catch (error) {
    if (isDrydockError(error)) throw toDrydockError(error);
    throw new DrydockError('state-unrestorable', { reason: reasonOf(error) }, { cause: error });
  }
}
