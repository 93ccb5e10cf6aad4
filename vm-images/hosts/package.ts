/** A host's own packages: where its packages come from, whom it trusts, and what it has of a real host's boot. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TarEntry } from '../builder/tar.ts';
import { writeDeb } from '../packages/deb-writer.ts';
import { packager } from '../packages/entries.ts';
import { parseRelation } from '../packages/rpm/relations.ts';
import { plainRpm, writeRpm } from '../packages/rpm/writer.ts';
import { keyNames } from '../packages/signing-keys.ts';
import { deriveSigningKey } from '../packages/signing.ts';
import { Packer } from '../packages/zstd-splice.ts';
import { hostsFolder, type HostRecipe } from './recipe.ts';

/** Small files, which are not worth more time. */
const compressionLevel = 3;

/** Of apt's own user, which downloads: apt's package makes it when it is installed, and here it never was. */
const postinst = `#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
getent passwd _apt >/dev/null || useradd --system --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin _apt
`;

export async function hostPackage({ hostname, files, provides }: HostRecipe, epoch: number): Promise<Buffer> {
  const entries: TarEntry[] = [];
  for (const file of files) entries.push({ path: file.path.slice(1), kind: 'file', mode: file.executable ? 0o755 : 0o644, content: await contentOf(file) });
  const fields = new Map([
    ['Package', `drydock-${hostname}`],
    ['Version', '1.0'],
    ['Architecture', 'all'],
    ['Maintainer', packager],
    ['Depends', 'apt, passwd'],
    ['Provides', provides.join(', ')],
    // A host may have another name than Debian.
    ['Replaces', 'base-files'],
    ['Section', 'admin'],
    ['Priority', 'required'],
    ['Description', 'what makes this host one of Drydock\n Where packages come from, whose signature is trusted, and the name of the host.\n There is no boot loader and no tool for the initial file system: the emulator does that.'],
  ]);
  return Buffer.concat(await writeDeb({ fields, scripts: new Map([['postinst', postinst]]), conffiles: [], entries, epoch }, new Packer(compressionLevel)));
}

async function contentOf({ path, text, from, key }: HostRecipe['files'][number]): Promise<Uint8Array> {
  if (key === undefined) return text === undefined ? readFile(join(hostsFolder, 'files', from ?? '')) : Buffer.from(text);
  const { binary, publicKey } = await deriveSigningKey(keyNames[key]);
  return path.endsWith('.pgp') ? binary : Buffer.from(publicKey);
}

/** The package with which rpm's database begins. */
export async function firstRpm({ rpm }: HostRecipe, epoch: number): Promise<Buffer | undefined> {
  if (rpm === undefined) return undefined;
  const made = await writeRpm(
    {
      ...plainRpm,
      name: rpm.name,
      version: rpm.version,
      release: '1.drydock',
      architecture: 'noarch',
      summary: 'what this host has, for packages that ask for it',
      description: "Made by Drydock's image builder. It has no files: programs and libraries on this host are of Debian's packages,\nwhich rpm does not know, and this package provides them under the names that packages for CentOS use.",
      license: 'Public Domain',
      provides: rpm.provides.map(parseRelation),
      date: new Date(epoch * 1000),
    },
    await deriveSigningKey(keyNames.centos),
    new Packer(compressionLevel),
  );
  return Buffer.concat(made.pieces);
}
