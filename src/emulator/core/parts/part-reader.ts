/**
 * Gets a part while everything else stands still: for memory that the guest is touching this very moment.
 *
 * There is nobody to hand a failure to, since the guest cannot go on without its memory and what the learner did must
 * not be lost. So the reader tells that it is in trouble, and tries again until it has the part. Before each attempt it tells
 * how long nothing will be heard, so that the silence is not taken for a thread that hangs.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { DrydockError, reasonOf } from '../../../shared/errors.ts';
import type { Part } from '../../../shared/manifest.ts';

/** Gives a part as served, checked; returns only when it has it. */
export type PartReader = (part: Part) => Uint8Array;

export interface AttemptLimits {
  /** Past all caches, since what lies there is damaged. */
  readonly fresh: boolean;
  /** The attempt ends after so long, whatever has come. */
  readonly milliseconds: number;
}

/** One attempt. Throws anything. */
export type BlockingRead = (part: Part, limits: AttemptLimits) => Uint8Array;

export interface PartReaderOptions {
  read: BlockingRead;
  /** Sleeps without giving the thread back, about so long. */
  pause(milliseconds: number): void;
  /** Milliseconds from any beginning. */
  now(): number;
  /** An attempt begins: for so long at most the thread says nothing. */
  onSilence(milliseconds: number): void;
  /** An attempt failed, and there will be another one. */
  onTrouble(error: DrydockError): void;
  /** The part came after all. */
  onRecovered(): void;
}

/** A first failure is nobody's business, as a second try mostly mends it: unless the guest stood still for so long already. */
const quietMilliseconds = 2000;
const pauseMilliseconds = 1000;
/** A line that has died is told soon; a slow one gets twice the time with each attempt. */
const firstAttemptMilliseconds = 5000;
const longestAttemptMilliseconds = 40_000;

export function createPartReader({ read, pause, now, onSilence, onTrouble, onRecovered }: PartReaderOptions): PartReader {
  return (part) => {
    const began = now();
    let fresh = false;
    let told = false;
    for (let attempt = 1; ; attempt++) {
      const milliseconds = Math.min(longestAttemptMilliseconds, firstAttemptMilliseconds * 2 ** (attempt - 1));
      onSilence(milliseconds);
      const result = tryOnce(read, part, { fresh, milliseconds }, attempt);
      if (result instanceof Uint8Array) {
        if (told) onRecovered();
        return result;
      }
      fresh = result.kind === 'part-corrupt';
      if (attempt > 1 || now() - began >= quietMilliseconds) {
        told = true;
        onTrouble(result);
      }
      pause(pauseMilliseconds);
    }
  };
}

function tryOnce(read: BlockingRead, part: Part, limits: AttemptLimits, attempts: number): Uint8Array | DrydockError {
  try {
    const bytes = read(part, limits);
    const actual = bytesToHex(sha256(bytes));
    return actual === part.sha256 ? bytes : new DrydockError('part-corrupt', { part: part.path, expected: part.sha256, actual });
  } catch (error) {
    return new DrydockError('part-download-failed', { part: part.path, attempts, reason: reasonOf(error) }, { cause: error });
  }
}
