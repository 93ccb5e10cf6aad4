/**
 * Finds the answer to a HELLO in a stream whose frames are not in step: a machine woken from a saved state may be in the
 * middle of one, and an agent that was started anew begins afresh.
 */
import { frameType } from './frame-scanner.ts';

/** Payload of 8 bytes on channel 0: the header of every HELLO_ACK. */
const header = [8, 0, 0, 0, 0, 0, frameType.helloAck, 0] as const;
/** Header, u32 version, u32 nonce. */
const answerBytes = 16;

export class HelloSeeker {
  #tail: Uint8Array = new Uint8Array(0);

  /** The nonce of the first answer that `isOurs` accepts, and what follows it; `undefined` if there is none yet. */
  push(bytes: Uint8Array, isOurs: (nonce: number) => boolean): { nonce: number; rest: Uint8Array } | undefined {
    const all = new Uint8Array(this.#tail.length + bytes.length);
    all.set(this.#tail);
    all.set(bytes, this.#tail.length);
    const view = new DataView(all.buffer);
    for (let start = 0; start + answerBytes <= all.length; start++) {
      if (!header.every((byte, index) => all[start + index] === byte)) continue;
      const nonce = view.getUint32(start + 12, true);
      if (isOurs(nonce)) return { nonce, rest: all.subarray(start + answerBytes) };
    }
    this.#tail = all.slice(Math.max(0, all.length - answerBytes + 1));
    return undefined;
  }
}
