/** How one part of an image gets here, once: over HTTP in a browser, from the file system in Node. */
import type { Part } from '../../../shared/manifest.ts';

export interface AttemptOptions {
  signal: AbortSignal;
  /** Do not take the part from a cache: what lies there is damaged. */
  fresh: boolean;
  /** Called as bytes come in, with how many have come in this attempt. */
  onBytes: (received: number) => void;
}

/** Fetches a part as it is served, unchecked. Rejects with anything; a `PermanentFailure` is not tried again. */
export type PartTransport = (part: Part, options: AttemptOptions) => Promise<Uint8Array<ArrayBuffer>>;

/** A failure that trying again will not mend, such as a part that is not there. */
export class PermanentFailure extends Error {
  override name = 'PermanentFailure';
}
