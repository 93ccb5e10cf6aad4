/**
 * Finds the answer to a HELLO in a stream whose frames are not in step: a machine woken from a saved state may be in the
 * middle of one, and an agent that was started anew begins afresh. Both ends of the host's side look for it: whoever paces
 * the link, and the protocol's client.
 */

/** Payload of 8 bytes on channel 0, type HELLO_ACK: the header of every answer (vm-images/agent/PROTOCOL.md). */
const header = [8, 0, 0, 0, 0, 0, 0x81, 0] as const;
/** Header, u32 version, u32 nonce. */
const answerBytes = 16;

export interface HelloAnswer {
  /** Version of the protocol that the agent speaks. */
  readonly version: number;
  readonly nonce: number;
  /** What follows it. */
  readonly rest: Uint8Array;
}

export class HelloSeeker {
  #tail: Uint8Array = new Uint8Array(0);

  /** The first answer whose nonce `isOurs` accepts; `undefined` if there is none yet. */
  push(bytes: Uint8Array, isOurs: (nonce: number) => boolean): HelloAnswer | undefined {
    const all = new Uint8Array(this.#tail.length + bytes.length);
    all.set(this.#tail);
    all.set(bytes, this.#tail.length);
    const view = new DataView(all.buffer);
    for (let start = 0; start + answerBytes <= all.length; start++) {
      if (!header.every((byte, index) => all[start + index] === byte)) continue;
      const nonce = view.getUint32(start + header.length + 4, true);
      if (isOurs(nonce)) return { version: view.getUint32(start + header.length, true), nonce, rest: all.subarray(start + answerBytes) };
    }
    this.#tail = all.slice(Math.max(0, all.length - answerBytes + 1));
    return undefined;
  }
}
