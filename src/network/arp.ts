/** ARP for IPv4 over Ethernet (RFC 826). */

const packetBytes = 28;
const operations = { request: 1, reply: 2 } as const;
/** Hardware type Ethernet, protocol IPv4, address lengths 6 and 4. */
const ethernetIpv4 = [0, 1, 8, 0, 6, 4] as const;
const nobody = new Uint8Array(6);

export interface Owner {
  mac: Uint8Array;
  address: number;
}

export interface ArpPacket {
  request: boolean;
  sender: Owner;
  target: Owner;
}

/** `undefined` for what is not ARP of this kind. */
export function parseArp(packet: Uint8Array): ArpPacket | undefined {
  if (packet.length < packetBytes || !ethernetIpv4.every((byte, index) => packet[index] === byte)) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset);
  return {
    request: view.getUint16(6) === operations.request,
    sender: { mac: packet.slice(8, 14), address: view.getUint32(14) },
    target: { mac: packet.slice(18, 24), address: view.getUint32(24) },
  };
}

/** The owner's answer to a request. */
export function arpReply(owner: Owner, request: ArpPacket): Uint8Array<ArrayBuffer> {
  return build(operations.reply, owner, request.sender);
}

/** The question who has an address. */
export function arpRequest(owner: Owner, address: number): Uint8Array<ArrayBuffer> {
  return build(operations.request, owner, { mac: nobody, address });
}

function build(operation: number, sender: Owner, target: Owner): Uint8Array<ArrayBuffer> {
  const packet = new Uint8Array(packetBytes);
  const view = new DataView(packet.buffer);
  packet.set(ethernetIpv4, 0);
  view.setUint16(6, operation);
  packet.set(sender.mac, 8);
  view.setUint32(14, sender.address);
  packet.set(target.mac, 18);
  view.setUint32(24, target.address);
  return packet;
}
