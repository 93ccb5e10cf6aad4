/** A guest for tests: a card and an IP stack of our own, plugged in from outside as a machine is. */
import type { Clock } from '../../shared/clock.ts';
import type { ManualClock } from '../../shared/testing/manual-clock.ts';
import { parseIpv4, Subnet } from '../address.ts';
import type { Connection, ConnectionHandler } from '../connection.ts';
import { Host } from '../host.ts';
import { NetworkInterface } from '../interface.ts';
import { buildIpv4Packet, protocol, type ReceivedIpv4 } from '../ipv4.ts';
import { Neighbors } from '../neighbors.ts';
import type { VirtualNetwork } from '../network.ts';
import { tcpSettings } from '../tcp/settings.ts';
import { buildDatagram, parseDatagram } from '../udp.ts';
import { randomFrom } from './random.ts';
import type { Wire } from './wire.ts';

export interface TestGuestOptions {
  network: VirtualNetwork;
  clock: Clock;
  address?: string;
  gateway?: string;
  /** What its cable does to frames. */
  wire?: Wire;
}

export class TestGuest {
  readonly host: Host;
  readonly listeners = new Map<number, ConnectionHandler>();
  /** Every packet that came, of any kind. */
  readonly packets: ReceivedIpv4[] = [];
  readonly unplug: () => void;
  readonly #output: (destination: number, packet: Uint8Array<ArrayBuffer>) => void;

  constructor({ network, clock, address = '10.0.2.15', gateway = '10.0.2.2', wire }: TestGuestOptions) {
    const random = randomFrom(7);
    const own = parseIpv4(address);
    const subnet = new Subnet(gateway, 24);
    this.#output = (destination, packet) => card.send(subnet.has(destination) ? destination : parseIpv4(gateway), packet, (lost) => this.host.tcp.lost(lost));
    this.host = new Host({
      address: own,
      settings: tcpSettings(clock, 1500),
      random: () => random.below(0xffffffff),
      output: (destination, packet) => this.#output(destination, packet),
      handlerFor: (port) => this.listeners.get(port),
    });
    const card: NetworkInterface = new NetworkInterface({
      clock,
      connect(deliver) {
        const port = network.plug((frame) => (wire === undefined ? clock.soon(() => deliver(frame)) : wire.carry(() => deliver(frame))));
        return { transmit: (frame) => (wire === undefined ? port.transmit(frame) : wire.carry(() => port.transmit(frame))), close: () => port.close() };
      },
      neighbors: new Neighbors(clock),
      address: own,
      onPacket: (packet) => {
        this.packets.push(packet);
        if (packet.destination === own) this.host.input(packet);
      },
      onLost: (lost) => this.host.tcp.lost(lost),
    });
    this.unplug = () => card.close();
  }

  /** Sends a packet of any kind. */
  send(address: string, protocolNumber: number, payload: Uint8Array): void {
    const destination = parseIpv4(address);
    this.#output(destination, buildIpv4Packet({ source: this.host.address, destination, protocol: protocolNumber, payload }));
  }

  /** Sends a datagram and returns what came back of UDP. */
  async ask(address: string, port: number, payload: Uint8Array, clock: ManualClock): Promise<Uint8Array | undefined> {
    this.packets.length = 0;
    const datagram = buildDatagram({ sourcePort: 4000, destinationPort: port, payload }, this.host.address, parseIpv4(address));
    this.send(address, protocol.udp, datagram);
    await clock.advance(10);
    const answer = this.packets.find((packet) => packet.protocol === protocol.udp);
    return answer && parseDatagram(answer.payload)?.payload;
  }

  open(address: string, port: number, timeout = 30_000): Promise<Connection> {
    return this.host.tcp.open(parseIpv4(address), port, { timeout });
  }
}
