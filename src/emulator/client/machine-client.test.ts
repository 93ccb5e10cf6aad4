import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GuestLink } from '../../guest/link.ts';
import { DrydockError, isDrydockError, serializeError } from '../../shared/errors.ts';
import type { Lifecycle } from '../core/lifecycle.ts';
import { toWorkerSchema, type ToPage, type ToWorker } from '../protocol.ts';
import { type Arrival, MachineClient, type WorkerLike } from './machine-client.ts';
import type { ThriftSource } from './thrift.ts';

const url = 'https://site.example/vm/manifest.json';
const guest = { user: 'dev', home: '/home/dev', engineVersion: '28', kernelVersion: '6', images: [] };

class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  onerror: WorkerLike['onerror'] = null;
  terminated = false;
  readonly messages: ToWorker[] = [];

  postMessage(message: unknown): void {
    this.messages.push(toWorkerSchema.parse(message));
  }

  terminate(): void {
    this.terminated = true;
  }

  say(message: ToPage | { type: 'nonsense' }): void {
    // Only `data` of the event is looked at.
    this.onmessage?.call(this as unknown as Worker, { data: structuredClone(message) } as MessageEvent);
  }

  lifecycle(state: Lifecycle): void {
    this.say({ type: 'lifecycle', state });
  }

  run(): void {
    this.say({ type: 'machine', guest, prepared: false });
    this.lifecycle({ phase: 'running' });
  }

  types(): string[] {
    return this.messages.map((message) => message.type).filter((type) => type !== 'ping');
  }
}

function setUp(thrift: ThriftSource = {}) {
  const workers: FakeWorker[] = [];
  const links: GuestLink[] = [];
  const client = new MachineClient({
    thrift,
    createWorker: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
  });
  client.onLink((link) => links.push(link));
  const last = (): FakeWorker => {
    const worker = workers.at(-1);
    if (worker === undefined) throw new Error('no worker was started');
    return worker;
  };
  return { client, workers, links, last };
}

const failure = (retryable: boolean): Lifecycle => ({
  phase: 'failed',
  retryable,
  error: serializeError(new DrydockError('part-download-failed', { part: 'p', attempts: 5, reason: 'offline' })),
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('MachineClient', () => {
  it('starts, and joins the link both ways', async () => {
    const { client, links, last } = setUp();
    const started = client.start(url);
    last().run();
    await started;
    expect(client.lifecycle).toEqual({ phase: 'running' });
    const received: number[] = [];
    links[0]?.onReceive((bytes) => received.push(...bytes));
    last().say({ type: 'link', bytes: Uint8Array.of(1, 2).buffer });
    const bytes = Uint8Array.of(3, 4);
    links[0]?.send(bytes);
    expect(received).toEqual([1, 2]);
    const sent = last().messages.at(-1);
    expect(sent?.type === 'link' && [...new Uint8Array(sent.bytes)]).toEqual([3, 4]);
    expect(bytes).toHaveLength(2);
  });

  it('gives another link when the agent of the machine begins again', async () => {
    const { client, links, workers, last } = setUp();
    const arrivals: Arrival[] = [];
    client.onLink((_, __, arrival) => arrivals.push(arrival));
    const started = client.start(url);
    last().run();
    await started;
    const closed = vi.fn();
    links[0]?.onClose(closed);
    last().say({ type: 'agentStarted' });
    expect(isDrydockError(closed.mock.calls[0]?.[0], 'guest-restarted')).toBe(true);
    expect(links).toHaveLength(2);
    expect(arrivals).toEqual(['bare', 'again']);
    expect(workers).toHaveLength(1);
    const received: number[] = [];
    links[1]?.onReceive((bytes) => received.push(...bytes));
    last().say({ type: 'link', bytes: Uint8Array.of(1, 2).buffer });
    expect(received).toEqual([1, 2]);
    expect(client.lifecycle).toEqual({ phase: 'running' });
  });

  it('says what is to be spared right after the start, and nothing otherwise', () => {
    const sparing = setUp({ connection: { saveData: true } });
    sparing.client.start(url).catch(() => undefined);
    expect(sparing.last().messages.filter(({ type }) => type !== 'ping')).toEqual([
      { type: 'start', manifestUrl: url },
      { type: 'thrift', data: true, power: false },
    ]);
    const other = setUp();
    other.client.start(url).catch(() => undefined);
    expect(other.last().types()).toEqual(['start']);
  });

  it('rejects the start with the failure, keeps the worker, and goes on after retry', async () => {
    const { client, workers, last } = setUp();
    const started = client.start(url);
    last().lifecycle(failure(true));
    await expect(started).rejects.toMatchObject({ kind: 'part-download-failed' });
    const retried = client.retry();
    expect(last().types()).toEqual(['start', 'retry']);
    last().run();
    await retried;
    expect(workers).toHaveLength(1);
  });

  it('throws the worker away after a failure that a retry cannot mend, and begins anew only by a reset', async () => {
    const { client, workers, links, last } = setUp();
    const started = client.start(url);
    last().run();
    await started;
    const closed = vi.fn();
    links[0]?.onClose(closed);
    last().lifecycle(failure(false));
    expect(workers[0]?.terminated).toBe(true);
    expect(isDrydockError(closed.mock.calls[0]?.[0], 'part-download-failed')).toBe(true);
    await client.retry();
    expect(workers).toHaveLength(1);
    const reset = client.reset();
    expect(workers).toHaveLength(2);
    last().run();
    await reset;
    expect(links).toHaveLength(2);
  });

  it('resets into a new worker; the old link closes and the old worker is not heard', async () => {
    const { client, workers, links, last } = setUp();
    const started = client.start(url);
    last().run();
    await started;
    const closed = vi.fn();
    links[0]?.onClose(closed);
    const reset = client.reset();
    expect(closed).toHaveBeenCalledOnce();
    workers[0]?.lifecycle({ phase: 'paused' });
    expect(client.lifecycle.phase).toBe('loading');
    last().run();
    await reset;
    expect(client.lifecycle.phase).toBe('running');
  });

  it('stops when the signal fires', async () => {
    const { client, last } = setUp();
    const abort = new AbortController();
    const started = client.start(url, { signal: abort.signal });
    abort.abort();
    await expect(started).rejects.toMatchObject({ kind: 'operation-cancelled' });
    expect(last().terminated).toBe(true);
    expect(client.lifecycle).toEqual({ phase: 'stopped', how: 'host' });
  });

  it('gives up a worker that is silent', async () => {
    const { client, last } = setUp();
    const started = client.start(url);
    started.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(16_000);
    await expect(started).rejects.toMatchObject({ kind: 'machine-unresponsive', params: { seconds: 15 } });
    expect(last().terminated).toBe(true);
  });

  it('has patience with a worker that fetches memory for its guest', async () => {
    const { client, last } = setUp();
    const started = client.start(url);
    last().run();
    await started;
    last().say({ type: 'silence', milliseconds: 40_000 });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(client.lifecycle).toEqual({ phase: 'running' });
    last().lifecycle(failure(true));
    last().say({ type: 'silence', milliseconds: 40_000 });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(client.lifecycle).toMatchObject({ phase: 'failed', retryable: true });
    last().lifecycle({ phase: 'running' });
    expect(client.lifecycle).toEqual({ phase: 'running' });
    expect(last().terminated).toBe(false);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(client.lifecycle).toMatchObject({ phase: 'failed', retryable: false });
  });

  it('tells a worker that cannot be had from one that breaks down', async () => {
    const { client } = setUp();
    const broken = new MachineClient({
      createWorker: () => {
        throw new Error('refused');
      },
    });
    await expect(broken.start(url)).rejects.toMatchObject({ kind: 'worker-unavailable' });
    const { client: other, last } = setUp();
    const started = other.start(url);
    last().run();
    await started;
    last().onerror?.call(last() as unknown as Worker, { message: 'boom', preventDefault: () => undefined } as ErrorEvent);
    expect(other.lifecycle.phase === 'failed' && other.lifecycle.error.kind).toBe('machine-crashed');
    expect(client.lifecycle.phase).toBe('idle');
  });

  it('takes a message it does not know for a breakdown', () => {
    const { client, last } = setUp();
    client.start(url).catch(() => undefined);
    last().say({ type: 'nonsense' });
    expect(client.lifecycle.phase === 'failed' && client.lifecycle.error.kind).toBe('machine-crashed');
  });

  it('opens connections, which break when the machine goes', async () => {
    const { client, last } = setUp();
    await expect(client.connect(80)).rejects.toMatchObject({ fault: 'unreachable' });
    const started = client.start(url);
    last().run();
    await started;
    const connecting = client.connect(8080);
    const request = last().messages.at(-1);
    if (request?.type !== 'connect') throw new Error('no connection was asked for');
    expect(request.port).toBe(8080);
    client.stop();
    await expect(connecting).rejects.toMatchObject({ fault: 'reset' });
  });

  it('waits neither for counters nor for a save for ever, though the worker lives', async () => {
    const { client, last } = setUp();
    const started = client.start(url);
    last().run();
    await started;
    const late = [client.stats(), client.save()].map((asked) => asked.catch((error: unknown) => error));
    for (let seconds = 0; seconds < 120; seconds += 5) {
      last().say({ type: 'pong', id: 0 });
      await vi.advanceTimersByTimeAsync(5000);
    }
    expect(await Promise.all(late)).toMatchObject([{ kind: 'machine-unresponsive', params: { seconds: 5 } }, { kind: 'machine-unresponsive', params: { seconds: 120 } }]);
    client.stop();
  });

  it('gives counters, and none when the machine goes in the meantime', async () => {
    const { client, last } = setUp();
    expect(await client.stats()).toBeUndefined();
    const started = client.start(url);
    last().run();
    await started;
    const stats = { instructions: 1, jitCompiles: 2, jitBytes: 3, jitUncut: 0, memoryBytes: 4 };
    const asked = client.stats();
    const request = last().messages.at(-1);
    if (request?.type === 'stats') last().say({ type: 'stats', id: request.id, stats });
    expect(await asked).toEqual(stats);
    const again = client.stats();
    client.stop();
    expect(await again).toBeUndefined();
  });

  it('brings the machine as it is, or tells why not', async () => {
    const { client, last } = setUp();
    await expect(client.save()).rejects.toMatchObject({ kind: 'machine-stopped' });
    const started = client.start(url);
    last().run();
    await started;
    const saving = client.save();
    const refused = client.save();
    const lost = client.save();
    const [first, second] = last().messages.filter(({ type }) => type === 'save');
    if (first?.type !== 'save' || second?.type !== 'save') throw new Error('nothing was asked to be saved');
    last().say({ type: 'notSaved', id: second.id, error: serializeError(new DrydockError('machine-unresponsive', { seconds: 30 })) });
    last().say({ type: 'saved', id: first.id, session: new Blob(['abc']), imageId: 'one' });
    const { image, imageId } = await saving;
    expect([image.size, imageId]).toEqual([3, 'one']);
    await expect(refused).rejects.toMatchObject({ kind: 'machine-unresponsive' });
    client.stop();
    await expect(lost).rejects.toMatchObject({ kind: 'machine-stopped' });
  });

  it('starts from a session once, and from the start of the exercise at the next reset', async () => {
    const { client, last } = setUp();
    const start = { imageId: 'one', bytes: 1, part: { path: 'starts/a.zst', bytes: 1, sha256: '0'.repeat(64) } };
    const started = client.start(url, { session: new Blob(['abc']), start });
    expect(last().messages.find(({ type }) => type === 'start')).toMatchObject({ session: expect.any(Blob) });
    last().run();
    await started;
    client.reset().catch(() => undefined);
    expect(last().messages.find(({ type }) => type === 'start')).toEqual({ type: 'start', manifestUrl: url, start });
    client.stop();
  });
});
