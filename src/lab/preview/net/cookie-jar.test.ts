import { describe, expect, it } from 'vitest';
import { CookieJar } from './cookie-jar.ts';

const at = (path: string, host = 'localhost:8080'): URL => new URL(`http://${host}${path}`);

describe('CookieJar', () => {
  it('sends back what was set, on every port of the host', () => {
    const jar = new CookieJar();
    jar.set(at('/'), 'session=abc; HttpOnly');
    jar.set(at('/'), 'theme=dark');
    expect(jar.header(at('/x'))).toBe('session=abc; theme=dark');
    expect(jar.header(at('/', 'localhost:9090'))).toBe('session=abc; theme=dark');
    expect(jar.header(at('/', '127.0.0.1:8080'))).toBeUndefined();
  });

  it('shows no HttpOnly cookie to scripts, and lets none change one', () => {
    const jar = new CookieJar();
    jar.set(at('/'), 'session=abc; HttpOnly');
    jar.set(at('/'), 'session=stolen', true);
    jar.set(at('/'), 'other=1; httponly', true);
    expect(jar.visible(at('/'))).toBe('');
    expect(jar.header(at('/'))).toBe('session=abc');
  });

  it('follows paths, the longer one first', () => {
    const jar = new CookieJar();
    jar.set(at('/'), 'a=root');
    jar.set(at('/shop/cart'), 'b=shop');
    jar.set(at('/'), 'a=deep; Path=/shop');
    expect(jar.header(at('/shop/pay'))).toBe('b=shop; a=deep; a=root');
    expect(jar.header(at('/shopping'))).toBe('a=root');
    expect(jar.header(at('/shop'))).toBe('b=shop; a=deep; a=root');
  });

  it('replaces a cookie of the same name, domain and path, in its place', () => {
    const jar = new CookieJar();
    jar.set(at('/'), 'a=1');
    jar.set(at('/'), 'b=1');
    jar.set(at('/'), 'a=2');
    expect(jar.header(at('/'))).toBe('a=2; b=1');
  });

  it('forgets in time', () => {
    let now = 1_000_000;
    const jar = new CookieJar(() => now);
    jar.set(at('/'), 'short=1; Max-Age=10');
    jar.set(at('/'), 'dated=1; Expires=Thu, 01-Jan-2099 00:00:00 GMT');
    jar.set(at('/'), 'past=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT');
    expect(jar.header(at('/'))).toBe('short=1; dated=1');
    now += 10_000;
    expect(jar.header(at('/'))).toBe('dated=1');
    jar.set(at('/'), 'dated=; Max-Age=0');
    expect(jar.header(at('/'))).toBeUndefined();
  });

  it('takes a domain only from a host below it', () => {
    const jar = new CookieJar();
    jar.set(at('/', 'api.shop.localhost'), 'wide=1; Domain=shop.localhost');
    jar.set(at('/', 'api.shop.localhost'), 'top=1; Domain=localhost');
    jar.set(at('/', 'api.shop.localhost'), 'foreign=1; Domain=example.org');
    expect(jar.header(at('/', 'web.shop.localhost'))).toBe('wide=1');
    expect(jar.header(at('/'))).toBeUndefined();
  });

  it('drops what is malformed or too long, and the oldest when full', () => {
    const jar = new CookieJar();
    jar.set(at('/'), '');
    jar.set(at('/'), 'a=\u0001');
    jar.set(at('/'), `big=${'x'.repeat(5000)}`);
    expect(jar.header(at('/'))).toBeUndefined();
    for (let index = 0; index < 200; index++) jar.set(at('/'), `c${index}=1`);
    expect(jar.header(at('/'))?.split('; ')).toHaveLength(180);
    expect(jar.header(at('/'))).not.toContain('c19=');
    jar.clear();
    expect(jar.header(at('/'))).toBeUndefined();
  });
});
