/** A suite's signed index of indexes (`InRelease`): the start of the signed chain. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCleartextMessage, readKeys, verify, type Key } from 'openpgp';
import { BuildError } from '../errors.ts';
import { parseControl } from './control.ts';
import type { Content } from './download.ts';

export interface Release {
  readonly codename: string;
  readonly date: Date;
  /** By path relative to the suite's folder. */
  readonly files: ReadonlyMap<string, Content>;
  readonly byHash: boolean;
}

/** Reads every `*.asc` of the folder. */
export async function readKeyring(folder: string): Promise<Key[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.asc')).toSorted();
  const keys = await Promise.all(names.map(async (name) => readKeys({ armoredKeys: await readFile(join(folder, name), 'utf8') })));
  return keys.flat();
}

/**
 * Verifies a clear-signed document.
 *
 * @returns the signed text, and nothing that stood around it
 * @throws BuildError `signature-invalid` unless at least one signature by a key of the keyring is good
 */
export async function verifyClearSigned(armored: string, keyring: readonly Key[], what: string): Promise<string> {
  const hint = 'The mirror may be broken or tampered with: try another one. For a new suite its keys belong into vm-images/keys.';
  try {
    const message = await readCleartextMessage({ cleartextMessage: armored });
    const { signatures } = await verify({ message, verificationKeys: [...keyring] });
    await Promise.any(signatures.map((signature) => signature.verified));
    return message.getText();
  } catch (error) {
    const cause = error instanceof AggregateError ? error.errors[0] : error;
    throw new BuildError('signature-invalid', `${what} has no good signature by a key in vm-images/keys.`, hint, cause);
  }
}

function dateOf(field: string | undefined): Date | undefined {
  const time = field === undefined ? Number.NaN : Date.parse(field);
  return Number.isNaN(time) ? undefined : new Date(time);
}

export interface ReleaseChecks {
  /** What the suite must call itself, so that a mirror cannot pass off another one. */
  readonly codename: string;
  readonly now: Date;
  /** Take an index past its date all the same. */
  readonly acceptExpired: boolean;
}

/** @param text the signed text of an InRelease file */
export function parseRelease(text: string, checks: ReleaseChecks): Release & { readonly expired: Date | undefined } {
  const [fields] = parseControl(text);
  const codename = fields?.get('Codename');
  const date = dateOf(fields?.get('Date'));
  if (fields === undefined || codename !== checks.codename || date === undefined) {
    const found = codename === undefined ? 'no suite' : `the suite "${codename}"`;
    throw new BuildError('index-invalid', `The signed index of "${checks.codename}" describes ${found}.`, 'Check the mirror and the codename in vm-images/recipe/machine.yaml.');
  }
  const until = dateOf(fields.get('Valid-Until'));
  const expired = until !== undefined && until < checks.now ? until : undefined;
  if (expired !== undefined && !checks.acceptExpired) {
    throw new BuildError(
      'index-expired',
      `The signed index of "${codename}" was valid until ${expired.toISOString().slice(0, 10)}: the mirror lags, or it is an old copy replayed.`,
      'Use a mirror that is up to date, or take the index all the same with --accept-expired or DRYDOCK_ACCEPT_EXPIRED=1.',
    );
  }
  const files = new Map<string, Content>();
  for (const line of (fields.get('SHA256') ?? '').split('\n')) {
    const [hash, size, path] = line.trim().split(/\s+/);
    if (hash !== undefined && path !== undefined) files.set(path, { sha256: hash, size: Number(size) });
  }
  return { codename, date, files, byHash: fields.get('Acquire-By-Hash') === 'yes', expired };
}
