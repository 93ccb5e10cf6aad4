import { expect, it } from 'vitest';
import { readKeys } from 'openpgp';
import { verifyClearSigned } from '../builder/debian/release.ts';
import { deriveSigningKey } from './signing.ts';

const date = new Date('2026-01-02T03:04:05Z');
const text = 'Origin: Test\nCodename: trixie\n';

it('signs what its public key verifies', async () => {
  const key = await deriveSigningKey('tests');
  const keyring = await readKeys({ armoredKeys: key.publicKey });
  expect(await verifyClearSigned(await key.clearSign(text, date), keyring, 'the index')).toBe(text);
  const changed = (await key.clearSign(text, date)).replace('trixie', 'sid');
  await expect(verifyClearSigned(changed, keyring, 'the index')).rejects.toMatchObject({ code: 'signature-invalid' });
});

it('is the same key for the same name only, and signs alike each time', async () => {
  const [one, same, other] = [await deriveSigningKey('tests'), await deriveSigningKey('tests'), await deriveSigningKey('others')];
  expect(same.publicKey).toBe(one.publicKey);
  expect(other.publicKey).not.toBe(one.publicKey);
  expect(await same.clearSign(text, date)).toBe(await one.clearSign(text, date));
});

it('says what it is', async () => {
  const [key] = await readKeys({ binaryKeys: (await deriveSigningKey('tests')).binary });
  expect(key?.getUserIDs()).toEqual(['Drydock tests (its key is public: trust it nowhere else) <packages@drydock.example>']);
  expect(key?.isPrivate()).toBe(false);
});
