/** Which exercises come with their start made, and how a made one is told from one that has changed since. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Exercise } from './schema.ts';

/** Files are written in milliseconds; what the engine has to do takes seconds, and is worth the bytes of a state of its own. */
export function hasStartState({ host, start }: Exercise): boolean {
  return host === 'machine' && start.commands.some((command) => /\bdocker\b/.test(command));
}

/** The same for equal starts only. */
export function startIdentity({ start }: Exercise): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(start)))).slice(0, 32);
}
