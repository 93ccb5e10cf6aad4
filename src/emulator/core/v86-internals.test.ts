import { expect, it, vi } from 'vitest';
import { isDrydockError } from '../../shared/errors.ts';
import { GuestReset, v86Internals } from './v86-internals.ts';

function fakeV86(): Record<'v86' | 'bus', Record<string, unknown>> {
  const method = (): void => undefined;
  const queue = { has_request: () => true, is_configured: () => 4096 };
  const devices = { virtio_console: { virtio: { queues: [queue] } } };
  return {
    bus: { send: vi.fn(), register: method },
    v86: { yield: method, yield_callback: vi.fn(), next_tick: vi.fn(), unregister_yield: vi.fn(), cpu: { set_jit_config: vi.fn(), reboot_internal: vi.fn(), devices } },
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

it('throws out of the emulation where the guest would be reset', () => {
  const emulator = fakeV86();
  const cpu = emulator.v86['cpu'] as { reboot_internal: () => void };
  v86Internals(emulator).forbidReset();
  expect(() => cpu.reboot_internal()).toThrow(GuestReset);
});
