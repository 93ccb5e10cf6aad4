/** A host's own package: where its packages come from, whom it trusts, and what it has of a real host's boot. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TarEntry } from '../builder/tar.ts';
import { writeDeb } from '../packages/deb-writer.ts';
import { hostsFolder, type HostRecipe } from './recipe.ts';

export const keyringPath = '/usr/share/keyrings/drydock-archive-keyring.pgp';

/** Of apt's own user, which downloads: apt's package makes it when it is installed, and here it never was. */
const postinst = `#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
getent passwd _apt >/dev/null || useradd --system --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin _apt
`;

/** @param keyring the archive's key */
export async function hostPackage({ hostname, files }: HostRecipe, keyring: Uint8Array, epoch: number): Promise<Buffer> {
  const own = await Promise.all(
    files.map(async ({ path, text, from }): Promise<TarEntry> => ({ path: path.slice(1), kind: 'file', mode: 0o644, content: text === undefined ? await readFile(join(hostsFolder, 'files', from ?? '')) : Buffer.from(text) })),
  );
  const fields = new Map([
    ['Package', `drydock-${hostname}`],
    ['Version', '1.0'],
    ['Architecture', 'all'],
    ['Maintainer', 'Drydock <packages@drydock.example>'],
    ['Depends', 'apt, passwd'],
    // The emulator is handed the kernel and its initial file system; the kernel's package wants somebody to make them.
    ['Provides', 'linux-base (= 4.12), linux-initramfs-tool'],
    ['Section', 'admin'],
    ['Priority', 'required'],
    ['Description', 'what makes this host one of Drydock\n Where packages come from, whose signature is trusted, and the name of the host.\n There is no boot loader and no tool for the initial file system: the emulator does that.'],
  ]);
  const entries: TarEntry[] = [...own, { path: keyringPath.slice(1), kind: 'file', mode: 0o644, content: keyring }];
  return writeDeb({ fields, scripts: new Map([['postinst', postinst]]), conffiles: [], entries, epoch });
}
