import { describe, expect, it, vi } from 'vitest';
import { InputQueue } from './input-queue.ts';

/** A guest that takes a piece only when told to. */
function slowSink() {
  const received: Uint8Array[] = [];
  const waiting: (() => void)[] = [];
  return {
    received,
    text: () => new TextDecoder().decode(Uint8Array.from(received.flatMap((piece) => [...piece]))),
    write(bytes: Uint8Array): Promise<void> {
      received.push(bytes);
      return new Promise((resolve) => waiting.push(resolve));
    },
    async takeAll(): Promise<void> {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        next();
        await Promise.resolve();
        await Promise.resolve();
      }
    },
  };
}

describe('InputQueue', () => {
  it('sends a large paste whole, in order, one piece at a time', async () => {
    const sink = slowSink();
    const queue = new InputQueue(sink, () => {});
    const paste = Array.from({ length: 12_000 }, (_, line) => `${line}\r`).join('');
    queue.push(paste);
    expect(sink.received).toHaveLength(1);
    await sink.takeAll();
    expect(sink.text()).toBe(paste);
    expect(Math.max(...sink.received.map((piece) => piece.length))).toBe(4096);
  });

  it('keeps characters whole that a piece cuts through', async () => {
    const sink = slowSink();
    const queue = new InputQueue(sink, () => {});
    const paste = `x${'船坞🐳'.repeat(2000)}`;
    queue.push(paste);
    await sink.takeAll();
    expect(sink.text()).toBe(paste);
  });

  it('lets Ctrl+C overtake what waits', async () => {
    const sink = slowSink();
    const queue = new InputQueue(sink, () => {});
    queue.push('y'.repeat(100_000));
    queue.push('\x03');
    await sink.takeAll();
    expect(sink.text()).toBe(`${'y'.repeat(4096)}\x03`);
  });

  it('tells once when the shell is gone and takes no more', async () => {
    const onError = vi.fn();
    const write = vi.fn(() => Promise.reject(new Error('gone')));
    const queue = new InputQueue({ write }, onError);
    queue.push('a'.repeat(10_000));
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
    queue.push('b');
    await Promise.resolve();
    expect(write).toHaveBeenCalledOnce();
    expect(onError).toHaveBeenCalledOnce();
  });
});
