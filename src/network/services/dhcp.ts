/** Gives out addresses (RFC 2131): the declared ones to the declared guests, others to whoever asks. */
import { macKey, type Subnet } from '../address.ts';
import { buildDhcp, bytesOf, messageType, option, parseDhcp, type DhcpReply, type DhcpRequest } from './dhcp-message.ts';

/** Offsets in the subnet from which addresses are given to guests that are not declared. */
const firstFree = 100;
const lastFree = 199;
/** Seconds. There is no shortage: whoever has not asked for the longest loses his address. */
const leaseSeconds = 86_400;

export interface DhcpOptions {
  readonly subnet: Subnet;
  /** Server, router, name server and time server in one. */
  readonly gateway: number;
  readonly mtu: number;
  /** Addresses by MAC. */
  readonly reserved: ReadonlyMap<number, { address: number; hostName?: string }>;
  /** Whether a host or a declared guest has the address. */
  isTaken(address: number): boolean;
}

/** An answer, and where it has to go. */
export interface DhcpAnswer {
  payload: Uint8Array<ArrayBuffer>;
  /** Address and MAC of the client; `undefined` for a broadcast. */
  to?: { address: number; mac: Uint8Array };
}

export class DhcpServer {
  readonly #options: DhcpOptions;
  /** By MAC; those who asked last stand last. */
  readonly #leases = new Map<number, number>();
  /** Found in use by somebody else. */
  readonly #declined = new Set<number>();

  constructor(options: DhcpOptions) {
    this.#options = options;
  }

  /** `undefined` where nothing is to be said. */
  answer(message: Uint8Array): DhcpAnswer | undefined {
    const request = parseDhcp(message);
    const reply = request && this.#reply(request);
    if (request === undefined || reply === undefined) return undefined;
    const payload = buildDhcp(request, reply);
    if (reply.type === messageType.refuse) return { payload };
    if (request.clientAddress !== 0) return { payload, to: { address: request.clientAddress, mac: request.mac } };
    return request.broadcast ? { payload } : { payload, to: { address: reply.address, mac: request.mac } };
  }

  #reply(request: DhcpRequest): DhcpReply | undefined {
    switch (request.type) {
      case messageType.discover: {
        const address = this.#addressFor(request);
        return address === undefined ? undefined : this.#grant(messageType.offer, request, address);
      }
      case messageType.request:
        return this.#confirm(request);
      case messageType.inform:
        return { type: messageType.acknowledge, address: 0, options: this.#network(request) };
      case messageType.decline:
        if (request.requestedAddress !== undefined && this.#declined.size < lastFree - firstFree) this.#declined.add(request.requestedAddress);
        this.#leases.delete(macKey(request.mac));
        return undefined;
      case messageType.release:
        this.#leases.delete(macKey(request.mac));
        return undefined;
      default:
        return undefined;
    }
  }

  #confirm(request: DhcpRequest): DhcpReply | undefined {
    if (request.server !== undefined && request.server !== this.#options.gateway) return undefined;
    const wanted = request.requestedAddress ?? request.clientAddress;
    const address = this.#addressFor(request);
    if (address === wanted) return this.#grant(messageType.acknowledge, request, address);
    return { type: messageType.refuse, address: 0, options: [[option.server, bytesOf(this.#options.gateway)]] };
  }

  #grant(type: number, request: DhcpRequest, address: number): DhcpReply {
    return { type, address, options: [[option.leaseTime, bytesOf(leaseSeconds)], ...this.#network(request)] };
  }

  #network({ mac }: DhcpRequest): DhcpReply['options'] {
    const { gateway, subnet, mtu, reserved } = this.#options;
    const hostName = reserved.get(macKey(mac))?.hostName;
    return [
      [option.server, bytesOf(gateway)],
      [option.subnetMask, bytesOf(subnet.mask)],
      [option.router, bytesOf(gateway)],
      [option.nameServer, bytesOf(gateway)],
      [option.timeServer, bytesOf(gateway)],
      [option.broadcast, bytesOf(subnet.broadcast)],
      [option.mtu, [mtu >>> 8, mtu & 255]],
      ...(hostName === undefined ? [] : [[option.hostName, Array.from(hostName, (character) => character.charCodeAt(0))] as const]),
    ];
  }

  #addressFor({ mac, requestedAddress, clientAddress }: DhcpRequest): number | undefined {
    const key = macKey(mac);
    const reserved = this.#options.reserved.get(key);
    if (reserved !== undefined) return reserved.address;
    const wanted = [this.#leases.get(key), clientAddress, requestedAddress].find((address) => address !== undefined && this.#isFree(address, key));
    const address = wanted ?? this.#free(key) ?? this.#oldest();
    if (address === undefined) return undefined;
    this.#leases.delete(key);
    this.#leases.set(key, address);
    return address;
  }

  #free(key: number): number | undefined {
    const { network } = this.#options.subnet;
    for (let offset = firstFree; offset <= lastFree; offset += 1) if (this.#isFree(network + offset, key)) return network + offset;
    return undefined;
  }

  #isFree(address: number, key: number): boolean {
    const offset = address - this.#options.subnet.network;
    if (offset < firstFree || offset > lastFree || this.#options.isTaken(address) || this.#declined.has(address)) return false;
    for (const [owner, leased] of this.#leases) if (leased === address && owner !== key) return false;
    return true;
  }

  #oldest(): number | undefined {
    const oldest = this.#leases.entries().next();
    if (oldest.done === true) return undefined;
    const [key, address] = oldest.value;
    this.#leases.delete(key);
    return address;
  }
}
