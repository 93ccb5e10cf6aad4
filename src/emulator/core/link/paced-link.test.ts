import { describe, expect, it, vi } from 'vitest';
import { isDrydockError } from '../../../shared/errors.ts';
import { firstDifference } from '../testing/bytes.ts';
import { randomBytes, randomIntegers } from '../testing/random.ts';
import { frameType } from './frame-scanner.ts';
import { packetBytes, PacedLink, windowBytes, windowPackets } from './paced-link.ts';

function frame(type: number, payload: Uint8Array, channel = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length, true);
  view.setUint16(4, channel, true);
  view.setUint8(6, type);
  bytes.set(payload, 8);
  return bytes;
}

function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

const hello = (nonce: number): Uint8Array<ArrayBuffer> => frame(frameType.hello, words(1, nonce), 0);
const helloAck = (nonce: number): Uint8Array<ArrayBuffer> => frame(frameType.helloAck, words(1, nonce), 0);
const linkAck = (bytes: number): Uint8Array<ArrayBuffer> => frame(frameType.linkAck, words(bytes), 0);
const data = (length: number, seed = length): Uint8Array<ArrayBuffer> => frame(0x03, randomBytes(length, seed));

/** A guest with the 16 receive buffers of the virtio console and an agent that acknowledges as the real one does. */
class FakeGuest {
  readonly link = new PacedLink({
    canWrite: () => this.held.length < 16,
    write: (packet) => {
      if (this.held.length >= 16 || packet.length === 0 || packet.length > packetBytes) throw new Error('the guest drops this packet');
      this.held.push(packet);
    },
  });
  held: Uint8Array[] = [];
  read: number[] = [];
  #unacknowledged = 0;
  #frames = 0;
  #parsed = 0;

  /** The agent takes the first packet and acknowledges by the rule of the protocol. */
  readPacket(): void {
    const packet = this.held.shift();
    if (packet === undefined) return;
    this.read.push(...packet);
    this.#unacknowledged += packet.length;
    for (;;) {
      const length = new DataView(Uint8Array.from(this.read.slice(this.#parsed, this.#parsed + 8)).buffer);
      if (length.byteLength < 8) break;
      const end = this.#parsed + 8 + length.getUint32(0, true);
      if (end > this.read.length) break;
      this.#parsed = end;
      this.#frames += 1;
    }
    if (this.#unacknowledged < 4096 && this.#frames < 8) return;
    const count = this.#unacknowledged;
    this.#unacknowledged = this.#frames = 0;
    this.link.receive(linkAck(count));
  }

  greet(nonce = 7): void {
    this.link.send(hello(nonce));
    this.readPacket();
    this.link.receive(helloAck(nonce));
    this.read = [];
    this.#parsed = 0;
    this.#frames = 0;
    this.#unacknowledged = 0;
  }
}

describe('PacedLink', () => {
  it('never has more than 16,384 bytes or 14 packets under way, and loses nothing', () => {
    for (let seed = 1; seed <= 3; seed++) {
      const next = randomIntegers(seed);
      const guest = new FakeGuest();
      guest.greet();
      const sent: number[] = [];
      for (let step = 0; step < 150; step++) {
        // Frames of all sizes, some of them handed over in two pieces.
        const bytes = data(next(5) === 0 ? next(16384) : next(60), seed * 1000 + step);
        const cut = next(3) === 0 ? next(bytes.length) : bytes.length;
        guest.link.send(bytes.slice(0, cut));
        guest.link.send(bytes.slice(cut));
        sent.push(...bytes);
        const { bytes: underWay, packets } = guest.link.pressure;
        if (underWay > windowBytes || packets > windowPackets) throw new Error(`${underWay} bytes, ${packets} packets under way`);
        if (next(2) === 0) guest.readPacket();
      }
      for (let round = 0; round < 5000 && guest.held.length > 0; round++) guest.readPacket();
      expect(guest.link.pressure.waiting).toBe(0);
      expect(firstDifference(guest.read, sent)).toBe(-1);
    }
  });

  it('puts small frames that wait into one packet', () => {
    const guest = new FakeGuest();
    guest.greet();
    for (let index = 0; index < 100; index++) guest.link.send(data(10, index));
    expect(guest.held).toHaveLength(windowPackets);
    for (let index = 0; index < 8; index++) guest.readPacket();
    expect(guest.held.at(-1)?.length).toBe((100 - windowPackets) * 18);
  });

  it('holds back the rest of a frame that is not complete, so that packets are full or end with a frame', () => {
    const guest = new FakeGuest();
    guest.greet();
    const bytes = data(5000);
    guest.link.send(bytes.slice(0, 4500));
    expect(guest.held.map((packet) => packet.length)).toEqual([4096]);
    guest.link.send(bytes.slice(4500));
    expect(guest.held.map((packet) => packet.length)).toEqual([4096, 912]);
  });

  it('waits for a free buffer of the guest', () => {
    vi.useFakeTimers();
    try {
      let free = false;
      const write = vi.fn();
      const link = new PacedLink({ canWrite: () => free, write });
      link.send(data(10));
      expect(write).not.toHaveBeenCalled();
      free = true;
      vi.advanceTimersByTime(10);
      expect(write).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });

  it('sends a HELLO though the window is shut, without the frames before it, and starts afresh when it is answered', () => {
    const write = vi.fn();
    const link = new PacedLink({ canWrite: () => true, write });
    for (let nonce = 0; nonce < windowPackets; nonce++) link.send(data(10));
    link.send(data(20));
    expect(write).toHaveBeenCalledTimes(windowPackets);
    link.send(hello(9));
    expect(write).toHaveBeenCalledTimes(windowPackets + 1);
    expect(write.mock.lastCall?.[0]).toEqual(hello(9));
    link.receive(helloAck(8));
    expect(link.pressure.packets).toBe(windowPackets + 1);
    link.receive(helloAck(9));
    expect(link.pressure).toEqual({ bytes: 0, packets: 0, waiting: 0 });
    link.send(data(30));
    expect(write.mock.lastCall?.[0]).toEqual(data(30));
  });

  it('finds the answer to its HELLO behind bytes that are no frames, in pieces', () => {
    const link = new PacedLink({ canWrite: () => true, write: () => undefined });
    const received: number[] = [];
    link.onReceive((bytes) => received.push(...bytes));
    link.send(hello(5));
    const stream = Uint8Array.from([1, 2, 3, 8, 0, 0, 0, 0, 0, ...helloAck(5)]);
    for (const byte of stream) link.receive(Uint8Array.of(byte));
    expect(link.pressure.packets).toBe(0);
    expect(received).toEqual([...stream]);
  });

  it('believes no acknowledgement beyond what was sent: a woken agent speaks of its former life', () => {
    const guest = new FakeGuest();
    guest.greet();
    guest.link.send(data(100));
    guest.link.receive(linkAck(100_000));
    guest.link.send(data(200));
    expect(guest.link.pressure.bytes).toBe(208);
  });

  it('keeps what comes before there is a receiver', () => {
    const link = new PacedLink({ canWrite: () => true, write: () => undefined });
    link.receive(Uint8Array.of(1));
    const receiver = vi.fn();
    link.onReceive(receiver);
    expect(receiver).toHaveBeenCalledWith(Uint8Array.of(1));
  });

  it('closes once, tells late listeners too, and drops what is sent afterwards', () => {
    const write = vi.fn();
    const link = new PacedLink({ canWrite: () => true, write });
    const early = vi.fn();
    link.onClose(early);
    link.close();
    link.close(new Error('again'));
    const late = vi.fn();
    link.onClose(late);
    link.send(data(1));
    expect(early).toHaveBeenCalledOnce();
    expect(isDrydockError(late.mock.calls[0]?.[0], 'machine-stopped')).toBe(true);
    expect(write).not.toHaveBeenCalled();
  });

  it('closes with a protocol error when told to send what is no frame', () => {
    const link = new PacedLink({ canWrite: () => true, write: () => undefined });
    const closed = vi.fn();
    link.onClose(closed);
    link.send(new Uint8Array(8).fill(255));
    expect(isDrydockError(closed.mock.calls[0]?.[0], 'link-protocol-error')).toBe(true);
  });
});
