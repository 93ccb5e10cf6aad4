import { expect, it, vi } from 'vitest';
import { isDrydockError } from '../../shared/errors.ts';
import { GuestReset, v86Internals } from './v86-internals.ts';

const memoryAccess = ['read8', 'read16', 'read32s', 'write8', 'write16', 'write32', 'zero_memory'];

function fakeV86(): Record<'v86' | 'bus', Record<string, unknown>> {
  const method = (): void => undefined;
  const queue = { has_request: () => true, is_configured: () => 4096 };
  const devices = { virtio_console: { virtio: { queues: [queue] } } };
  const memory = Object.fromEntries(memoryAccess.map((name) => [name, vi.fn()]));
  const cpu = { ...memory, mem8: new Uint8Array(16 * 4096), full_clear_tlb: vi.fn(), pack_memory: vi.fn(), set_jit_config: vi.fn(), reboot_internal: vi.fn(), device_raise_irq: vi.fn(), devices };
  return {
    bus: { send: vi.fn(), register: method },
    v86: { yield: method, yield_callback: vi.fn(), next_tick: vi.fn(), unregister_yield: vi.fn(), cpu },
  };
}

it('names what a v86 of another version lacks', () => {
  const emulator = fakeV86();
  delete emulator.v86['yield_callback'];
  let thrown: unknown;
  try {
    v86Internals(emulator);
  } catch (error) {
    thrown = error;
  }
  expect(isDrydockError(thrown, 'machine-crashed')).toBe(true);
  expect(String(thrown)).toContain('v86.yield_callback');
});

it('replaces the scheduler and passes the tick on', () => {
  const emulator = fakeV86();
  v86Internals(emulator).replaceScheduler((callback) => callback());
  expect(emulator.v86['unregister_yield']).toHaveBeenCalledOnce();
  Reflect.apply(emulator.v86['yield'] as () => void, undefined, [0, 42]);
  expect(emulator.v86['yield_callback']).toHaveBeenCalledWith(42);
});

it('tells of interrupts of every device but the clock, after they are raised', () => {
  const emulator = fakeV86();
  const cpu = emulator.v86['cpu'] as { device_raise_irq: (line: number) => void };
  const raise = cpu.device_raise_irq;
  const told: number[] = [];
  v86Internals(emulator).onInterrupt(() => told.push(vi.mocked(raise).mock.calls.length));
  for (const line of [0, 10, 0, 14]) cpu.device_raise_irq(line);
  expect(told).toEqual([2, 4]);
});

it('throws out of the emulation where the guest would be reset', () => {
  const emulator = fakeV86();
  const cpu = emulator.v86['cpu'] as { reboot_internal: () => void };
  v86Internals(emulator).forbidReset();
  expect(() => cpu.reboot_internal()).toThrow(GuestReset);
});

it('tells of every access of a device to the memory before it happens', () => {
  const emulator = fakeV86();
  const cpu = emulator.v86['cpu'] as Record<string, (...numbers: number[]) => unknown> & { mem8: Uint8Array };
  const original = new Map(memoryAccess.map((name) => [name, cpu[name]]));
  const told: [number, number][] = [];
  v86Internals(emulator).memory.watchDevices((start, end) => {
    for (const access of original.values()) expect(access).not.toHaveBeenCalledWith(start, expect.anything());
    told.push([start, end]);
  });
  cpu['read8']?.(4096);
  cpu['read16']?.(8191);
  cpu['read32s']?.(-4096);
  cpu['write8']?.(1, 0);
  cpu['write16']?.(2, 0);
  cpu['write32']?.(3, 0);
  cpu['zero_memory']?.(4, 100);
  cpu.mem8.set([1, 2, 3], 5);
  expect(cpu.mem8.subarray(5, 8)).toEqual(Uint8Array.of(1, 2, 3));
  expect(cpu.mem8.slice(6, 7)).toEqual(Uint8Array.of(2));
  expect(told).toEqual([[4096, 4097], [8191, 8193], [2 ** 32 - 4096, 2 ** 32 - 4092], [1, 2], [2, 4], [3, 7], [4, 104], [5, 8], [5, 8], [6, 7]]);
  for (const access of original.values()) expect(access).toHaveBeenCalledOnce();
});

it('leaves the memory out of what is saved meanwhile', () => {
  const emulator = fakeV86();
  const cpu = emulator.v86['cpu'] as { pack_memory: () => { bitmap: { get_buffer(): ArrayBuffer }; packed_memory: Uint8Array } };
  const whole = cpu.pack_memory;
  const { bitmap, packed_memory: packed } = v86Internals(emulator).memory.leaveOut(() => cpu.pack_memory());
  expect([bitmap.get_buffer().byteLength, packed.length]).toEqual([2, 0]);
  expect(cpu.pack_memory).toBe(whole);
});
