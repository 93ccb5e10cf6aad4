/**
 * The few things of v86 that its types do not show, checked once at the start.
 *
 * v86 has no public interface for its scheduler, its JIT setting or the guest's console buffers. The names below are
 * those of 0.5.462 (src/main.js, src/cpu.js, src/virtio.js), which its minified build keeps. A v86 without them is
 * refused with an error that names what is missing, rather than run at half speed or with lost bytes.
 */
import { V86, type V86Options } from 'v86';
import { DrydockError } from '../../shared/errors.ts';
import type { V86Disk } from './disk/v86-disk.ts';
import { pageBytes } from './memory/page-map.ts';

interface Scheduler {
  yield: (milliseconds: number, tick: number) => void;
  yield_callback: (tick: number) => void;
  next_tick: (milliseconds: number) => void;
  unregister_yield: () => void;
}

interface ReceiveQueue {
  has_request: () => boolean;
  is_configured: () => unknown;
}

interface Bus {
  send: (name: string, value: unknown) => void;
  register: (name: string, listener: (value: unknown) => void) => void;
}

interface Cpu {
  mem8: Uint8Array;
  read8: (address: number) => number;
  read16: (address: number) => number;
  read32s: (address: number) => number;
  write8: (address: number, value: number) => void;
  write16: (address: number, value: number) => void;
  write32: (address: number, value: number) => void;
  zero_memory: (address: number, length: number) => void;
  full_clear_tlb: () => void;
  pack_memory: () => { bitmap: { get_buffer: () => ArrayBuffer }; packed_memory: Uint8Array };
  set_jit_config: (setting: number, value: number) => void;
  reboot_internal: () => void;
  device_raise_irq: (line: number) => void;
}

/** The guest's memory as v86's devices use it, past the processor. */
export interface CpuMemory {
  /** Where it begins in the module's memory. */
  byteOffset(): number;
  byteLength(): number;
  /** Forgets all translated addresses. */
  clearTlb(): void;
  /** Runs the function; states saved meanwhile say that the memory is zeros, whatever is in it. */
  leaveOut<Result>(save: () => Result): Result;
  /** Calls the function before a device reads or writes bytes of the guest's memory. Once in a machine's life. */
  watchDevices(before: (start: number, end: number) => void): void;
}

/** Number of the JIT setting "pages compiled together at most" (src/rust/jit.rs). */
const jitMaximumPages = 1;
/** And of the setting that turns it off. */
const jitDisabled = 0;
/** Interrupt line of the programmable interval timer. */
const clockLine = 0;

export interface V86Internals {
  /** Hands bytes to the guest's first virtio console. Dropped by v86 unless `consoleHasBuffer`. */
  consoleInput(bytes: Uint8Array<ArrayBuffer>): void;
  readonly memory: CpuMemory;
  /** Puts one byte into the first UART. */
  serialInput(byte: number): void;
  /** Hands an Ethernet frame to the guest's NIC. */
  networkInput(frame: Uint8Array): void;
  /** Calls the function when the guest stops its processor for good (power-off without ACPI). */
  onHalt(listener: () => void): void;
  /** How many pages the JIT compiles together at most. */
  setJitPages(pages: number): void;
  /** Has everything interpreted. */
  disableJit(): void;
  /** Whether the guest has a buffer for console input. */
  consoleHasBuffer(): boolean;
  /**
   * Throws a `GuestReset` out of the emulation when the guest resets itself, instead of doing it: a machine that was
   * given its kernel directly has nothing to boot from, and v86 breaks down a moment later.
   */
  forbidReset(): void;
  /** Calls the function whenever a device other than the clock interrupts the guest. */
  onInterrupt(listener: () => void): void;
  /** Lets v86 look at its state again after something was thrown out of the emulation: only then can it be stopped. */
  nudge(): void;
  /** Ends v86's own timer (in a browser a worker of its own) and lets `schedule` call back instead. */
  replaceScheduler(schedule: (callback: () => void, milliseconds: number) => void): void;
}

/** The guest has asked for a reset of the machine. */
export class GuestReset extends Error {
  override name = 'GuestReset';
}

/** v86's options as they are, with those its types leave out. */
export interface EmulatorSettings extends Omit<V86Options, 'hda' | 'hdb'> {
  hda?: V86Disk;
  hdb?: V86Disk;
  /** Keep the MAC of a restored state instead of a random one. */
  preserve_mac_from_state_image: boolean;
}

/** Constructs v86. Its types know only disks by URL or buffer, while it takes any object with get, set and load. */
export function newEmulator(settings: EmulatorSettings): V86 {
  return new V86(settings as V86Options & EmulatorSettings);
}

/** Throws `machine-crashed` with the missing name if this v86 is not the one we know. */
export function v86Internals(emulator: object): V86Internals {
  const scheduler = member<Scheduler>(emulator, ['v86'], ['yield', 'yield_callback', 'next_tick', 'unregister_yield']);
  const cpu = member<Cpu>(emulator, ['v86', 'cpu'], ['set_jit_config', 'reboot_internal', 'device_raise_irq']);
  member<Cpu>(emulator, ['v86', 'cpu'], ['read8', 'read16', 'read32s', 'write8', 'write16', 'write32', 'zero_memory', 'full_clear_tlb', 'pack_memory']);
  member<Uint8Array>(emulator, ['v86', 'cpu', 'mem8'], ['subarray', 'set', 'slice']);
  const bus = member<Bus>(emulator, ['bus'], ['send', 'register']);
  const queuePath = ['v86', 'cpu', 'devices', 'virtio_console', 'virtio', 'queues', '0'];
  const queue = member<ReceiveQueue>(emulator, queuePath, ['has_request', 'is_configured']);
  return {
    consoleInput: (bytes) => bus.send('virtio-console0-input-bytes', bytes),
    memory: cpuMemory(cpu),
    serialInput: (byte) => bus.send('serial0-input', byte),
    networkInput: (frame) => bus.send('net0-receive', frame),
    onHalt: (listener) => bus.register('cpu-event-halt', () => listener()),
    setJitPages: (pages) => cpu.set_jit_config(jitMaximumPages, pages),
    disableJit: () => cpu.set_jit_config(jitDisabled, 1),
    consoleHasBuffer: () => Boolean(queue.is_configured()) && queue.has_request(),
    forbidReset() {
      cpu.reboot_internal = () => {
        throw new GuestReset();
      };
    },
    onInterrupt(listener) {
      const raise = cpu.device_raise_irq;
      cpu.device_raise_irq = (line) => {
        raise(line);
        if (line !== clockLine) listener();
      };
    },
    nudge: () => scheduler.next_tick(0),
    replaceScheduler(schedule) {
      scheduler.unregister_yield();
      scheduler.yield = (milliseconds, tick) => schedule(() => scheduler.yield_callback(tick), milliseconds);
    },
  };
}

function cpuMemory(cpu: Cpu): CpuMemory {
  return {
    byteOffset: () => cpu.mem8.byteOffset,
    byteLength: () => cpu.mem8.length,
    clearTlb: () => cpu.full_clear_tlb(),
    leaveOut(save) {
      const whole = cpu.pack_memory;
      // One bit for each page.
      const bits = new ArrayBuffer(cpu.mem8.length / pageBytes / 8);
      cpu.pack_memory = () => ({ bitmap: { get_buffer: () => bits }, packed_memory: new Uint8Array() });
      try {
        return save();
      } finally {
        cpu.pack_memory = whole;
      }
    },
    watchDevices(before) {
      for (const [name, bytes] of [['read8', 1], ['read16', 2], ['read32s', 4]] as const) {
        const read = cpu[name];
        cpu[name] = (address) => {
          before(address >>> 0, (address >>> 0) + bytes);
          return read(address);
        };
      }
      for (const [name, bytes] of [['write8', 1], ['write16', 2], ['write32', 4]] as const) {
        const write = cpu[name];
        cpu[name] = (address, value) => {
          before(address >>> 0, (address >>> 0) + bytes);
          write(address, value);
        };
      }
      const zero = cpu.zero_memory;
      cpu.zero_memory = (address, length) => {
        before(address >>> 0, (address >>> 0) + length);
        zero(address, length);
      };
      cpu.mem8 = watched(cpu.mem8, before);
    },
  };
}

/** v86's disks and rings reach into the memory by these three methods only. */
function watched(memory: Uint8Array, before: (start: number, end: number) => void): Uint8Array {
  return new Proxy(memory, {
    get(target, property) {
      switch (property) {
        case 'subarray':
        case 'slice':
          return (start = 0, end = target.length): Uint8Array => {
            before(start, end);
            return target[property](start, end);
          };
        case 'set':
          return (bytes: ArrayLike<number>, offset = 0): void => {
            before(offset, offset + bytes.length);
            target.set(bytes, offset);
          };
        default:
          return Reflect.get(target, property);
      }
    },
    set: (target, property, value) => Reflect.set(target, property, value),
  });
}

/** The object at the path, once it is seen to have the methods. The one place where v86's shape is taken on trust. */
function member<Shape>(root: object, path: readonly string[], methods: readonly string[]): Shape {
  let value: unknown = root;
  for (const name of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof value !== 'object' || value === null) throw unknownV86(path.join('.'));
  for (const name of methods) {
    if (typeof Reflect.get(value, name) !== 'function') throw unknownV86(`${path.join('.')}.${name}`);
  }
  return value as Shape;
}

function unknownV86(name: string): DrydockError {
  return new DrydockError('machine-crashed', { reason: `this version of v86 has no ${name}` });
}
