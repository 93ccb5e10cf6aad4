/**
 * Gets a part while everything else stands still: for memory that the guest is touching this very moment.
 *
 * There is nobody to hand a failure to, since the guest cannot go on without its memory and what the learner did must
 * not be lost. So the reader tells that it is in trouble, and tries again until it has the part.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { DrydockError, reasonOf } from '../../../shared/errors.ts';
import type { Part } from '../../../shared/manifest.ts';

/** Gives a part as served, checked; returns only when it has it. */
export type PartReader = (part: Part) => Uint8Array;

/** One attempt. `fresh`: past all caches, since what lies there is damaged. Throws anything. */
export type BlockingRead = (part: Part, fresh: boolean) => Uint8Array;

export interface PartReaderOptions {
  read: BlockingRead;
  /** Sleeps without giving the thread back, about so long. */
  pause(milliseconds: number): void;
  /** An attempt failed, and there will be another one. */
  onTrouble(error: DrydockError): void;
  /** The part came after all. */
  onRecovered(): void;
}

/** The first failures are nobody's business: a second try mostly mends them. */
const quietAttempts = 2;
const pauseMilliseconds = 1000;

export function createPartReader(options: PartReaderOptions): PartReader {
  return (part) => {
    let fresh = false;
    for (let attempt = 1; ; attempt++) {
      const result = tryOnce(options.read, part, fresh, attempt);
      if (result instanceof Uint8Array) {
        if (attempt > quietAttempts) options.onRecovered();
        return result;
      }
      fresh = result.kind === 'part-corrupt';
      if (attempt >= quietAttempts) options.onTrouble(result);
      options.pause(pauseMilliseconds);
    }
  };
}

function tryOnce(read: BlockingRead, part: Part, fresh: boolean, attempts: number): Uint8Array | DrydockError {
  try {
    const bytes = read(part, fresh);
    const actual = bytesToHex(sha256(bytes));
    return actual === part.sha256 ? bytes : new DrydockError('part-corrupt', { part: part.path, expected: part.sha256, actual });
  } catch (error) {
    return new DrydockError('part-download-failed', { part: part.path, attempts, reason: reasonOf(error) }, { cause: error });
  }
}
