/** Single segments at one stack: what must be answered how (RFC 9293, 3.10.7). */
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { parseIpv4 } from '../address.ts';
import type { Connection } from '../connection.ts';
import { buildSegment, flag, parseSegment, type Segment } from './segment.ts';
import { tcpSettings } from './settings.ts';
import { TcpStack } from './stack.ts';

const [own, peer] = [parseIpv4('10.0.2.20'), parseIpv4('10.0.2.15')];
const initial = 5000;
const theirs = 9000;
const { syn, fin, reset, acknowledge, push } = flag;

let clock: ManualClock;
let stack: TcpStack;
let sent: Segment[];
let accepted: Connection | undefined;

beforeEach(() => {
  clock = new ManualClock();
  sent = [];
  accepted = undefined;
  stack = new TcpStack({
    settings: tcpSettings(clock, 1500),
    address: own,
    random: () => initial,
    output(_, bytes) {
      const segment = parseSegment(bytes, own, peer);
      if (segment !== undefined) sent.push(segment);
    },
    handlerFor: (port) =>
      port === 80
        ? async (connection) => {
            accepted = connection;
            await new Promise(() => undefined);
          }
        : undefined,
  });
});

/** Sends a segment to the stack and returns what it answers at once. */
async function say(flags: number, sequence: number, acknowledgement = 0, more: Partial<Segment> = {}): Promise<Segment[]> {
  sent = [];
  stack.input(peer, buildSegment({ sourcePort: 1234, destinationPort: 80, sequence, acknowledgement, flags, window: 1000, payload: new Uint8Array(), ...more }, peer, own));
  await clock.advance(0);
  return sent;
}

/** Opens a connection from the peer. */
async function shakeHands(options: Partial<Segment> = {}): Promise<void> {
  await say(syn, theirs, 0, options);
  await say(acknowledge, theirs + 1, initial + 1);
  expect(accepted).toBeDefined();
}

describe('opening', () => {
  it('answers a SYN with its own, with a scale only if the peer has one', async () => {
    expect(await say(syn, theirs, 0, { maximumSegment: 1460 })).toMatchObject([{ flags: syn | acknowledge, sequence: initial, acknowledgement: theirs + 1, maximumSegment: 1460 }]);
    expect(sent[0]?.windowScale).toBeUndefined();
    expect(await say(syn, theirs, 0, { sourcePort: 99, windowScale: 7 })).toMatchObject([{ windowScale: 4 }]);
  });

  it('answers a repeated SYN again, and repeats its own', async () => {
    await say(syn, theirs);
    expect(await say(syn, theirs)).toMatchObject([{ flags: syn | acknowledge, sequence: initial }]);
    sent = [];
    await clock.advance(1600);
    expect(sent).toMatchObject([{ flags: syn | acknowledge }, { flags: syn | acknowledge }]);
    await clock.advance(60_000);
    expect(stack.connections).toBe(0);
  });

  it('resets what acknowledges something else', async () => {
    await say(syn, theirs);
    expect(await say(acknowledge, theirs + 1, initial + 7)).toMatchObject([{ flags: reset, sequence: initial + 7 }]);
    expect(accepted).toBeUndefined();
  });

  it('takes data that comes with the last part of the handshake', async () => {
    await say(syn, theirs);
    await say(acknowledge | push, theirs + 1, initial + 1, { payload: Uint8Array.of(1, 2) });
    expect(await accepted?.read()).toEqual(Uint8Array.of(1, 2));
  });

  it('opens at the same time as the peer', async () => {
    const opening = stack.open(peer, 1234);
    const localPort = sent[0]?.sourcePort ?? 0;
    expect(await say(syn, theirs, 0, { destinationPort: localPort })).toMatchObject([{ flags: syn | acknowledge, acknowledgement: theirs + 1 }]);
    await say(acknowledge, theirs + 1, initial + 1, { destinationPort: localPort });
    expect((await opening).remote.port).toBe(1234);
  });

  it('fails when ICMP says that there is no way', async () => {
    const opening = stack.open(peer, 1234);
    const localPort = sent[0]?.sourcePort ?? 0;
    stack.unreachable(peer, Uint8Array.of(localPort >> 8, localPort, 1234 >> 8, 1234 & 255), 'unreachable');
    await expect(opening).rejects.toMatchObject({ fault: 'unreachable' });
  });
});

describe('an open connection', () => {
  it('believes a reset only with the exact number', async () => {
    await shakeHands();
    expect(await say(reset, theirs + 50)).toMatchObject([{ flags: acknowledge, acknowledgement: theirs + 1 }]);
    expect(await say(reset, theirs - 50)).toEqual([]);
    expect(stack.connections).toBe(1);
    expect(await say(reset, theirs + 1)).toEqual([]);
    expect(stack.connections).toBe(0);
    await expect(accepted?.read()).rejects.toMatchObject({ fault: 'reset' });
  });

  it('asks back on a SYN in the middle', async () => {
    await shakeHands();
    expect(await say(syn, theirs + 20)).toMatchObject([{ flags: acknowledge, acknowledgement: theirs + 1 }]);
    expect(stack.connections).toBe(1);
  });

  it('says where it stands when something outside the window comes, or an acknowledgement of the future', async () => {
    await shakeHands();
    expect(await say(acknowledge, theirs + 100_000, initial + 1)).toMatchObject([{ flags: acknowledge, acknowledgement: theirs + 1, sequence: initial + 1 }]);
    expect(await say(acknowledge, theirs + 1, initial + 500, { payload: Uint8Array.of(1) })).toMatchObject([{ flags: acknowledge, acknowledgement: theirs + 1 }]);
  });

  it('acknowledges a lone segment after a moment, two at once, and a gap at once', async () => {
    await shakeHands({ maximumSegment: 1000 });
    const payload = new Uint8Array(1000);
    expect(await say(acknowledge, theirs + 1, initial + 1, { payload })).toEqual([]);
    await clock.advance(50);
    expect(sent).toMatchObject([{ acknowledgement: theirs + 1001 }]);
    await say(acknowledge, theirs + 1001, initial + 1, { payload });
    expect(await say(acknowledge, theirs + 2001, initial + 1, { payload })).toMatchObject([{ acknowledgement: theirs + 3001 }]);
    expect(await say(acknowledge, theirs + 4001, initial + 1, { payload })).toMatchObject([{ acknowledgement: theirs + 3001 }]);
    expect(await say(acknowledge, theirs + 3001, initial + 1, { payload })).toMatchObject([{ acknowledgement: theirs + 5001 }]);
  });

  it('lets an acknowledgement go with data', async () => {
    await shakeHands();
    await say(acknowledge | push, theirs + 1, initial + 1, { payload: Uint8Array.of(1) });
    await accepted?.write(Uint8Array.of(2));
    await clock.advance(1);
    expect(sent).toMatchObject([{ flags: acknowledge | push, acknowledgement: theirs + 2, payload: Uint8Array.of(2) }]);
  });

  it('sends what is written together in one segment, no larger than the peer takes', async () => {
    await shakeHands({ maximumSegment: 100 });
    sent = [];
    await Promise.all([accepted?.write(new Uint8Array(30)), accepted?.write(new Uint8Array(30)), accepted?.write(new Uint8Array(60))]);
    await clock.advance(0);
    expect(sent.map(({ payload }) => payload.length)).toEqual([100, 20]);
  });

  it('resends one segment after three duplicates, without waiting', async () => {
    await shakeHands({ maximumSegment: 100 });
    sent = [];
    await accepted?.write(new Uint8Array(500));
    await clock.advance(0);
    expect(sent).toHaveLength(5);
    const [first] = sent;
    for (const copies of [[], [], [first]]) expect(await say(acknowledge, theirs + 1, initial + 1)).toEqual(copies);
  });

  it('ends when both sides have, and answers a repeated end until it is forgotten', async () => {
    await shakeHands();
    const ended = accepted?.end();
    await clock.advance(0);
    expect(sent).toMatchObject([{ flags: acknowledge | fin, sequence: initial + 1 }]);
    await say(acknowledge, theirs + 1, initial + 2);
    await ended;
    expect(await say(acknowledge | fin, theirs + 1, initial + 2)).toMatchObject([{ flags: acknowledge, acknowledgement: theirs + 2 }]);
    expect(await say(acknowledge | fin, theirs + 1, initial + 2)).toMatchObject([{ flags: acknowledge, acknowledgement: theirs + 2 }]);
    expect(await accepted?.read()).toBeUndefined();
    expect(await say(syn, theirs - 100)).toMatchObject([{ flags: acknowledge }]);
    expect(await say(syn, theirs + 5000)).toMatchObject([{ flags: syn | acknowledge, acknowledgement: theirs + 5001 }]);
  });

  it('ends when both do at the same time', async () => {
    await shakeHands();
    const ended = accepted?.end();
    await clock.advance(0);
    await say(acknowledge | fin, theirs + 1, initial + 1);
    await say(acknowledge, theirs + 2, initial + 2);
    await ended;
    await clock.advance(5000);
    expect(stack.connections).toBe(0);
  });
});
