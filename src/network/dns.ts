/**
 * A name server that knows no names (RFC 1035). It answers at once, so that a look-up fails as "no such host" instead of
 * waiting out its time-outs.
 */

const headerBytes = 12;
/** A name, type and class each. A name is at most 255 bytes (RFC 1035, 2.3.4). */
const maximumNameBytes = 255;
const flags = { response: 0x8000, opcode: 0x7800, recursionDesired: 0x0100, recursionAvailable: 0x0080 } as const;
const code = { formatError: 1, noSuchName: 3, notImplemented: 4 } as const;

/** The answer to a query; `undefined` for what is not one. */
export function answerDns(message: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (message.length < headerBytes) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const asked = view.getUint16(2);
  if ((asked & flags.response) !== 0) return undefined;
  const end = view.getUint16(4) === 1 ? questionEnd(message) : undefined;
  let result: number = code.noSuchName;
  if ((asked & flags.opcode) !== 0) result = code.notImplemented;
  else if (end === undefined) result = code.formatError;
  const question = message.subarray(headerBytes, end ?? headerBytes);
  const answer = new Uint8Array(headerBytes + question.length);
  const out = new DataView(answer.buffer);
  out.setUint16(0, view.getUint16(0));
  out.setUint16(2, flags.response | (asked & (flags.opcode | flags.recursionDesired)) | flags.recursionAvailable | result);
  out.setUint16(4, question.length > 0 ? 1 : 0);
  answer.set(question, headerBytes);
  return answer;
}

/** Where the only question ends; `undefined` if it is malformed. */
function questionEnd(message: Uint8Array): number | undefined {
  let at = headerBytes;
  while (at < message.length && at - headerBytes < maximumNameBytes) {
    const length = message[at] ?? 0;
    if (length === 0) return at + 5 <= message.length ? at + 5 : undefined;
    // The two highest bits mark a pointer, which has nothing to point at in the first name of a message.
    if (length > 63) return undefined;
    at += 1 + length;
  }
  return undefined;
}
