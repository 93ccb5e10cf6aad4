/** Reads parts over HTTP and waits: a worker may use XMLHttpRequest synchronously, which is the one way to do that. */
import type { BlockingRead } from './part-reader.ts';

/** `base` is the URL of the manifest, which the paths of the parts are relative to. */
export function httpReader(base: string): BlockingRead {
  return (part, { fresh, milliseconds }) => {
    const url = new URL(part.path, base);
    const request = new XMLHttpRequest();
    request.open('GET', url, false);
    request.responseType = 'arraybuffer';
    request.timeout = milliseconds;
    if (fresh) request.setRequestHeader('cache-control', 'no-cache');
    request.send();
    if (request.status !== 200) throw new Error(`HTTP ${request.status} ${request.statusText}`.trim());
    const { response }: { response: unknown } = request;
    if (!(response instanceof ArrayBuffer)) throw new Error('the answer has no body');
    return new Uint8Array(response);
  };
}

/**
 * Sleeps on a cell that nobody wakes. The cell is of a WebAssembly memory, which may be shared also where the page is
 * not isolated and has no SharedArrayBuffer.
 */
export function sleepNow(milliseconds: number): void {
  const cell = new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
  Atomics.wait(cell, 0, 0, milliseconds);
}
