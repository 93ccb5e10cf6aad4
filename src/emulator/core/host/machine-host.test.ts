import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DrydockError, deserializeError } from '../../../shared/errors.ts';
import type { ImageManifest } from '../../../shared/manifest.ts';
import type { Disk } from '../disk/disk.ts';
import type { Lifecycle } from '../lifecycle.ts';
import { PacedLink } from '../link/paced-link.ts';
import type { MachineEnd, MachineOptions } from '../machine.ts';
import type { PartFetcher } from '../parts/part-fetcher.ts';
import { MachineHost, type HostDependencies, type HostedMachine } from './machine-host.ts';

const url = 'https://site.example/vm/manifest.json';
const part = { path: 'p', bytes: 1, sha256: '' };
const manifest: ImageManifest = {
  schema: 4,
  id: 'test',
  emulator: { version: '0', wasm: { bytes: 1, part } },
  machine: { memoryBytes: 1, vgaMemoryBytes: 1, network: { mac: '', guestAddress: '10.0.2.15', gatewayAddress: '10.0.2.2', mtu: 1500 } },
  bios: { bytes: 1, part },
  vgaBios: { bytes: 1, part },
  state: { bytes: 1, chunkBytes: 1, chunks: [part] },
  memory: { map: part, parts: [], startParts: 0, aheadParts: 0 },
  hotCode: { bytes: 1, part },
  disk: { bytes: 4096, chunkBytes: 4096, chunks: [part] },
  authority: { certificate: '30', privateKey: '00' },
  guest: { user: 'dev', home: '/home/dev', engineVersion: '', kernelVersion: '', images: [] },
};
const buffer = new ArrayBuffer(0);
const saved = { state: new ArrayBuffer(8), memory: { pages: Uint32Array.of(3), bytes: new Uint8Array(4096) } };

/** A machine that only notes what is asked of it. */
function setUp(changes: Partial<HostDependencies> = {}) {
  const states: Lifecycle[] = [];
  const calls: string[] = [];
  let options: MachineOptions | undefined;
  const note = (name: string) => async (reason?: string): Promise<void> => {
    calls.push(reason === undefined ? name : `${name} ${reason}`);
  };
  const machine: HostedMachine = {
    link: new PacedLink({ canWrite: () => true, write: () => undefined }),
    memory: { provide: () => undefined, complete: () => undefined, has: () => true, isOwn: () => false, canRunIncomplete: true },
    run: note('run'),
    warmUp: async (_, __, signal) => {
      signal.addEventListener('abort', () => calls.push('warmUp ended'));
    },
    stop: note('stop'),
    hold: note('hold'),
    release: note('release'),
    destroy: note('destroy'),
    saveChanges: async () => {
      calls.push('saveChanges');
      return saved;
    },
    stats: () => ({ instructions: 1, jitCompiles: 2, jitBytes: 3, jitUncut: 0, memoryBytes: 4 }),
  };
  const host = new MachineHost({
    loadManifest: async () => manifest,
    loadImage: async (_, __, ___, onProgress) => {
      onProgress('state', { receivedBytes: 5, totalBytes: 10 });
      return { wasm: buffer, bios: buffer, vgaBios: buffer, state: buffer };
    },
    fetcherFor: () => ({ fetch: () => Promise.reject(new DrydockError('part-download-failed', { part: 'p', attempts: 5, reason: 'offline' })) }),
    readerFor: () => () => new Uint8Array(),
    createMachine: async (given) => {
      options = given;
      return machine;
    },
    networkFor: () => () => () => undefined,
    onLifecycle: (state) => states.push(state),
    onMachine: () => calls.push('onMachine'),
    onAgentStart: () => calls.push('onAgentStart'),
    ...changes,
  });
  const phases = (): string[] => states.map((state) => state.phase);
  const disk = (): Disk => {
    const [first] = options?.disks ?? [];
    if (first === undefined) throw new Error('the machine was built without a disk');
    return first;
  };
  return { host, states, phases, calls, disk, options: () => options, end: (how: MachineEnd) => options?.onEnd?.(how) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('starting', () => {
  it('goes through loading and restoring, and hands the link out before the guest runs', async () => {
    const { host, states, calls } = setUp();
    await host.start(url);
    expect(states).toEqual([
      { phase: 'loading', what: 'manifest', receivedBytes: 0, totalBytes: 0 },
      { phase: 'loading', what: 'state', receivedBytes: 5, totalBytes: 10 },
      { phase: 'restoring' },
      { phase: 'running' },
    ]);
    expect(calls).toEqual(['onMachine', 'run']);
  });

  it('tells when the agent of the machine begins again', async () => {
    const { host, calls, options } = setUp();
    await host.start(url);
    options()?.onSerial?.(new TextEncoder().encode('\n@@agent\n'));
    expect(calls).toEqual(['onMachine', 'run', 'onAgentStart']);
  });

  it('fails with what is to be done about it, and starts again on retry', async () => {
    let here = false;
    const { host, states } = setUp({
      loadManifest: async () => {
        if (!here) throw new DrydockError('manifest-missing', { url, reason: 'offline' });
        return manifest;
      },
    });
    await host.start(url);
    const failed = states.at(-1);
    expect(failed?.phase === 'failed' && failed.retryable).toBe(true);
    here = true;
    await host.retry(url);
    expect(states.at(-1)).toEqual({ phase: 'running' });
  });

  it('ends what is done in advance when power is to be spared, and goes on otherwise', async () => {
    const { host, calls, phases } = setUp({ loadImage: async () => ({ wasm: buffer, bios: buffer, vgaBios: buffer, state: buffer, hotCode: [] }) });
    await host.start(url);
    host.spare({ data: true, power: false });
    expect(calls).not.toContain('warmUp ended');
    host.spare({ data: false, power: true });
    expect(calls).toContain('warmUp ended');
    expect(phases().at(-1)).toBe('running');
  });

  it('offers no retry for what it cannot mend', async () => {
    const { host, states } = setUp({ createMachine: () => Promise.reject(new DrydockError('state-unrestorable', { reason: 'version' })) });
    await host.start(url);
    const failed = states.at(-1);
    expect(failed?.phase === 'failed' && [failed.retryable, deserializeError(failed.error).kind]).toEqual([false, 'state-unrestorable']);
  });

  it('ends quietly when it is stopped on the way, and lets a late machine go', async () => {
    const gate = Promise.withResolvers<HostedMachine>();
    const destroy = vi.fn(async () => undefined);
    const { host, phases } = setUp({ createMachine: () => gate.promise });
    const starting = host.start(url);
    await vi.advanceTimersByTimeAsync(1);
    await host.stop();
    gate.resolve({ destroy } as unknown as HostedMachine);
    await starting;
    expect(destroy).toHaveBeenCalledOnce();
    expect(phases().at(-1)).toBe('stopped');
  });

  it('shows one failure when v86 breaks down while it is built', async () => {
    const gate = Promise.withResolvers<HostedMachine>();
    const { host, states, phases } = setUp({ createMachine: () => gate.promise });
    const starting = host.start(url);
    await vi.advanceTimersByTimeAsync(1);
    host.fail(new DrydockError('memory-insufficient', { neededMiB: 520 }));
    gate.reject(new DrydockError('machine-crashed', { reason: 'late' }));
    await starting;
    expect(phases().filter((phase) => phase === 'failed')).toHaveLength(1);
    const failed = states.at(-1);
    expect(failed?.phase === 'failed' && deserializeError(failed.error).kind).toBe('memory-insufficient');
  });
});

describe('running', () => {
  it('pauses and resumes', async () => {
    const { host, phases, calls } = setUp();
    await host.start(url);
    await host.pause();
    await host.resume();
    expect(phases().slice(-2)).toEqual(['paused', 'running']);
    expect(calls.slice(-2)).toEqual(['stop', 'run']);
  });

  it('does not run a machine that was paused while it was loaded', async () => {
    const { host, phases, calls } = setUp();
    const starting = host.start(url);
    await host.pause();
    await starting;
    expect(calls).not.toContain('run');
    expect(phases().at(-1)).toBe('paused');
  });

  it.each(['halted', 'rebooted'] as const)('is over when the guest %s', async (how) => {
    const { host, states, calls, end } = setUp();
    await host.start(url);
    end(how);
    await vi.advanceTimersByTimeAsync(1);
    expect(states.at(-1)).toEqual({ phase: 'stopped', how });
    expect(calls).toContain('destroy');
    host.fail(new Error('an after-effect'));
    expect(states.at(-1)).toEqual({ phase: 'stopped', how });
  });
});

it('fails beyond retry when the emulator breaks down', async () => {
  const { host, states, calls, end } = setUp();
  await host.start(url);
  end(new DrydockError('machine-crashed', { reason: 'unreachable' }));
  const failed = states.at(-1);
  expect(failed?.phase === 'failed' && [failed.retryable, failed.error.kind]).toEqual([false, 'machine-crashed']);
  expect(calls).toContain('destroy');
});

describe('a disk part that does not come', () => {
  it('stops the guest and says so; retry lets it go on', async () => {
    let here = false;
    const bytes = Uint8Array.from(zeros4096);
    const fetcher: PartFetcher = {
      fetch: async () => {
        if (!here) throw new DrydockError('part-download-failed', { part: 'p', attempts: 5, reason: 'offline' });
        return bytes;
      },
    };
    const { host, states, calls, disk } = setUp({ fetcherFor: () => fetcher });
    await host.start(url);
    const done = vi.fn();
    disk().read(0, 512, done);
    await vi.advanceTimersByTimeAsync(1);
    const failed = states.at(-1);
    expect(failed?.phase === 'failed' && failed.retryable).toBe(true);
    expect(calls.at(-1)).toBe('hold disk');
    here = true;
    await host.retry(url);
    vi.useRealTimers();
    await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
    expect(states.at(-1)).toEqual({ phase: 'running' });
    expect(calls.at(-1)).toBe('release disk');
  });

  it('stops the guest before its driver loses patience', async () => {
    const { host, calls, disk, phases } = setUp({ fetcherFor: () => ({ fetch: () => new Promise(() => undefined) }) });
    await host.start(url);
    disk().read(0, 512, () => undefined);
    await vi.advanceTimersByTimeAsync(7000);
    expect(calls).not.toContain('hold disk');
    await vi.advanceTimersByTimeAsync(2000);
    expect(calls).toContain('hold disk');
    expect(phases().at(-1)).toBe('running');
  });
});

/** 4,096 zeros as one zstd frame: magic, a descriptor for a two-byte size (4096 - 256), one run-length block. */
const zeros4096 = [0x28, 0xb5, 0x2f, 0xfd, 0x60, 0x00, 0x0f, 0x03, 0x80, 0x00, 0x00];

describe('sessions', () => {
  it('saves what differs with the id of the image, and lets the guest run on', async () => {
    const { host, calls } = setUp();
    await host.start(url);
    calls.length = 0;
    expect(await host.save()).toEqual({ imageId: 'test', ...saved });
    expect(calls).toEqual(['saveChanges', 'run']);
    await host.pause();
    calls.length = 0;
    await host.save();
    expect(calls).toEqual(['saveChanges']);
  });

  it('has nothing to save before and after the machine', async () => {
    const { host, end } = setUp();
    await expect(host.save()).rejects.toMatchObject({ kind: 'machine-stopped' });
    await host.start(url);
    end('halted');
    await expect(host.save()).rejects.toMatchObject({ kind: 'machine-stopped' });
  });

  it('wakes a session in place of the published state', async () => {
    const { host, options, phases } = setUp();
    await host.start(url, { session: async () => ({ imageId: 'test', ...saved }) });
    expect(phases().at(-1)).toBe('running');
    expect(options()?.state).toBe(saved.state);
  });

  it('begins with the start of an exercise, and passes one of another image over', async () => {
    const part = { path: 'starts/a.zst', bytes: 1, sha256: '0'.repeat(64) };
    for (const [imageId, prepared] of [['test', true], ['older', false]] as const) {
      const made: boolean[] = [];
      const { host, phases } = setUp({
        loadImage: async (_manifest, _fetcher, _signal, _onProgress, start) => ({ wasm: buffer, bios: buffer, vgaBios: buffer, state: buffer, ...(start && { start: { imageId, ...saved } }) }),
        onMachine: (_machine, _manifest, with_) => made.push(with_),
      });
      await host.start(url, { start: { imageId, bytes: 1, part } });
      expect(phases().at(-1)).toBe('running');
      expect(made).toEqual([prepared]);
    }
  });

  it('refuses a session of another image', async () => {
    const { host, states } = setUp();
    await host.start(url, { session: async () => ({ imageId: 'older', ...saved }) });
    const failed = states.at(-1);
    expect(failed?.phase === 'failed' && [failed.retryable, deserializeError(failed.error).kind]).toEqual([false, 'session-other-image']);
  });
});
