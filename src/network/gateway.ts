/**
 * The host at the other end of the guest's cable: default gateway and name server of a network without Internet.
 *
 * Everything that cannot work is refused at once with the answer a real gateway gives, so that `docker pull` or `curl`
 * fail as they do on a machine that is cut off, instead of hanging.
 */
import { answerArp } from './arp.ts';
import type { Frame } from './attach.ts';
import { answerDns } from './dns.ts';
import { buildEthernet, etherType, parseEthernet, type EthernetFrame } from './ethernet.ts';
import { answerEcho, unreachable, unreachableMessage } from './icmp.ts';
import { buildIpv4Packet, isGroupIpv4, parseIpv4Packet, protocol, type ReceivedIpv4 } from './ipv4.ts';
import { refuseSegment } from './tcp.ts';
import { buildDatagram, parseDatagram } from './udp.ts';

const dnsPort = 53;

export interface GatewayOptions {
  mac: Uint8Array;
  address: number;
  /** Length of the network's prefix; its broadcast address is not answered. */
  prefixLength: number;
}

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #broadcast: number;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#broadcast = (options.address | (0xffffffff >>> options.prefixLength)) >>> 0;
  }

  /** The answer to a frame, if there is one. */
  answer(bytes: Uint8Array): Frame | undefined {
    const frame = parseEthernet(bytes);
    if (frame === undefined) return undefined;
    const payload = this.#answerPayload(frame);
    if (payload === undefined) return undefined;
    return buildEthernet({ destination: frame.source, source: this.#options.mac, type: frame.type, payload });
  }

  #answerPayload(frame: EthernetFrame): Uint8Array | undefined {
    if (frame.type === etherType.arp) return answerArp(frame.payload, this.#options);
    if (frame.type !== etherType.ipv4 || !this.#options.mac.every((byte, index) => frame.destination[index] === byte)) return undefined;
    const packet = parseIpv4Packet(frame.payload);
    if (packet === undefined || packet.source === 0) return undefined;
    if (packet.destination === this.#options.address) return this.#answerOwn(packet);
    if (isGroupIpv4(packet.destination) || packet.destination === this.#broadcast) return undefined;
    return this.#reply(packet, protocol.icmp, unreachableMessage(packet, unreachable.network));
  }

  #answerOwn(packet: ReceivedIpv4): Uint8Array | undefined {
    const { address } = this.#options;
    switch (packet.protocol) {
      case protocol.icmp:
        return this.#reply(packet, protocol.icmp, answerEcho(packet.payload));
      case protocol.tcp:
        return this.#reply(packet, protocol.tcp, refuseSegment(packet.payload, address, packet.source));
      case protocol.udp:
        return this.#answerUdp(packet);
      default:
        return undefined;
    }
  }

  #answerUdp(packet: ReceivedIpv4): Uint8Array | undefined {
    const datagram = parseDatagram(packet.payload);
    if (datagram === undefined) return undefined;
    if (datagram.destinationPort !== dnsPort) return this.#reply(packet, protocol.icmp, unreachableMessage(packet, unreachable.port));
    const payload = answerDns(datagram.payload);
    if (payload === undefined) return undefined;
    const answer = { sourcePort: dnsPort, destinationPort: datagram.sourcePort, payload };
    return this.#reply(packet, protocol.udp, buildDatagram(answer, this.#options.address, packet.source));
  }

  #reply(packet: ReceivedIpv4, protocolNumber: number, payload: Uint8Array | undefined): Uint8Array | undefined {
    if (payload === undefined) return undefined;
    return buildIpv4Packet({ source: this.#options.address, destination: packet.source, protocol: protocolNumber, payload });
  }
}
