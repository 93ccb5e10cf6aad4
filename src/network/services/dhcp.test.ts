import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { formatIpv4, parseIpv4 } from '../address.ts';
import { protocol } from '../ipv4.ts';
import { VirtualNetwork, type NetworkOptions } from '../network.ts';
import { buildEthernet, broadcastMac, etherType, parseEthernet } from '../ethernet.ts';
import { buildIpv4Packet, parseIpv4Packet } from '../ipv4.ts';
import { buildDatagram, parseDatagram } from '../udp.ts';
import { messageType, option } from './dhcp-message.ts';

type Options = Record<number, readonly number[]>;

interface Asked {
  type: number;
  mac?: number;
  broadcast?: boolean;
  clientAddress?: string;
  options?: Options;
}

interface Heard {
  /** MAC and address that the answer went to. */
  mac: string;
  to: string;
  /** Address that is given. */
  given: string;
  transaction: number;
  options: Options;
}

const bytesOfAddress = (text: string): number[] => text.split('.').map(Number);
const macOf = (last: number): Uint8Array => Uint8Array.of(2, 0, 0, 0, 0, last);

/** A client that only shouts: what is answered to a message of its own making. */
class Client {
  readonly network: VirtualNetwork;
  readonly #clock = new ManualClock();
  readonly #received: Uint8Array[] = [];
  readonly #transmit: (frame: Uint8Array<ArrayBuffer>) => void;

  constructor(options: Partial<NetworkOptions> = {}) {
    this.network = new VirtualNetwork({ gatewayAddress: '10.0.2.2', clock: this.#clock, ...options });
    this.#transmit = this.network.attach()((frame) => this.#received.push(frame));
  }

  async ask({ type, mac = 1, broadcast = false, clientAddress = '0.0.0.0', options = {} }: Asked): Promise<Heard | undefined> {
    const payload = new Uint8Array(300);
    payload.set([1, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef]);
    payload[10] = broadcast ? 0x80 : 0;
    payload.set(bytesOfAddress(clientAddress), 12);
    payload.set(macOf(mac), 28);
    payload.set([0x63, 0x82, 0x53, 0x63, 0, 53, 1, type], 236);
    let at = 244;
    for (const [kind, bytes] of Object.entries(options)) {
      payload.set([Number(kind), bytes.length, ...bytes], at);
      at += 2 + bytes.length;
    }
    payload[at] = 255;
    const [source, destination] = [parseIpv4(clientAddress), 0xffffffff];
    const datagram = buildDatagram({ sourcePort: 68, destinationPort: 67, payload }, source, destination);
    const packet = buildIpv4Packet({ source, destination, protocol: protocol.udp, payload: datagram });
    this.#received.length = 0;
    this.#transmit(buildEthernet({ destination: broadcastMac, source: macOf(mac), type: etherType.ipv4, payload: packet }));
    await this.#clock.advance(0);
    expect(this.#received.length).toBeLessThan(2);
    return this.#received[0] && heard(this.#received[0]);
  }

  /** Discovers and requests; returns the address. */
  async lease(mac: number, wanted?: string): Promise<string | undefined> {
    const offer = await this.ask({ type: messageType.discover, mac, options: wanted === undefined ? {} : { [option.requestedAddress]: bytesOfAddress(wanted) } });
    const address = offer?.given ?? '';
    const reply = await this.ask({ type: messageType.request, mac, options: { [option.requestedAddress]: bytesOfAddress(address), [option.server]: [10, 0, 2, 2] } });
    expect(reply?.options[option.messageType]).toEqual([messageType.acknowledge]);
    return reply?.given;
  }
}

function heard(bytes: Uint8Array): Heard {
  const frame = parseEthernet(bytes);
  const packet = frame && parseIpv4Packet(frame.payload);
  const datagram = packet && parseDatagram(packet.payload);
  if (frame === undefined || packet === undefined || datagram === undefined) throw new Error('this is no datagram');
  expect([formatIpv4(packet.source), datagram.sourcePort, datagram.destinationPort]).toEqual(['10.0.2.2', 67, 68]);
  const message = datagram.payload;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const options: Options = {};
  for (let at = 240; message[at] !== 255; at += 2 + (message[at + 1] ?? 0)) options[message[at] ?? 0] = [...message.subarray(at + 2, at + 2 + (message[at + 1] ?? 0))];
  return { mac: [...frame.destination].join(':'), to: formatIpv4(packet.destination), given: formatIpv4(view.getUint32(16)), transaction: view.getUint32(4), options };
}

let client: Client;
beforeEach(() => {
  client = new Client();
});

describe('the address server', () => {
  it('offers an address with everything a guest needs to know', async () => {
    const offer = await client.ask({ type: messageType.discover });
    expect(offer).toMatchObject({ mac: '2:0:0:0:0:1', to: '10.0.2.100', given: '10.0.2.100', transaction: 0xdeadbeef });
    expect(offer?.options).toMatchObject({
      [option.messageType]: [messageType.offer],
      [option.server]: [10, 0, 2, 2],
      [option.subnetMask]: [255, 255, 255, 0],
      [option.router]: [10, 0, 2, 2],
      [option.nameServer]: [10, 0, 2, 2],
      [option.timeServer]: [10, 0, 2, 2],
      [option.broadcast]: [10, 0, 2, 255],
      [option.mtu]: [1500 >> 8, 1500 & 255],
      [option.leaseTime]: [0, 1, 0x51, 0x80],
    });
  });

  it('shouts back to a client that cannot take packets yet', async () => {
    expect(await client.ask({ type: messageType.discover, broadcast: true })).toMatchObject({ mac: '255:255:255:255:255:255', to: '255.255.255.255' });
  });

  it('gives each card its own address, and the same again', async () => {
    expect(await client.lease(1)).toBe('10.0.2.100');
    expect(await client.lease(2)).toBe('10.0.2.101');
    expect(await client.lease(1)).toBe('10.0.2.100');
    expect(await client.ask({ type: messageType.request, mac: 1, clientAddress: '10.0.2.100' })).toMatchObject({ to: '10.0.2.100', given: '10.0.2.100' });
  });

  it('gives what is asked for if nobody has it', async () => {
    expect(await client.lease(1, '10.0.2.150')).toBe('10.0.2.150');
    expect(await client.lease(2, '10.0.2.150')).toBe('10.0.2.100');
    expect(await client.lease(3, '10.0.2.7')).toBe('10.0.2.101');
  });

  it('refuses an address of somebody else', async () => {
    await client.lease(1);
    const reply = await client.ask({ type: messageType.request, mac: 2, options: { [option.requestedAddress]: [10, 0, 2, 100] } });
    expect(reply?.options[option.messageType]).toEqual([messageType.refuse]);
    expect(reply).toMatchObject({ to: '255.255.255.255', given: '0.0.0.0' });
  });

  it('keeps declared guests their addresses, and tells them their names', async () => {
    client = new Client({ guests: [{ address: '10.0.2.100', mac: '02:00:00:00:00:09', names: ['debian.lan'] }], hosts: [{ names: ['h'], address: '10.0.2.101', ports: new Map() }] });
    expect(await client.lease(1)).toBe('10.0.2.102');
    const offer = await client.ask({ type: messageType.discover, mac: 9 });
    expect(offer?.given).toBe('10.0.2.100');
    expect(String.fromCharCode(...(offer?.options[option.hostName] ?? []))).toBe('debian');
  });

  it('avoids what a client found in use, and gives again what was given back', async () => {
    await client.lease(1);
    expect(await client.ask({ type: messageType.decline, mac: 1, options: { [option.requestedAddress]: [10, 0, 2, 100] } })).toBeUndefined();
    expect(await client.lease(1)).toBe('10.0.2.101');
    expect(await client.ask({ type: messageType.release, mac: 1, clientAddress: '10.0.2.101' })).toBeUndefined();
    expect(await client.lease(2)).toBe('10.0.2.101');
  });

  it('never runs out', async () => {
    const given = new Set<string | undefined>();
    for (let mac = 0; mac < 150; mac += 1) given.add(await client.lease(mac));
    expect(given.size).toBe(100);
  });

  it('leaves alone what is meant for another server', async () => {
    expect(await client.ask({ type: messageType.request, options: { [option.server]: [10, 0, 2, 3], [option.requestedAddress]: [10, 0, 2, 100] } })).toBeUndefined();
  });

  it('tells about the network without giving an address', async () => {
    const reply = await client.ask({ type: messageType.inform, clientAddress: '10.0.2.50' });
    expect(reply).toMatchObject({ to: '10.0.2.50', given: '0.0.0.0' });
    expect(reply?.options[option.leaseTime]).toBeUndefined();
    expect(reply?.options[option.nameServer]).toEqual([10, 0, 2, 2]);
  });
});
