/** Messages of DHCP as they travel (RFC 2131, options of RFC 2132). */

const fixedBytes = 240;
/** Some clients drop what is shorter than a BOOTP message. */
const smallestBytes = 300;
const ethernet = 1;
const magic = 0x63825363;
const operation = { request: 1, reply: 2 } as const;
const broadcastFlag = 0x8000;

export const messageType = { discover: 1, offer: 2, request: 3, decline: 4, acknowledge: 5, refuse: 6, release: 7, inform: 8 } as const;

export const option = {
  pad: 0,
  subnetMask: 1,
  router: 3,
  nameServer: 6,
  hostName: 12,
  mtu: 26,
  broadcast: 28,
  timeServer: 42,
  requestedAddress: 50,
  leaseTime: 51,
  messageType: 53,
  server: 54,
  end: 255,
} as const;

export interface DhcpRequest {
  type: number;
  transaction: number;
  /** The client cannot take packets for an address yet. */
  broadcast: boolean;
  /** What it uses already; 0 if none. */
  clientAddress: number;
  mac: Uint8Array;
  requestedAddress?: number;
  server?: number;
}

/** `undefined` for what is no request of a client on Ethernet. */
export function parseDhcp(message: Uint8Array): DhcpRequest | undefined {
  if (message.length < fixedBytes || message[0] !== operation.request || message[1] !== ethernet || message[2] !== 6) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  if (view.getUint32(236) !== magic) return undefined;
  const options = parseOptions(message.subarray(fixedBytes));
  const type = options.get(option.messageType)?.[0];
  if (type === undefined) return undefined;
  const requestedAddress = addressIn(options.get(option.requestedAddress));
  const server = addressIn(options.get(option.server));
  return {
    type,
    transaction: view.getUint32(4),
    broadcast: (view.getUint16(10) & broadcastFlag) !== 0,
    clientAddress: view.getUint32(12),
    mac: message.slice(28, 34),
    ...(requestedAddress !== undefined && { requestedAddress }),
    ...(server !== undefined && { server }),
  };
}

function parseOptions(bytes: Uint8Array): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes[at] ?? option.end;
    if (kind === option.end) break;
    const length = kind === option.pad ? -1 : (bytes[at + 1] ?? 0);
    if (length >= 0) options.set(kind, bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return options;
}

function addressIn(bytes: Uint8Array | undefined): number | undefined {
  return bytes?.length === 4 ? bytes.reduce((sum, byte) => sum * 256 + byte, 0) : undefined;
}

export interface DhcpReply {
  type: number;
  /** Given to the client; 0 for none. */
  address: number;
  options: readonly (readonly [number, readonly number[]])[];
}

export function buildDhcp(request: DhcpRequest, { type, address, options }: DhcpReply): Uint8Array<ArrayBuffer> {
  const encoded = [option.messageType, 1, type, ...options.flatMap(([kind, bytes]) => [kind, bytes.length, ...bytes]), option.end];
  const message = new Uint8Array(Math.max(smallestBytes, fixedBytes + encoded.length));
  const view = new DataView(message.buffer);
  message.set([operation.reply, ethernet, 6], 0);
  view.setUint32(4, request.transaction);
  view.setUint16(10, request.broadcast ? broadcastFlag : 0);
  view.setUint32(12, type === messageType.acknowledge ? request.clientAddress : 0);
  view.setUint32(16, address);
  message.set(request.mac, 28);
  view.setUint32(236, magic);
  message.set(encoded, fixedBytes);
  return message;
}

export function bytesOf(number: number): number[] {
  return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
}
