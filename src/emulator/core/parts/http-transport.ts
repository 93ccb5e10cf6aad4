/** Fetches parts over HTTP. They are named by their content, so that a cached one never has to be asked about again. */
import type { AttemptOptions, PartTransport } from './transport.ts';
import { PermanentFailure } from './transport.ts';

/** Client errors that pass: request time-out, too early, too many requests. Other 4xx are answers. */
const passingStatus: readonly number[] = [408, 425, 429];

/** `base` is the URL of the manifest, which the paths of the parts are relative to. */
export function httpTransport(base: string, fetchFunction: typeof fetch = (input, init) => fetch(input, init)): PartTransport {
  return async (part, { signal, fresh, onBytes }) => {
    const response = await fetchFunction(new URL(part.path, base), { signal, cache: fresh ? 'reload' : 'default' });
    if (!response.ok) {
      const text = `HTTP ${response.status} ${response.statusText}`.trim();
      const permanent = response.status >= 400 && response.status < 500 && !passingStatus.includes(response.status);
      throw permanent ? new PermanentFailure(text) : new Error(text);
    }
    return readBody(response, part.bytes, onBytes);
  };
}

async function readBody(response: Response, expected: number, onBytes: AttemptOptions['onBytes']): Promise<Uint8Array<ArrayBuffer>> {
  if (response.body === null) throw new Error('the answer has no body');
  // One byte of slack shows a body that is too long without reading all of it.
  const buffer = new Uint8Array(expected + 1);
  let received = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    if (received + value.length > expected) {
      await reader.cancel();
      throw new Error(`more than the ${expected} bytes that were announced`);
    }
    buffer.set(value, received);
    received += value.length;
    onBytes(received);
  }
  if (received !== expected) throw new Error(`ended after ${received} of ${expected} bytes`);
  return buffer.subarray(0, received);
}
