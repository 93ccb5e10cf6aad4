import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { parseIpv4 } from '../address.ts';
import { VirtualNetwork } from '../network.ts';
import { TestGuest } from '../testing/guest.ts';
import { answerDns, HostNames } from './dns.ts';

const names = new HostNames();
names.set(parseIpv4('10.0.2.20'), ['Registry.Example', 'hub.example.']);
names.set(parseIpv4('203.0.113.7'), ['hub.example']);
const types = { a: 1, ns: 2, ptr: 12, aaaa: 28, any: 255 } as const;

function query(name: string, type: number, classNumber = 1): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...new TextEncoder().encode(label)]);
  return Uint8Array.of(0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, type, 0, classNumber);
}

/** Result code, and the data of each answer. */
function look(name: string, type: number, classNumber?: number): { code: number; answers: string[] } {
  const asked = query(name, type, classNumber);
  return read(answerDns(asked, names) ?? new Uint8Array(), asked.length);
}

function read(answer: Uint8Array, at: number): { code: number; answers: string[] } {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.length);
  const answers: string[] = [];
  for (let left = view.getUint16(6); left > 0; left -= 1) {
    expect(view.getUint16(at)).toBe(0xc00c);
    const length = view.getUint16(at + 10);
    const data = answer.subarray(at + 12, at + 12 + length);
    answers.push(view.getUint16(at + 2) === types.a ? data.join('.') : String.fromCharCode(...data));
    at += 12 + length;
  }
  expect(at).toBe(answer.length);
  return { code: (answer[3] ?? 0) & 15, answers };
}

describe('the name server', () => {
  it('knows declared names, however they are written', () => {
    expect(look('registry.example', types.a)).toEqual({ code: 0, answers: ['10.0.2.20'] });
    expect(look('REGISTRY.example', types.any)).toEqual({ code: 0, answers: ['10.0.2.20'] });
  });

  it('names every host that has the name', () => {
    expect(look('hub.example', types.a)).toEqual({ code: 0, answers: ['10.0.2.20', '203.0.113.7'] });
  });

  it('has no other records of a name it knows, and says so without denying the name', () => {
    for (const type of [types.aaaa, types.ns]) expect(look('registry.example', type)).toEqual({ code: 0, answers: [] });
    expect(look('registry.example', types.a, 3)).toEqual({ code: 0, answers: [] });
  });

  it('denies everything else, search suffixes included', () => {
    for (const name of ['example', 'nowhere.example', 'registry.example.lan', 'registry']) expect(look(name, types.a)).toEqual({ code: 3, answers: [] });
  });

  it('finds names by addresses', () => {
    expect(look('20.2.0.10.in-addr.arpa', types.ptr)).toEqual({ code: 0, answers: ['\u0008registry\u0007example\0'] });
    expect(look('20.2.0.10.in-addr.arpa', types.a)).toEqual({ code: 0, answers: [] });
    for (const name of ['21.2.0.10.in-addr.arpa', '2.0.10.in-addr.arpa', '300.2.0.10.in-addr.arpa']) expect(look(name, types.ptr).code).toBe(3);
  });

  it('forgets names', () => {
    const some = new HostNames();
    some.set(1, ['a.example']);
    some.delete(1);
    expect(some.addressesOf('a.example')).toEqual([]);
    expect(some.nameOf(1)).toBeUndefined();
  });
});

it('answers over TCP too, several questions in one connection, in pieces of any size', async () => {
  const clock = new ManualClock();
  const network = new VirtualNetwork({ gatewayAddress: '10.0.2.2', clock, hosts: [{ names: ['a.example'], address: '10.0.2.20', ports: new Map() }] });
  const guest = new TestGuest({ network, clock });
  const connection = await clock.until(guest.open('10.0.2.2', 53));
  const questions = [query('a.example', types.a), query('b.example', types.a)];
  const bytes = Uint8Array.from(questions.flatMap((question) => [0, question.length, ...question]));
  await connection.write(bytes.subarray(0, 7));
  await clock.advance(50);
  await connection.write(bytes.subarray(7));
  const ended = connection.end();
  const received: number[] = [];
  for (let more = await clock.until(connection.read()); more !== undefined; more = await clock.until(connection.read())) received.push(...more);
  await clock.until(ended);
  const first = (received[0] ?? 0) * 256 + (received[1] ?? 0);
  expect(read(Uint8Array.from(received.slice(2, 2 + first)), questions[0]?.length ?? 0)).toEqual({ code: 0, answers: ['10.0.2.20'] });
  expect(read(Uint8Array.from(received.slice(4 + first)), questions[1]?.length ?? 0)).toEqual({ code: 3, answers: [] });
});
