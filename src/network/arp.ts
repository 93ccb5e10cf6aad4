/** ARP for IPv4 over Ethernet (RFC 826): one host answers for its own address. */

const packetBytes = 28;
const request = 1;
const reply = 2;
/** Hardware type Ethernet, protocol IPv4, address lengths 6 and 4. */
const ethernetIpv4 = [0, 1, 8, 0, 6, 4] as const;

export interface Owner {
  mac: Uint8Array;
  address: number;
}

/** The answer to a request for the owner's address; `undefined` for anything else. */
export function answerArp(packet: Uint8Array, owner: Owner): Uint8Array<ArrayBuffer> | undefined {
  if (packet.length < packetBytes || !ethernetIpv4.every((byte, index) => packet[index] === byte)) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset);
  if (view.getUint16(6) !== request || view.getUint32(24) !== owner.address) return undefined;
  const answer = new Uint8Array(packetBytes);
  const out = new DataView(answer.buffer);
  answer.set(ethernetIpv4, 0);
  out.setUint16(6, reply);
  answer.set(owner.mac, 8);
  out.setUint32(14, owner.address);
  answer.set(packet.subarray(8, 18), 18);
  return answer;
}
