/** ICMP (RFC 792): answers to ping, and the news that something cannot be reached. */
import { internetChecksum } from './checksum.ts';
import { headerOf, protocol, type Ipv4Header, type ReceivedIpv4 } from './ipv4.ts';

const type = { echoReply: 0, unreachable: 3, echo: 8 } as const;
/** Of the packet that could not be delivered its header and so many bytes are sent back. */
const quotedBytes = 8;

export const unreachable = { network: 0, host: 1, port: 3 } as const;

/** The answer to an undamaged echo request; `undefined` for anything else. */
export function answerEcho(message: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (message.length < 8 || message[0] !== type.echo || message[1] !== 0 || internetChecksum(message) !== 0) return undefined;
  const reply = Uint8Array.from(message);
  reply[0] = type.echoReply;
  return sealed(reply);
}

/** Tells the sender that the packet cannot be delivered; `undefined` where that is forbidden: about ICMP other than ping. */
export function unreachableMessage(packet: ReceivedIpv4, code: number): Uint8Array<ArrayBuffer> | undefined {
  if (packet.protocol === protocol.icmp && packet.payload[0] !== type.echo) return undefined;
  const quoted = packet.raw.subarray(0, packet.headerBytes + quotedBytes);
  const message = new Uint8Array(8 + quoted.length);
  message[0] = type.unreachable;
  message[1] = code;
  message.set(quoted, 8);
  return sealed(message);
}

/** The news that a packet could not be delivered: its header, the beginning of its payload, and why. */
export function parseUnreachable(message: Uint8Array): (Ipv4Header & { payload: Uint8Array; code: number }) | undefined {
  if (message.length < 8 || message[0] !== type.unreachable || internetChecksum(message) !== 0) return undefined;
  const quoted = message.subarray(8);
  const header = headerOf(quoted);
  return header && { ...header, payload: quoted.subarray(header.headerBytes), code: message[1] ?? 0 };
}

function sealed(message: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(message.buffer);
  view.setUint16(2, 0);
  view.setUint16(2, internetChecksum(message));
  return message;
}
