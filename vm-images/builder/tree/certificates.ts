/** What update-ca-certificates would have made: whom the programs of a tree trust. */
import type { PublishedAuthority } from '../../../src/shared/manifest.ts';
import { putLink } from './links.ts';
import type { Tree } from './tree.ts';

const shippedFolder = 'usr/share/ca-certificates/mozilla/';
/** Of the machine's administrator; update-ca-certificates keeps what is in it. */
const localFolder = 'usr/local/share/ca-certificates/';
const authorityFile = 'drydock-offline-ca.crt';

/** Puts the lab's authority where a machine keeps its own; `writeCertificates` then makes it trusted. */
export function installAuthority(tree: Tree, { certificate }: PublishedAuthority): void {
  const base64 = Buffer.from(certificate, 'hex').toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  tree.putText(`${localFolder}${authorityFile}`, `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`);
}

/**
 * The bundle that curl and Go programs read, and the folder of single certificates. The folder's links by hash, which
 * only `openssl -CApath` uses, are left out.
 *
 * Where there is an authority of the machine's own, the public ones are deselected, as its administrator would do it: without the Internet
 * nobody has a certificate of theirs, and each program that speaks TLS reads the whole bundle (`curl` of a small file: 64
 * million instructions in place of 141).
 */
export function writeCertificates(tree: Tree): void {
  const [shipped, own] = [certificatesIn(tree, shippedFolder), certificatesIn(tree, localFolder)];
  const deselected = own.length > 0;
  const all = deselected ? own : shipped;
  const texts = all.map((path) => `${tree.read(path).toString('utf8').trimEnd()}\n`);
  tree.putText('etc/ca-certificates.conf', shipped.map((path) => `${deselected ? '!' : ''}mozilla/${path.slice(shippedFolder.length)}\n`).join(''));
  tree.putText('etc/ssl/certs/ca-certificates.crt', texts.join(''));
  for (const path of all) putLink(tree, `/etc/ssl/certs/${path.slice(path.lastIndexOf('/') + 1).replace(/\.crt$/, '.pem')}`, `/${path}`);
}

function certificatesIn(tree: Tree, folder: string): string[] {
  return tree.paths().filter((path) => path.startsWith(folder) && path.endsWith('.crt'));
}
