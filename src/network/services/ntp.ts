/** A time server (SNTPv4, RFC 5905): answers with the clock of the computer that the page runs on. */

const packetBytes = 48;
const mode = { client: 3, server: 4 } as const;
/** Seconds from 1900, where NTP begins to count, to 1970. */
const epochOffset = 2_208_988_800;
const fraction = 2 ** 32;
/** A reference clock of its own: the computer's. */
const stratum = 1;
const referenceId = [...'LOCL'].map((character) => character.charCodeAt(0));
/** Milliseconds, as a power of two seconds. */
const precision = -10;

/** `now`: milliseconds since 1970. `undefined` for what is no question. */
export function answerNtp(packet: Uint8Array, now: number): Uint8Array<ArrayBuffer> | undefined {
  const first = packet[0] ?? 0;
  if (packet.length < packetBytes || (first & 7) !== mode.client) return undefined;
  const answer = new Uint8Array(packetBytes);
  const view = new DataView(answer.buffer);
  // No leap second announced; the version of the question.
  view.setUint8(0, (first & 0x38) | mode.server);
  view.setUint8(1, stratum);
  view.setUint8(2, packet[2] ?? 0);
  view.setInt8(3, precision);
  answer.set(referenceId, 12);
  setTimestamp(view, 16, now);
  answer.set(packet.subarray(40, 48), 24);
  setTimestamp(view, 32, now);
  setTimestamp(view, 40, now);
  return answer;
}

function setTimestamp(view: DataView, at: number, milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000);
  // Wraps in 2036, as NTP does.
  view.setUint32(at, (seconds + epochOffset) % fraction);
  view.setUint32(at + 4, ((milliseconds - seconds * 1000) / 1000) * fraction);
}
