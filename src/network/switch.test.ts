import { beforeEach, describe, expect, it } from 'vitest';
import { EthernetSwitch, type SwitchPort } from './switch.ts';
import { hex } from './testing/bytes.ts';

const a = '02 00 00 00 00 0a';
const b = '02 00 00 00 00 0b';
const everybody = 'ff ff ff ff ff ff';
const frame = (destination: string, source: string): Uint8Array<ArrayBuffer> => hex(`${destination} ${source} 08 00 01`);

describe('EthernetSwitch', () => {
  let ports: SwitchPort[];
  let received: string[];

  beforeEach(() => {
    const network = new EthernetSwitch();
    received = [];
    ports = ['a', 'b', 'c'].map((name) => network.connect(() => received.push(name)));
  });

  it('floods what it does not know, but not back', () => {
    ports[0]?.transmit(frame(b, a));
    expect(received).toEqual(['b', 'c']);
  });

  it('sends to the one port where it has seen the address', () => {
    ports[1]?.transmit(frame(everybody, b));
    received.length = 0;
    ports[0]?.transmit(frame(b, a));
    expect(received).toEqual(['b']);
  });

  it('sends broadcasts to everybody', () => {
    ports[1]?.transmit(frame(everybody, b));
    expect(received).toEqual(['a', 'c']);
  });

  it('forgets what was unplugged', () => {
    ports[1]?.transmit(frame(everybody, b));
    ports[1]?.close();
    received.length = 0;
    ports[0]?.transmit(frame(b, a));
    ports[1]?.transmit(frame(everybody, b));
    expect(received).toEqual(['c']);
  });

  it('follows an address that moves', () => {
    ports[1]?.transmit(frame(everybody, b));
    ports[2]?.transmit(frame(everybody, b));
    received.length = 0;
    ports[0]?.transmit(frame(b, a));
    expect(received).toEqual(['c']);
  });
});
