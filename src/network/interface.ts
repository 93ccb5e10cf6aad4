/** A network card of the page: an address and a MAC at a port of the switch. */
import type { Clock } from '../shared/clock.ts';
import { arpReply, arpRequest, parseArp, type Owner } from './arp.ts';
import type { Frame } from './attach.ts';
import { broadcastMac, buildEthernet, etherType, parseEthernet } from './ethernet.ts';
import { parseIpv4Packet, type ReceivedIpv4 } from './ipv4.ts';
import type { Neighbors } from './neighbors.ts';
import type { SwitchPort } from './switch.ts';

export interface InterfaceOptions {
  readonly clock: Clock;
  /** Plugs the card in. */
  connect(deliver: (frame: Frame) => void): SwitchPort;
  readonly neighbors: Neighbors;
  readonly address: number;
  /** Gets whole packets that were sent to this card, or to all. */
  onPacket(packet: ReceivedIpv4, source: Uint8Array): void;
  /** Nobody has the address. */
  onLost(address: number): void;
}

/** Locally administered, so that it is no real card's; the address makes it unique. */
export function macOf(address: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(2, 0, address >>> 24, address >>> 16, address >>> 8, address);
}

export class NetworkInterface {
  readonly #options: InterfaceOptions;
  readonly #owner: Owner;
  readonly #port: SwitchPort;
  #outgoing: Frame[] = [];

  constructor(options: InterfaceOptions) {
    this.#options = options;
    this.#owner = { mac: macOf(options.address), address: options.address };
    this.#port = options.connect((frame) => this.#receive(frame));
  }

  /** Sends a packet to a neighbor; `onLost` is called when nobody has the address. */
  send(address: number, packet: Uint8Array, onLost = this.#options.onLost): void {
    const ask = (): void => this.#transmit(broadcastMac, etherType.arp, arpRequest(this.#owner, address));
    this.#options.neighbors.resolve(address, ask, (mac) => {
      if (mac === undefined) onLost(address);
      else this.#transmit(mac, etherType.ipv4, packet);
    });
  }

  /** Sends a packet to a card that need not have an address yet. */
  sendTo(mac: Uint8Array, packet: Uint8Array): void {
    this.#transmit(mac, etherType.ipv4, packet);
  }

  close(): void {
    this.#port.close();
  }

  #receive(bytes: Frame): void {
    const frame = parseEthernet(bytes);
    if (frame === undefined) return;
    if (frame.type === etherType.arp) this.#receiveArp(frame.payload);
    // The switch sends to all ports what it does not know.
    if (frame.type !== etherType.ipv4 || !isFor(frame.destination, this.#owner.mac)) return;
    const packet = parseIpv4Packet(frame.payload);
    if (packet !== undefined) this.#options.onPacket(packet, frame.source);
  }

  #receiveArp(payload: Uint8Array): void {
    const packet = parseArp(payload);
    if (packet === undefined) return;
    const mine = packet.target.address === this.#owner.address;
    if (mine) this.#options.neighbors.learn(packet.sender.address, packet.sender.mac);
    if (mine && packet.request) this.#transmit(packet.sender.mac, etherType.arp, arpReply(this.#owner, packet));
  }

  /** What is sent leaves when the cause of it has been dealt with: no answer comes in the middle of a question. */
  #transmit(destination: Uint8Array, type: number, payload: Uint8Array): void {
    this.#outgoing.push(buildEthernet({ destination, source: this.#owner.mac, type, payload }));
    if (this.#outgoing.length > 1) return;
    this.#options.clock.soon(() => {
      const frames = this.#outgoing;
      this.#outgoing = [];
      for (const frame of frames) this.#port.transmit(frame);
    });
  }
}

function isFor(destination: Uint8Array, mac: Uint8Array): boolean {
  const same = (wanted: Uint8Array): boolean => wanted.every((byte, index) => byte === destination[index]);
  return same(mac) || same(broadcastMac);
}
