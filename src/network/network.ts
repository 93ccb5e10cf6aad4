/**
 * The network around the machines: a switch that any number of guests are plugged into, a gateway, and the declared hosts
 * of the page. Nothing of it leaves the page: what is not declared does not exist, and says so at once.
 */
import { systemClock, type Clock } from '../shared/clock.ts';
import { PausableClock } from '../shared/pausable-clock.ts';
import { macKey, parseIpv4, parseMac, Subnet } from './address.ts';
import type { AttachNetwork, Frame } from './attach.ts';
import type { Connection, ConnectionHandler, HostDeclaration } from './connection.ts';
import { broadcastMac } from './ethernet.ts';
import { Host, type DatagramService } from './host.ts';
import { unreachable } from './icmp.ts';
import { NetworkInterface } from './interface.ts';
import { buildIpv4Packet, isGroupIpv4, parseIpv4Packet, protocol, type ReceivedIpv4 } from './ipv4.ts';
import { Neighbors } from './neighbors.ts';
import { DhcpServer } from './services/dhcp.ts';
import { answerDns, HostNames } from './services/dns.ts';
import { dnsOverTcp } from './services/dns-stream.ts';
import { answerNtp } from './services/ntp.ts';
import { EthernetSwitch, type SwitchPort } from './switch.ts';
import type { OpenOptions } from './tcp/stack.ts';
import { tcpSettings, type TcpSettings } from './tcp/settings.ts';
import { buildDatagram, parseDatagram } from './udp.ts';

export interface GuestDeclaration {
  /** Dotted IPv4 inside the subnet. */
  readonly address: string;
  /** For DHCP: the card that gets this address. */
  readonly mac?: string;
  /** Names under which others find it. */
  readonly names?: readonly string[];
}

export interface NetworkOptions {
  /** Dotted IPv4 of the default gateway, which is also server of names, addresses and time. */
  readonly gatewayAddress: string;
  readonly prefixLength?: number;
  /** Largest IP packet. */
  readonly mtu?: number;
  readonly hosts?: readonly HostDeclaration[];
  readonly guests?: readonly GuestDeclaration[];
  readonly clock?: Clock;
  /** Milliseconds since 1970, for the time server. */
  time?(): number;
  /** A random number of 32 bits. */
  random?(): number;
  /** A host's handler has failed; its connection is broken off already. */
  onHandlerError?(error: unknown, host: HostDeclaration): void;
}

export interface NetworkCounters {
  /** Connections of all hosts that are open or not yet forgotten. */
  connections: number;
  framesFromGuests: number;
  framesToGuests: number;
  bytesFromGuests: number;
  bytesToGuests: number;
}

const defaultPrefixLength = 24;
const defaultMtu = 1500;
const port = { dns: 53, dhcpServer: 67, dhcpClient: 68, ntp: 123 } as const;

interface Attached {
  host: Host;
  /** Hosts outside the subnet have none: the gateway knows the way to them. */
  card?: NetworkInterface;
}

export class VirtualNetwork {
  readonly #options: NetworkOptions;
  readonly #clock: PausableClock;
  readonly #settings: TcpSettings;
  readonly #subnet: Subnet;
  readonly #switch = new EthernetSwitch();
  readonly #neighbors: Neighbors;
  readonly #names = new HostNames();
  readonly #hosts = new Map<number, Attached>();
  readonly #gateway: Host;
  readonly #gatewayCard: NetworkInterface;
  readonly #gatewayPorts = new Map<number, ConnectionHandler>();
  readonly #dhcp: DhcpServer;
  readonly #counters: NetworkCounters = { connections: 0, framesFromGuests: 0, framesToGuests: 0, bytesFromGuests: 0, bytesToGuests: 0 };

  constructor(options: NetworkOptions) {
    this.#options = options;
    this.#clock = new PausableClock(options.clock ?? systemClock);
    this.#settings = tcpSettings(this.#clock, options.mtu ?? defaultMtu);
    this.#subnet = new Subnet(options.gatewayAddress, options.prefixLength ?? defaultPrefixLength);
    this.#neighbors = new Neighbors(this.#clock);
    const address = parseIpv4(options.gatewayAddress);
    const dns = (message: Uint8Array): Uint8Array | undefined => answerDns(message, this.#names);
    this.#gatewayPorts.set(port.dns, dnsOverTcp(dns));
    const time = options.time ?? Date.now;
    const services = new Map<number, DatagramService>([
      [port.dns, dns],
      [port.ntp, (packet) => answerNtp(packet, time())],
    ]);
    this.#gateway = this.#createHost(address, (number) => this.#gatewayPorts.get(number), services);
    this.#gatewayCard = this.#createCard(address, (packet) => this.#route(packet), this.#gateway);
    this.#hosts.set(address, { host: this.#gateway, card: this.#gatewayCard });
    for (const guest of options.guests ?? []) this.#names.set(parseIpv4(guest.address), guest.names ?? []);
    this.#dhcp = this.#createDhcp(options.guests ?? []);
    for (const host of options.hosts ?? []) this.addHost(host);
  }

  get counters(): NetworkCounters {
    let connections = 0;
    for (const { host } of this.#hosts.values()) connections += host.tcp.connections;
    return { ...this.#counters, connections };
  }

  /** A cable for one guest's NIC; as many as there are guests. */
  attach(): AttachNetwork {
    return (deliver) => {
      const port = this.plug(deliver);
      return (frame) => port.transmit(frame);
    };
  }

  /** As `attach`, with the other end of the cable in hand, to pull it out again. */
  plug(deliver: (frame: Frame) => void): SwitchPort {
    const counters = this.#counters;
    const port = this.#switch.connect((frame) => {
      counters.framesToGuests += 1;
      counters.bytesToGuests += frame.length;
      deliver(frame);
    });
    return {
      transmit(frame) {
        counters.framesFromGuests += 1;
        counters.bytesFromGuests += frame.length;
        port.transmit(frame);
      },
      close: () => port.close(),
    };
  }

  /**
   * Opens a connection into a guest, or to any host, from the gateway. Rejects with `ConnectionError`, or with the
   * signal's reason. `timeout` in milliseconds.
   */
  connect(address: string, port: number, options: OpenOptions = {}): Promise<Connection> {
    return this.#gateway.tcp.open(parseIpv4(address), port, options);
  }

  /** Plugs a host in; returns a function that takes it out. Ports of a declaration with the gateway's address are the gateway's. */
  addHost(declaration: HostDeclaration): () => void {
    const address = parseIpv4(declaration.address);
    if (address === this.#gateway.address) return this.#addToGateway(declaration);
    if (this.#hosts.has(address)) throw new RangeError(`there is a host with the address ${declaration.address} already`);
    const host = this.#createHost(address, (port) => declaration.ports.get(port), new Map(), (error) => this.#options.onHandlerError?.(error, declaration));
    const own = (packet: ReceivedIpv4): void => {
      if (packet.destination === address) host.input(packet);
    };
    this.#hosts.set(address, { host, ...(this.#subnet.has(address) && { card: this.#createCard(address, own, host) }) });
    this.#names.set(address, declaration.names);
    return () => this.#remove(address, host);
  }

  /** The guests stand still: no time passes for what waits for them. */
  pause(): void {
    this.#clock.pause();
  }

  resume(): void {
    this.#clock.resume();
  }

  /** Breaks off every connection. */
  close(): void {
    for (const { host, card } of this.#hosts.values()) {
      host.tcp.close();
      this.#clock.soon(() => card?.close());
    }
    this.#neighbors.close();
  }

  #addToGateway(declaration: HostDeclaration): () => void {
    const address = this.#gateway.address;
    for (const [port, handler] of declaration.ports) this.#gatewayPorts.set(port, handler);
    this.#names.set(address, declaration.names);
    return () => {
      for (const port of declaration.ports.keys()) this.#gatewayPorts.delete(port);
      this.#names.delete(address);
    };
  }

  #remove(address: number, host: Host): void {
    const attached = this.#hosts.get(address);
    if (attached?.host !== host) return;
    host.tcp.close();
    // Its resets leave before.
    this.#clock.soon(() => attached.card?.close());
    this.#hosts.delete(address);
    this.#names.delete(address);
  }

  #createHost(
    address: number,
    handlerFor: (port: number) => ConnectionHandler | undefined,
    services: ReadonlyMap<number, DatagramService>,
    onHandlerError?: (error: unknown) => void,
  ): Host {
    const host: Host = new Host({
      address,
      settings: this.#settings,
      random: this.#options.random ?? randomNumber,
      output: (destination, packet) => this.#send(host, destination, packet),
      handlerFor,
      services,
      ...(onHandlerError && { onHandlerError }),
    });
    return host;
  }

  #createCard(address: number, onPacket: (packet: ReceivedIpv4) => void, host: Host): NetworkInterface {
    return new NetworkInterface({
      clock: this.#clock,
      connect: (deliver) => this.#switch.connect(deliver),
      neighbors: this.#neighbors,
      address,
      onPacket: (packet, source) => {
        if (this.#subnet.has(packet.source)) this.#neighbors.learn(packet.source, source);
        onPacket(packet);
      },
      onLost: (lost) => host.tcp.lost(lost),
    });
  }

  #createDhcp(guests: readonly GuestDeclaration[]): DhcpServer {
    const reserved = new Map<number, { address: number; hostName?: string }>();
    const declared = new Set(guests.map((guest) => parseIpv4(guest.address)));
    for (const { mac, address, names } of guests) {
      const hostName = names?.[0]?.split('.')[0];
      if (mac !== undefined) reserved.set(macKey(parseMac(mac)), { address: parseIpv4(address), ...(hostName !== undefined && { hostName }) });
    }
    return new DhcpServer({
      subnet: this.#subnet,
      gateway: this.#gateway.address,
      mtu: this.#options.mtu ?? defaultMtu,
      reserved,
      isTaken: (address) => declared.has(address) || this.#hosts.has(address),
    });
  }

  /** Returns whether the packet was for the server of addresses. The client may have no address yet, so that the gateway's card answers, not its host. */
  #answerDhcp(packet: ReceivedIpv4): boolean {
    const mine = packet.destination === this.#gateway.address || packet.destination === this.#subnet.broadcast || packet.destination === 0xffffffff;
    const datagram = mine && packet.protocol === protocol.udp ? parseDatagram(packet.payload) : undefined;
    if (datagram?.destinationPort !== port.dhcpServer) return false;
    const answer = this.#dhcp.answer(datagram.payload);
    if (answer === undefined) return true;
    const source = this.#gateway.address;
    const destination = answer.to?.address ?? 0xffffffff;
    const payload = buildDatagram({ sourcePort: port.dhcpServer, destinationPort: port.dhcpClient, payload: answer.payload }, source, destination);
    this.#gatewayCard.sendTo(answer.to?.mac ?? broadcastMac, buildIpv4Packet({ source, destination, protocol: protocol.udp, payload }));
    return true;
  }

  /** Sends a host's packet on its way. */
  #send(from: Host, destination: number, packet: Uint8Array): void {
    const other = this.#hosts.get(destination)?.host;
    if (other !== undefined) {
      const parsed = parseIpv4Packet(packet);
      if (parsed !== undefined) this.#clock.soon(() => other.input(parsed));
    } else if (this.#subnet.has(destination)) {
      const card = this.#hosts.get(from.address)?.card ?? this.#gatewayCard;
      card.send(destination, packet, (lost) => from.tcp.lost(lost));
    } else {
      from.tcp.lost(destination);
    }
  }

  /** What comes to the gateway: for itself, for hosts outside the subnet, or for nobody. */
  #route(packet: ReceivedIpv4): void {
    const { source, destination } = packet;
    if (this.#answerDhcp(packet)) return;
    if (source === 0 || isGroupIpv4(destination) || destination === this.#subnet.broadcast) return;
    const host = this.#hosts.get(destination)?.host;
    if (host !== undefined) host.input(packet);
    else if (this.#subnet.has(destination)) this.#gatewayCard.send(destination, packet.raw, () => this.#gateway.refuse(packet, unreachable.host));
    else this.#gateway.refuse(packet, unreachable.network);
  }
}

function randomNumber(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

/** What the image manifest says about the network of its guest. */
export interface GuestNetworkSettings {
  readonly gatewayAddress: string;
  readonly guestAddress?: string;
  readonly mac?: string;
  /** What the guest's card allows; 1500 unless given. */
  readonly mtu?: number;
}

/** The network of one guest. */
export function networkOfOne({ gatewayAddress, guestAddress, mac, mtu }: GuestNetworkSettings, options: Omit<NetworkOptions, 'gatewayAddress' | 'guests'> = {}): VirtualNetwork {
  const guests = guestAddress === undefined ? [] : [{ address: guestAddress, ...(mac !== undefined && mac !== '' && { mac }) }];
  return new VirtualNetwork({ ...(mtu !== undefined && { mtu }), ...options, gatewayAddress, guests });
}
