import { createCleartextMessage, generateKey, sign, type PrivateKey, type PublicKey } from 'openpgp';
import { beforeAll, describe, expect, it } from 'vitest';
import { keysFolder } from '../paths.ts';
import { parseRelease, readKeyring, verifyClearSigned } from './release.ts';

const text = [
  'Origin: Debian',
  'Codename: forky',
  'Date: Fri, 30 Oct 2026 08:08:01 UTC',
  'Valid-Until: Fri, 06 Nov 2026 08:08:01 UTC',
  'Acquire-By-Hash: yes',
  'SHA256:',
  ` ${'a'.repeat(64)}  97 main/binary-i386/Packages.xz`,
  '- a line that looks like an escape',
].join('\n');
const checks = { codename: 'forky', now: new Date('2026-11-01'), acceptExpired: false };

describe('verifyClearSigned', () => {
  let ours: { privateKey: PrivateKey; publicKey: PublicKey };
  let stranger: typeof ours;
  const key = (name: string): Promise<typeof ours> =>
    generateKey({ type: 'curve25519', userIDs: [{ name }], format: 'object' });
  const signed = async (...keys: PrivateKey[]): Promise<string> =>
    sign({ message: await createCleartextMessage({ text }), signingKeys: keys });

  beforeAll(async () => {
    [ours, stranger] = await Promise.all([key('ours'), key('stranger')]);
  });

  it('returns the signed text only', async () => {
    const document = `Injected: before\n\n${await signed(ours.privateKey)}`;
    expect(await verifyClearSigned(document, [ours.publicKey], 'x')).toBe(text);
  });

  it('takes one good signature among unknown ones', async () => {
    const document = await signed(stranger.privateKey, ours.privateKey);
    expect(await verifyClearSigned(document, [ours.publicKey], 'x')).toBe(text);
  });

  it('refuses a stranger', async () => {
    const document = await signed(stranger.privateKey);
    await expect(verifyClearSigned(document, [ours.publicKey], 'InRelease of forky')).rejects.toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('InRelease of forky'),
    });
  });

  it('refuses changed text', async () => {
    const document = (await signed(ours.privateKey)).replace('  97 ', '  98 ');
    await expect(verifyClearSigned(document, [ours.publicKey], 'x')).rejects.toMatchObject({ code: 'signature-invalid' });
  });

  it('refuses a document that is not signed', async () => {
    await expect(verifyClearSigned(text, [ours.publicKey], 'x')).rejects.toMatchObject({ code: 'signature-invalid' });
  });
});

describe('the keyring of the repository', () => {
  it('holds the keys of the two releases and their security archives', async () => {
    const users = (await readKeyring(keysFolder)).flatMap((key) => key.getUserIDs());
    expect(users).toEqual(
      ['12/bookworm', '13/trixie'].flatMap((release) => [
        expect.stringContaining(`Archive Automatic Signing Key (${release})`),
        expect.stringContaining(`Security Archive Automatic Signing Key (${release})`),
        expect.stringContaining(`Stable Release Key (${release})`),
      ]),
    );
  });
});

describe('parseRelease', () => {
  it('reads files, date and by-hash', () => {
    const release = parseRelease(text, checks);
    expect(release.files.get('main/binary-i386/Packages.xz')).toEqual({ sha256: 'a'.repeat(64), size: 97 });
    expect(release.date.toISOString()).toBe('2026-10-30T08:08:01.000Z');
    expect(release.byHash).toBe(true);
    expect(release.expired).toBeUndefined();
  });

  it('refuses an index past its date, naming the date and the option', () => {
    expect(() => parseRelease(text, { ...checks, now: new Date('2026-11-22') })).toThrow(
      expect.objectContaining({
        code: 'index-expired',
        message: expect.stringContaining('2026-11-06'),
        hint: expect.stringContaining('--accept-expired'),
      }),
    );
  });

  it('takes it when told to, and says that it is expired', () => {
    const release = parseRelease(text, { ...checks, now: new Date('2026-11-22'), acceptExpired: true });
    expect(release.expired?.toISOString()).toBe('2026-11-06T08:08:01.000Z');
  });

  it('refuses the index of another suite', () => {
    expect(() => parseRelease(text, { ...checks, codename: 'trixie' })).toThrow(/"trixie" describes the suite "forky"/);
  });
});
