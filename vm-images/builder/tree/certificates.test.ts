import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveAuthority } from '../../../src/network/tls/authority.ts';
import { installAuthority, writeCertificates } from './certificates.ts';
import { Tree } from './tree.ts';

describe("the lab's authority", () => {
  it('is trusted alone: the public ones are deselected, as an administrator would do it', () => {
    const tree = new Tree(10);
    const authority = deriveAuthority('build');
    tree.putText('usr/share/ca-certificates/mozilla/A.crt', 'public\n');
    installAuthority(tree, authority);
    writeCertificates(tree);
    const file = tree.read('usr/local/share/ca-certificates/drydock-offline-ca.crt').toString();
    expect(new X509Certificate(file).raw.toString('hex')).toBe(authority.certificate);
    expect(file).toBe(new X509Certificate(file).toString());
    expect(tree.read('etc/ssl/certs/ca-certificates.crt').toString()).toBe(file);
    expect(tree.get('etc/ssl/certs/A.pem')).toBeUndefined();
    expect(tree.read('etc/ssl/certs/drydock-offline-ca.pem').toString()).toBe(file);
    expect(tree.read('etc/ca-certificates.conf').toString()).toBe('!mozilla/A.crt\n');
  });
});
