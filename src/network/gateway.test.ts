import { describe, expect, it } from 'vitest';
import { ManualClock } from '../shared/testing/manual-clock.ts';
import { VirtualNetwork } from './network.ts';
import { hex, onesSum } from './testing/bytes.ts';

const gatewayMac = '02 00 0a 00 02 02';
const guestMac = '00 22 15 01 02 03';
const guest = '0a 00 02 0f';
const own = '0a 00 02 02';
const elsewhere = '5d b8 d8 22';

/** What the guest's card gets after it has sent the frame to a network without hosts. */
async function answersTo(frame: Uint8Array): Promise<Uint8Array[]> {
  const clock = new ManualClock();
  const received: Uint8Array[] = [];
  const transmit = new VirtualNetwork({ gatewayAddress: '10.0.2.2', clock }).attach()((bytes) => received.push(bytes));
  transmit(Uint8Array.from(frame));
  await clock.advance(0);
  return received;
}

async function answerTo(frame: Uint8Array): Promise<Uint8Array | undefined> {
  const answers = await answersTo(frame);
  expect(answers.length).toBeLessThan(2);
  return answers[0];
}

function sealedSegment(segment: Uint8Array, destination: string): Uint8Array {
  const sealed = Uint8Array.from(segment);
  const sum = 0xffff - onesSum(Uint8Array.from([...hex(`${guest} ${destination} 00 06 00`), segment.length, ...segment]));
  sealed[16] = sum >> 8;
  sealed[17] = sum & 0xff;
  return sealed;
}

/** A frame from the guest to the gateway; the header checksum is filled in here, by other code than the gateway's. */
function ipFrame(protocol: number, destination: string, payload: Uint8Array, flags = '0000'): Uint8Array {
  const length = (20 + payload.length).toString(16).padStart(4, '0');
  const segment = protocol === 6 && payload.length >= 20 ? sealedSegment(payload, destination) : payload;
  const header = hex(`45 00 ${length} 00 01 ${flags} 40 ${protocol.toString(16).padStart(2, '0')} 0000 ${guest} ${destination}`);
  const checksum = 0xffff - onesSum(header);
  header[10] = checksum >> 8;
  header[11] = checksum & 0xff;
  return Uint8Array.from([...hex(`${gatewayMac} ${guestMac} 08 00`), ...header, ...segment]);
}

function payloadOf(frame: Uint8Array | undefined): Uint8Array {
  expect(frame).toBeDefined();
  const bytes = frame ?? new Uint8Array();
  expect([...bytes.subarray(0, 14)]).toEqual([...hex(`${guestMac} ${gatewayMac} 08 00`)]);
  expect(onesSum(bytes.subarray(14, 34))).toBe(0xffff);
  expect([...bytes.subarray(26, 34)]).toEqual([...hex(`${own} ${guest}`)]);
  expect((bytes[16] ?? 0) * 256 + (bytes[17] ?? 0)).toBe(bytes.length - 14);
  return bytes.subarray(34);
}

function transportSum(protocol: number, payload: Uint8Array): number {
  return onesSum(Uint8Array.from([...hex(`${own} ${guest} 00`), protocol, payload.length >> 8, payload.length & 0xff, ...payload]));
}

describe('ARP', () => {
  const request = (target: string): Uint8Array =>
    hex(`ff ff ff ff ff ff ${guestMac} 08 06  00 01 08 00 06 04 00 01 ${guestMac} ${guest} 00 00 00 00 00 00 ${target} ${'00'.repeat(18)}`);

  it('answers for the gateway', async () => {
    expect(await answerTo(request(own))).toEqual(
      hex(`${guestMac} ${gatewayMac} 08 06  00 01 08 00 06 04 00 02 ${gatewayMac} ${own} ${guestMac} ${guest}`),
    );
  });

  it('answers for nobody else', async () => {
    expect(await answerTo(request('0a 00 02 03'))).toBeUndefined();
    expect(await answerTo(request(guest))).toBeUndefined();
  });
});

describe('ICMP', () => {
  const ping = hex('08 00 4d 4e 00 01 00 0c 61 62 63 64 65 66 67 68 69');

  it('answers a ping with the same identifier, number and data', async () => {
    const odd = Uint8Array.from(ping);
    const sum = 0xffff - onesSum(Uint8Array.from([8, 0, 0, 0, ...odd.subarray(4)]));
    odd[2] = sum >> 8;
    odd[3] = sum & 0xff;
    const reply = payloadOf(await answerTo(ipFrame(1, own, odd)));
    expect(reply[0]).toBe(0);
    expect(onesSum(reply)).toBe(0xffff);
    expect([...reply.subarray(4)]).toEqual([...odd.subarray(4)]);
  });

  it('ignores a damaged ping', async () => {
    expect(await answerTo(ipFrame(1, own, hex('08 00 00 00 00 01 00 01')))).toBeUndefined();
  });

  it('says "network unreachable" about other addresses, quoting header and eight bytes', async () => {
    const frame = ipFrame(6, elsewhere, hex('c3 50 01 bb 00 00 00 01 00 00 00 00 50 02 fa f0 00 00 00 00'));
    const message = payloadOf(await answerTo(frame));
    expect([...message.subarray(0, 2)]).toEqual([3, 0]);
    expect(onesSum(message)).toBe(0xffff);
    expect([...message.subarray(8)]).toEqual([...frame.subarray(14, 42)]);
  });

  it('sends no news about news', async () => {
    expect(await answerTo(ipFrame(1, elsewhere, hex('03 00 fc ff 00 00 00 00')))).toBeUndefined();
  });
});

describe('TCP', () => {
  it('refuses a connection, acknowledging the SYN', async () => {
    const reset = payloadOf(await answerTo(ipFrame(6, own, hex('c3 50 00 50 ff ff ff ff 00 00 00 00 50 02 fa f0 00 00 00 00'))));
    expect([...reset.subarray(0, 16)]).toEqual([...hex('00 50 c3 50 00 00 00 00 00 00 00 00 50 14 00 00')]);
    expect(transportSum(6, reset)).toBe(0xffff);
  });

  it('resets with the number that the other side expects', async () => {
    const reset = payloadOf(await answerTo(ipFrame(6, own, hex('c3 50 00 50 00 00 00 05 12 34 56 78 50 18 fa f0 00 00 00 00 61'))));
    expect([...reset.subarray(4, 14)]).toEqual([...hex('12 34 56 78 00 00 00 00 50 04')]);
  });

  it('answers no reset', async () => {
    expect(await answerTo(ipFrame(6, own, hex('c3 50 00 50 00 00 00 05 00 00 00 00 50 04 00 00 00 00 00 00')))).toBeUndefined();
  });
});

describe('DNS', () => {
  const question = '07 65 78 61 6d 70 6c 65 03 63 6f 6d 00 00 01 00 01';
  const udp = (port: string, data: Uint8Array): Uint8Array =>
    Uint8Array.from([...hex(`d4 31 ${port} ${(8 + data.length).toString(16).padStart(4, '0')} 00 00`), ...data]);

  it('knows no name, and repeats the question without the options of the query', async () => {
    const query = hex(`ab cd 01 20 00 01 00 00 00 00 00 01 ${question} 00 00 29 04 d0 00 00 00 00 00 00`);
    const answer = payloadOf(await answerTo(ipFrame(17, own, udp('00 35', query))));
    expect([...answer.subarray(0, 4)]).toEqual([...hex('00 35 d4 31')]);
    expect(transportSum(17, answer)).toBe(0xffff);
    expect([...answer.subarray(8)]).toEqual([...hex(`ab cd 81 83 00 01 00 00 00 00 00 00 ${question}`)]);
  });

  it('calls a malformed query a format error', async () => {
    const answer = payloadOf(await answerTo(ipFrame(17, own, udp('00 35', hex('ab cd 01 00 00 01 00 00 00 00 00 00 c0 0c 00 01 00 01')))));
    expect([...answer.subarray(8)]).toEqual([...hex('ab cd 81 81 00 00 00 00 00 00 00 00')]);
  });

  it('answers no answer', async () => {
    expect(await answerTo(ipFrame(17, own, udp('00 35', hex(`ab cd 81 83 00 01 00 00 00 00 00 00 ${question}`))))).toBeUndefined();
  });

  it('says "port unreachable" about other UDP ports', async () => {
    const message = payloadOf(await answerTo(ipFrame(17, own, udp('00 07', hex('00 00')))));
    expect([...message.subarray(0, 2)]).toEqual([3, 3]);
  });
});

describe('what is not answered', () => {
  it.each([
    ['broadcasts of the network', ipFrame(17, '0a 00 02 ff', hex('00 44 00 43 00 08 00 00'))],
    ['multicasts', ipFrame(17, 'e0 00 00 fb', hex('14 e9 14 e9 00 08 00 00'))],
    ['fragments', ipFrame(17, elsewhere, hex('00 44 00 43 00 08 00 00'), '2000')],
    ['IPv6', hex(`${gatewayMac} ${guestMac} 86 dd 60 00 00 00`)],
    ['frames cut short', hex('00 01 02')],
  ])('%s', async (_, frame) => {
    expect(await answerTo(frame)).toBeUndefined();
  });

  it('packets with a damaged header', async () => {
    const frame = ipFrame(6, elsewhere, hex('c3 50 01 bb 00 00 00 01'));
    frame[22] = 0x3f;
    expect(await answerTo(frame)).toBeUndefined();
  });
});
