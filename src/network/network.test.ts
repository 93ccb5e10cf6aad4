import { describe, expect, it } from 'vitest';
import { PausableClock } from '../shared/pausable-clock.ts';
import { ManualClock } from '../shared/testing/manual-clock.ts';
import { formatIpv4 } from './address.ts';
import { internetChecksum } from './checksum.ts';
import type { Connection, ConnectionHandler, HostDeclaration } from './connection.ts';
import { serveHttp } from './http/server.ts';
import { protocol } from './ipv4.ts';
import { networkOfOne, VirtualNetwork, type NetworkOptions } from './network.ts';
import { TestGuest } from './testing/guest.ts';
import { randomFrom } from './testing/random.ts';
import { firstDifference, readAll, writeInPieces } from './testing/stacks.ts';
import { Wire } from './testing/wire.ts';

const echo: ConnectionHandler = async (connection) => {
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) await connection.write(bytes);
};
const saying = (text: string): ConnectionHandler => async (connection) => connection.write(new TextEncoder().encode(text));
const host = (name: string, address: string, ports: [number, ConnectionHandler][]): HostDeclaration => ({ names: [name], address, ports: new Map(ports) });
const near = host('near.example', '10.0.2.20', [[80, saying('near')], [7, echo]]);
const far = host('far.example', '203.0.113.7', [[80, saying('far')]]);

function setUp(options: Partial<NetworkOptions> = {}) {
  const clock = new ManualClock();
  const network = new VirtualNetwork({ gatewayAddress: '10.0.2.2', clock, hosts: [near, far], ...options });
  const guest = new TestGuest({ network, clock });
  const hear = async (connection: Connection): Promise<string> => new TextDecoder().decode(await readAll(connection));
  const ask = async (address: string, port: number): Promise<string> => hear(await guest.open(address, port));
  return { clock, network, guest, ask, hear };
}

describe('declared hosts', () => {
  it('are reached in the subnet, and outside through the gateway', async () => {
    const { clock, ask } = setUp();
    expect(await clock.until(ask('10.0.2.20', 80))).toBe('near');
    expect(await clock.until(ask('203.0.113.7', 80))).toBe('far');
  });

  it('refuse other ports', async () => {
    const { clock, ask } = setUp();
    await expect(clock.until(ask('10.0.2.20', 81))).rejects.toMatchObject({ fault: 'refused' });
    await expect(clock.until(ask('203.0.113.7', 443))).rejects.toMatchObject({ fault: 'refused' });
    await expect(clock.until(ask('10.0.2.2', 80))).rejects.toMatchObject({ fault: 'refused' });
    expect(clock.now()).toBeLessThan(100);
  });

  it('do not exist unless declared: at once outside the subnet, after the questions of ARP inside', async () => {
    const { clock, ask } = setUp();
    await expect(clock.until(ask('198.51.100.1', 80))).rejects.toMatchObject({ fault: 'unreachable' });
    expect(clock.now()).toBeLessThan(100);
    await expect(clock.until(ask('10.0.2.99', 80))).rejects.toMatchObject({ fault: 'unreachable' });
    expect(clock.now()).toBeLessThan(4000);
  });

  it('answer pings', async () => {
    const { clock, guest } = setUp();
    for (const address of ['10.0.2.2', '10.0.2.20', '203.0.113.7']) {
      guest.packets.length = 0;
      const data = Uint8Array.of(8, 0, 0, 0, 1, 2, 3, 4, 5, 6);
      const sum = internetChecksum(data);
      guest.send(address, protocol.icmp, Uint8Array.from([8, 0, sum >> 8, sum & 255, ...data.subarray(4)]));
      await clock.advance(10);
      expect(guest.packets.map(({ source, payload }) => [formatIpv4(source), payload[0], [...payload.subarray(4)]])).toEqual([[address, 0, [1, 2, 3, 4, 5, 6]]]);
    }
  });

  it('have names, and the gateway the time', async () => {
    const { clock, guest } = setUp({ time: () => 86_400_000 });
    const query = Uint8Array.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, ...new TextEncoder().encode('far'), 7, ...new TextEncoder().encode('example'), 0, 0, 1, 0, 1]);
    expect([...((await guest.ask('10.0.2.2', 53, query, clock)) ?? [])].slice(-4)).toEqual([203, 0, 113, 7]);
    const question = new Uint8Array(48);
    question[0] = 0x23;
    const answer = await guest.ask('10.0.2.2', 123, question, clock);
    expect(new DataView((answer ?? new Uint8Array()).slice().buffer).getUint32(40)).toBe(2_208_988_800 + 86_400);
  });

  it('come and go', async () => {
    const { clock, network, guest, ask } = setUp();
    const remove = network.addHost(host('late.example', '10.0.2.30', [[80, saying('late')], [7, echo]]));
    expect(await clock.until(ask('10.0.2.30', 80))).toBe('late');
    expect(() => network.addHost(host('other.example', '10.0.2.30', []))).toThrow(RangeError);
    const connection = await clock.until(guest.open('10.0.2.30', 7));
    remove();
    remove();
    await expect(clock.until(connection.read())).rejects.toMatchObject({ fault: 'reset' });
    await expect(clock.until(ask('10.0.2.30', 80))).rejects.toMatchObject({ fault: 'timeout' });
    network.addHost(host('again.example', '10.0.2.30', [[80, saying('again')]]));
    expect(await clock.until(ask('10.0.2.30', 80))).toBe('again');
  });

  it('may lend the gateway ports', async () => {
    const { clock, network, ask } = setUp();
    const remove = network.addHost(host('gateway.example', '10.0.2.2', [[80, saying('gateway')]]));
    expect(await clock.until(ask('10.0.2.2', 80))).toBe('gateway');
    remove();
    await expect(clock.until(ask('10.0.2.2', 80))).rejects.toMatchObject({ fault: 'refused' });
  });

  it('speak to each other, and to themselves', async () => {
    const clock = new ManualClock();
    const passOn: ConnectionHandler = async (connection) => connection.write(await readAll(await network.connect('203.0.113.7', 80)));
    const network = new VirtualNetwork({ gatewayAddress: '10.0.2.2', clock, hosts: [far, host('gateway.example', '10.0.2.2', [[80, passOn]])] });
    expect(new TextDecoder().decode(await clock.until(network.connect('10.0.2.2', 80).then((connection) => readAll(connection))))).toBe('far');
  });

  it('report what their handlers fail at', async () => {
    const failed: unknown[] = [];
    const broken = host('broken.example', '10.0.2.40', [[80, () => Promise.reject(new Error('broken'))]]);
    const { clock, ask } = setUp({ hosts: [broken], onHandlerError: (error, declaration) => failed.push([error, declaration]) });
    await expect(clock.until(ask('10.0.2.40', 80))).rejects.toMatchObject({ fault: 'reset' });
    expect(failed).toEqual([[new Error('broken'), broken]]);
  });
});

describe('guests', () => {
  it('are reached from the page', async () => {
    const { clock, network, guest, hear } = setUp();
    guest.listeners.set(8080, async (connection) => connection.write(new TextEncoder().encode(`hello ${connection.remote.address}`)));
    expect(await clock.until(network.connect('10.0.2.15', 8080).then(hear))).toBe('hello 10.0.2.2');
    await expect(clock.until(network.connect('10.0.2.15', 8081))).rejects.toMatchObject({ fault: 'refused' });
  });

  it('cannot be reached where there are none', async () => {
    const { clock, network } = setUp();
    await expect(clock.until(network.connect('10.0.2.16', 80))).rejects.toMatchObject({ fault: 'unreachable' });
    await expect(clock.until(network.connect('172.17.0.2', 80))).rejects.toMatchObject({ fault: 'unreachable' });
  });

  it('reach each other', async () => {
    const { clock, network, guest, hear } = setUp();
    const other = new TestGuest({ network, clock, address: '10.0.2.16' });
    other.listeners.set(80, saying('other'));
    expect(await clock.until(guest.open('10.0.2.16', 80).then(hear))).toBe('other');
    other.unplug();
    await expect(clock.until(guest.open('10.0.2.16', 80))).rejects.toMatchObject({ fault: 'timeout' });
  });

  it('stand still without losing connections', async () => {
    const clock = new ManualClock();
    const network = networkOfOne({ gatewayAddress: '10.0.2.2', guestAddress: '10.0.2.15' }, { clock });
    const wire = new Wire(clock, randomFrom(1));
    const guestClock = new PausableClock(clock);
    const guest = new TestGuest({ network, clock: guestClock, wire });
    guest.listeners.set(7, echo);
    const connection = await clock.until(network.connect('10.0.2.15', 7));
    wire.faults = { ...wire.faults, drop: 1 };
    await connection.write(Uint8Array.of(1));
    await clock.advance(100);
    network.pause();
    guestClock.pause();
    await clock.advance(86_400_000);
    wire.faults = { ...wire.faults, drop: 0 };
    guestClock.resume();
    network.resume();
    expect(await clock.until(connection.read())).toEqual(Uint8Array.of(1));
  });

  it('stand still without being taken for idle by a host, also in the middle of a request', async () => {
    const web = host('web.example', '10.0.2.30', [[80, serveHttp(async ({ path }) => ({ status: 200, body: path }))]]);
    const { clock, network, guest } = setUp({ hosts: [web] });
    const connection = await clock.until(guest.open('10.0.2.30', 80));
    const day = async (): Promise<void> => {
      network.pause();
      await clock.advance(86_400_000);
      network.resume();
    };
    const say = (text: string): Promise<void> => connection.write(new TextEncoder().encode(text));
    const hear = async (): Promise<string> => new TextDecoder().decode(await clock.until(connection.read()));
    await day();
    await say('GET /one HTTP/1.1\r\n');
    await clock.advance(1000);
    await day();
    await say('Host: web.example\r\n\r\n');
    expect(await hear()).toMatch(/\/one$/);
    // Its limits hold while it runs.
    await clock.advance(130_000);
    expect(await clock.until(connection.read())).toBeUndefined();
  });
});

describe('a network that loses, doubles and reorders frames', () => {
  it.each([1, 2, 3])('delivers everything once, to and from the guest (seed %i)', async (seed) => {
    const clock = new ManualClock();
    const random = randomFrom(seed);
    const network = new VirtualNetwork({ gatewayAddress: '10.0.2.2', clock, hosts: [near] });
    const wire = new Wire(clock, random, { drop: 0.1, duplicate: 0.1, reorder: 0.1, delay: 1 });
    const guest = new TestGuest({ network, clock, wire });
    guest.listeners.set(7, echo);
    const exchange = async (connection: Connection): Promise<void> => {
      const sent = random.bytes(100_000);
      const writing = writeInPieces(connection, sent, random).then(() => connection.end());
      const received = await readAll(connection);
      await writing;
      expect(firstDifference(received, sent)).toBe(-1);
    };
    const long = { timeout: 600_000 };
    const both = Promise.all([guest.open('10.0.2.20', 7, long.timeout).then(exchange), network.connect('10.0.2.15', 7, long).then(exchange)]);
    await clock.until(both);
    await clock.advance(900_000);
    expect([network.counters.connections, guest.host.tcp.connections, clock.timers]).toEqual([0, 0, 0]);
  });
});

it('forgets a thousand connections', async () => {
  const { clock, network, guest } = setUp();
  guest.listeners.set(7, echo);
  for (let index = 0; index < 1000; index += 1) {
    const connection = await clock.until(index % 2 === 0 ? guest.open('10.0.2.20', 7) : network.connect('10.0.2.15', 7));
    if (index % 5 === 0) connection.abort();
    else {
      await connection.write(Uint8Array.of(index));
      await clock.until(Promise.all([connection.end(), readAll(connection)]));
    }
  }
  await clock.advance(10_000);
  expect([network.counters.connections, guest.host.tcp.connections, clock.timers]).toEqual([0, 0, 0]);
});
