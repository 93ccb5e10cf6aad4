/**
 * Stands in for `openssl req -x509`, which the machine does not have: it makes a key and a certificate that signs itself.
 *
 * `GET /NAME.crt` and `GET /NAME.key` belong together for as long as the host lives. A real key never travels; the lesson
 * says so.
 */
import { p256 } from '@noble/curves/nist.js';
import type { HttpHandler } from '../http/server.ts';
import { privateKeyDer, selfSignedCertificate } from '../tls/certificate.ts';
import { pem } from '../tls/pem.ts';

const day = 86_400_000;
/** More than anybody tries out. */
const maximumNames = 100;
const route = /^\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.(crt|key)$/;

export function certificateMaker(): HttpHandler {
  const made = new Map<string, { readonly crt: string; readonly key: string }>();
  return async ({ method, path }) => {
    const [, name = '', kind] = route.exec(path) ?? [];
    const headers = { 'Content-Type': 'application/x-pem-file' };
    if (name === '' || name.length > 64) return { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Ask for NAME.crt or NAME.key.\n' };
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { Allow: 'GET, HEAD' }, body: '' };
    const pair = made.get(name) ?? makePair(name);
    const oldest = made.keys().next();
    if (made.size >= maximumNames && oldest.done !== true) made.delete(oldest.value);
    made.set(name, pair);
    return { status: 200, headers, body: kind === 'crt' ? pair.crt : pair.key };
  };
}

function makePair(name: string): { crt: string; key: string } {
  const privateKey = p256.utils.randomSecretKey();
  const now = Date.now();
  const serial = crypto.getRandomValues(new Uint8Array(16)).map((byte, index) => (index === 0 ? (byte & 0x3f) | 0x40 : byte));
  const certificate = selfSignedCertificate(privateKey, { names: [name], serial, from: new Date(now - day), to: new Date(now + 365 * day) });
  return { crt: pem('CERTIFICATE', certificate), key: pem('EC PRIVATE KEY', privateKeyDer(privateKey)) };
}
