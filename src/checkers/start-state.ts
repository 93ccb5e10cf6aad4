/** Which exercises come with their start made, and how a made one is told from one that has changed since. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Exercise } from './schema.ts';

/**
 * Whatever has to be made: in a machine that has just come to life three files take 1.5 s, in which the prompt is late as well, and two
 * `mkdir` 3.5 s (docs/performance.md). A state of its own is a megabyte or two, and takes no time.
 */
export function hasStartState({ host, start }: Exercise): boolean {
  return host === 'machine' && start.commands.length + start.files.length > 0;
}

/** The same for equal starts only. */
export function startIdentity({ start }: Exercise): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(start)))).slice(0, 32);
}
