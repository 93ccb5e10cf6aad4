/** One IP address with what answers there: ping, TCP ports, UDP services. It does not know how packets reach it. */
import type { ConnectionHandler } from './connection.ts';
import { answerEcho, parseUnreachable, unreachable, unreachableMessage } from './icmp.ts';
import { buildIpv4Packet, protocol, type ReceivedIpv4 } from './ipv4.ts';
import type { TcpSettings } from './tcp/settings.ts';
import { TcpStack } from './tcp/stack.ts';
import { buildDatagram, parseDatagram } from './udp.ts';

/** Answers a datagram, or does not. */
export type DatagramService = (payload: Uint8Array, from: { address: number; port: number }) => Uint8Array | undefined;

export interface HostOptions {
  readonly address: number;
  readonly settings: TcpSettings;
  random(): number;
  /** Sends an IP packet of this host. */
  output(destination: number, packet: Uint8Array<ArrayBuffer>): void;
  handlerFor(port: number): ConnectionHandler | undefined;
  readonly services?: ReadonlyMap<number, DatagramService>;
  onHandlerError?(error: unknown): void;
}

export class Host {
  readonly address: number;
  readonly tcp: TcpStack;
  readonly #options: HostOptions;

  constructor(options: HostOptions) {
    this.address = options.address;
    this.#options = options;
    this.tcp = new TcpStack({
      settings: options.settings,
      address: options.address,
      random: options.random,
      output: (destination, segment) => this.#send(destination, protocol.tcp, segment),
      handlerFor: options.handlerFor,
      ...(options.onHandlerError && { onHandlerError: options.onHandlerError }),
    });
  }

  /** Takes a packet for this address. */
  input(packet: ReceivedIpv4): void {
    switch (packet.protocol) {
      case protocol.icmp:
        return this.#inputIcmp(packet);
      case protocol.tcp:
        return this.tcp.input(packet.source, packet.payload);
      case protocol.udp:
        return this.#inputUdp(packet);
    }
  }

  /** Tells the sender of a packet that it cannot be delivered. */
  refuse(packet: ReceivedIpv4, code: number): void {
    const message = unreachableMessage(packet, code);
    if (message !== undefined) this.#send(packet.source, protocol.icmp, message);
  }

  #inputIcmp(packet: ReceivedIpv4): void {
    const reply = answerEcho(packet.payload);
    if (reply !== undefined) {
      this.#send(packet.source, protocol.icmp, reply);
      return;
    }
    const news = parseUnreachable(packet.payload);
    if (news?.protocol !== protocol.tcp || news.source !== this.address) return;
    this.tcp.unreachable(news.destination, news.payload, news.code === unreachable.port ? 'refused' : 'unreachable');
  }

  #inputUdp(packet: ReceivedIpv4): void {
    const datagram = parseDatagram(packet.payload);
    if (datagram === undefined) return;
    const service = this.#options.services?.get(datagram.destinationPort);
    if (service === undefined) {
      this.refuse(packet, unreachable.port);
      return;
    }
    const payload = service(datagram.payload, { address: packet.source, port: datagram.sourcePort });
    if (payload === undefined) return;
    const answer = { sourcePort: datagram.destinationPort, destinationPort: datagram.sourcePort, payload };
    this.#send(packet.source, protocol.udp, buildDatagram(answer, this.address, packet.source));
  }

  #send(destination: number, protocolNumber: number, payload: Uint8Array): void {
    this.#options.output(destination, buildIpv4Packet({ source: this.address, destination, protocol: protocolNumber, payload }));
  }
}
