/** Gets the index of something that the site publishes for the network around the machine, and goes on trying. */
import type { z } from 'zod';
import { Transfer } from '../shared/transfer.ts';
import { backoffMilliseconds, browserConnectivity, waitToRetry } from './core/parts/backoff.ts';

/** The machine works without it, so there is no end to the attempts but the signal, with whose reason it then rejects. */
export async function fetchIndex<T>(url: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const transfer = new Transfer(signal);
    try {
      const response = await transfer.wait(() => fetch(url, { signal: transfer.signal }));
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return schema.parse(await transfer.wait(() => response.json()));
    } catch (error) {
      signal.throwIfAborted();
      console.warn(`drydock: ${url} could not be loaded, attempt ${attempt}`, error);
      await waitToRetry(backoffMilliseconds(attempt, Math.random()), signal, browserConnectivity());
    } finally {
      transfer.end();
    }
  }
}
