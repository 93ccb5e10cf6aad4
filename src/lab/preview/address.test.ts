import { describe, expect, it } from 'vitest';
import { addressOfPort, isMachineHost, parseAddress, portOf, withoutFragment } from './address.ts';

const present = new URL('http://localhost:8080/shop/cart?x=1');

describe('parseAddress', () => {
  it.each([
    ['8080', 'http://localhost:8080/'],
    [' :8080/a b?c#d ', 'http://localhost:8080/a%20b?c#d'],
    ['localhost:5000', 'http://localhost:5000/'],
    ['localhost', 'http://localhost/'],
    ['127.0.0.1:81/x', 'http://127.0.0.1:81/x'],
    ['http://localhost:8080', 'http://localhost:8080/'],
    ['HTTPS://localhost:8443/', 'https://localhost:8443/'],
    ['/other', 'http://localhost:8080/other'],
    ['nginx.org/en', 'http://nginx.org/en'],
  ])('reads “%s”', (typed, wanted) => {
    expect(parseAddress(typed, present)?.href).toBe(wanted);
  });

  it.each(['', '   ', 'javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', '99999', 'http://', 'a b'])('refuses “%s”', (typed) => {
    expect(parseAddress(typed, present)).toBeUndefined();
  });

  it('needs a page for a bare path', () => {
    expect(parseAddress('/x')).toBeUndefined();
  });
});

describe('hosts and ports', () => {
  it('knows the machine by its names and its address', () => {
    for (const name of ['localhost', 'LOCALHOST', '127.0.0.1', 'api.localhost', '10.0.2.15', 'drydock']) expect(isMachineHost(name), name).toBe(true);
    for (const name of ['nginx.org', 'localhost.evil.example', '192.168.1.1', '110.0.2.15']) expect(isMachineHost(name), name).toBe(false);
  });

  it('knows the ports that schemes leave out', () => {
    expect(portOf(new URL('http://localhost/'))).toBe(80);
    expect(portOf(new URL('wss://localhost/'))).toBe(443);
    expect(portOf(new URL('ws://localhost:81/'))).toBe(81);
    expect(addressOfPort(80)).toBe('http://localhost/');
    expect(addressOfPort(8080)).toBe('http://localhost:8080/');
  });

  it('drops only the fragment', () => {
    expect(withoutFragment('http://localhost:8080/a?b#c')).toBe('http://localhost:8080/a?b');
  });
});
