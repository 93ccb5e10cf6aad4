/** Certificates and keys, read by OpenSSL. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateMaker } from '../registry/certificate-maker.ts';
import { ask } from '../testing/registry.ts';
import { Authority, deriveAuthority } from '../tls/authority.ts';
import { der, derChildren } from '../tls/der.ts';

const published = deriveAuthority('build');
const root = new X509Certificate(Buffer.from(published.certificate, 'hex'));

describe('the authority', () => {
  it('is the same for the same build, and another for another', () => {
    expect(deriveAuthority('build')).toEqual(published);
    const other = deriveAuthority('another build');
    expect(other.privateKey).not.toBe(published.privateKey);
    expect(other.certificate).not.toBe(published.certificate);
  });

  it('is a root that says what it is', () => {
    expect(root.ca).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
    expect(root.checkIssued(root)).toBe(true);
    expect(root.subject).toContain('CN=Drydock Offline CA');
    expect(root.subject).toContain('its key is public');
    expect(root.validToDate.toISOString()).toBe('2049-12-31T23:59:59.000Z');
    expect(root.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('signs for hosts, with every name and address', () => {
    const authority = new Authority(published);
    const names = ['registry.example', '*.mirror.example', '198.51.100.7'];
    const issued = authority.certificateFor(names);
    const host = new X509Certificate(issued.chain[0] ?? new Uint8Array(0));
    expect(host.ca).toBe(false);
    expect(host.checkIssued(root)).toBe(true);
    expect(host.verify(root.publicKey)).toBe(true);
    expect(host.checkHost('registry.example')).toBe('registry.example');
    expect(host.checkHost('a.mirror.example')).toBe('*.mirror.example');
    expect(host.checkHost('other.example')).toBeUndefined();
    expect(host.checkIP('198.51.100.7')).toBe('198.51.100.7');
    expect(host.validFromDate.getTime()).toBeLessThan(Date.now());
    expect(host.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(authority.certificateFor(names)).toBe(issued);
  });
});

describe('the maker of certificates', () => {
  it('gives a key and a certificate for it that signs itself', async () => {
    const maker = certificateMaker();
    const certificate = new X509Certificate((await ask(maker, 'GET', '/harbour.test.crt')).body);
    const key = createPrivateKey((await ask(maker, 'GET', '/harbour.test.key')).body);
    expect(certificate.checkPrivateKey(key)).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.checkHost('harbour.test')).toBe('harbour.test');
    expect(certificate.checkHost('other.test')).toBeUndefined();
    expect((await ask(maker, 'GET', '/harbour.test.crt')).body).toBe(certificate.toString());
    expect((await ask(certificateMaker(), 'GET', '/harbour.test.crt')).body).not.toBe(certificate.toString());
  });

  it('knows nothing else', async () => {
    const maker = certificateMaker();
    for (const path of ['/', '/harbour.test', '/a/b.crt', '/UPPER.crt', `/${'a'.repeat(65)}.key`]) expect((await ask(maker, 'GET', path)).status).toBe(404);
    expect((await ask(maker, 'POST', '/harbour.test.crt')).status).toBe(405);
  });
});

describe('der', () => {
  it.each([
    [der.integer(Uint8Array.of(0, 0)), '020100'],
    [der.integer(Uint8Array.of(0, 0x7f)), '02017f'],
    [der.integer(Uint8Array.of(0x80)), '02020080'],
    [der.objectId('1.2.840.10045.2.1'), '06072a8648ce3d0201'],
    [der.time(new Date('2049-12-31T23:59:59Z')), '170d3439313233313233353935395a'],
    [der.time(new Date('2050-01-01T00:00:00Z')), '180f32303530303130313030303030305a'],
    [der.octetString(new Uint8Array(200)).subarray(0, 3), '0481c8'],
    [der.octetString(new Uint8Array(300)).subarray(0, 4), '0482012c'],
  ])('writes %#', (bytes, expected) => {
    expect(Buffer.from(bytes).toString('hex')).toBe(expected);
  });

  it('reads back what is in a sequence, and refuses a broken one', () => {
    const items = [der.integer(Uint8Array.of(5)), der.octetString(new Uint8Array(300))];
    expect(derChildren(der.sequence(...items))).toEqual(items);
    expect(() => derChildren(der.sequence(...items).subarray(0, 20))).toThrow(RangeError);
  });
});
