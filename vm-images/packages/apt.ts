/** The index of an apt repository: `Packages`, and the signed `InRelease` that vouches for it. */
import { gzipSync } from 'node:zlib';
import { parseControl, type Paragraph } from '../builder/debian/control.ts';
import { readControl } from '../builder/debian/deb.ts';
import { sha256 } from '../builder/debian/download.ts';
import { compareVersions } from '../builder/debian/version.ts';
import { formatFields } from './deb-writer.ts';
import type { SigningKey } from './signing.ts';

export interface OfferedPackage {
  readonly fields: Paragraph;
  /** Path relative to the repository's root. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Suite {
  readonly origin: string;
  readonly label: string;
  readonly codename: string;
  readonly suite: string;
  readonly component: string;
  readonly description: string;
}

/** Fields that say how a package was made: pages of text that apt has no use for. */
const leftOut = ['Built-Using', 'Static-Built-Using'];

/** @param folder in the repository, such as `pool/main/d/docker.io` */
export async function offer(name: string, data: Buffer, folder: string): Promise<OfferedPackage> {
  const [fields] = parseControl((await readControl(name, data)).get('control')?.toString('utf8') ?? '');
  if (fields === undefined) throw new SyntaxError(`${name} has no control file`);
  const need = (field: string): string => fields.get(field) ?? '';
  // As dpkg-deb names its files: without the epoch.
  const file = `${need('Package')}_${need('Version').replace(/^\d+:/, '')}_${need('Architecture')}.deb`;
  return { fields, path: `${folder}/${file}`, bytes: data.length, sha256: sha256(data) };
}

/** The fields with what is recommended of these packages only suggested: apt goes by what the index says. */
export function onlySuggesting(names: readonly string[], fields: Paragraph): Paragraph {
  const listed = (field: string): string[] => (fields.get(field) ?? '').split(/, */).filter((entry) => entry !== '');
  const isSuggested = (entry: string): boolean => names.includes(entry.split(' ', 1)[0] ?? '');
  const moved = listed('Recommends').filter(isSuggested);
  if (moved.length === 0) return fields;
  const recommended = listed('Recommends').filter((entry) => !isSuggested(entry));
  const changed = new Map([...fields, ['Suggests', [...moved, ...listed('Suggests')].join(', ')]]);
  if (recommended.length > 0) changed.set('Recommends', recommended.join(', '));
  else changed.delete('Recommends');
  return changed;
}

/** The files of a suite by path relative to the repository's root. */
export async function aptIndex(suite: Suite, packages: readonly OfferedPackage[], key: SigningKey, date: Date): Promise<Map<string, Uint8Array>> {
  const folder = `dists/${suite.codename}`;
  const text = Buffer.from(packages.toSorted(byNameAndVersion).map(paragraph).join('\n'));
  const listed = new Map<string, Uint8Array>([
    [`${suite.component}/binary-i386/Packages`, text],
    [`${suite.component}/binary-i386/Packages.gz`, gzipSync(text, { level: 9 })],
  ]);
  const release = releaseText(suite, listed, date);
  const files = new Map([...listed].map(([path, content]) => [`${folder}/${path}`, content]));
  return files.set(`${folder}/InRelease`, Buffer.from(await key.clearSign(release, date)));
}

/** Without a date until which it is valid: the site may be served unchanged for years. */
function releaseText(suite: Suite, files: ReadonlyMap<string, Uint8Array>, date: Date): string {
  const sums = [...files].map(([path, content]) => `\n ${sha256(content)} ${content.length} ${path}`);
  return formatFields(
    new Map([
      ['Origin', suite.origin],
      ['Label', suite.label],
      ['Suite', suite.suite],
      ['Codename', suite.codename],
      ['Date', date.toUTCString().replace('GMT', 'UTC')],
      ['Architectures', 'i386'],
      ['Components', suite.component],
      ['Description', suite.description],
      ['SHA256', sums.join('')],
    ]),
  );
}

function paragraph({ fields, path, bytes, sha256: sum }: OfferedPackage): string {
  const kept = [...fields].filter(([name]) => !leftOut.includes(name) && name !== 'Description');
  const place: [string, string][] = [['Filename', path], ['Size', String(bytes)], ['SHA256', sum]];
  return formatFields(new Map([...kept, ...place, ['Description', fields.get('Description') ?? '']]));
}

function byNameAndVersion(a: OfferedPackage, b: OfferedPackage): number {
  const [first, second] = [a.fields.get('Package') ?? '', b.fields.get('Package') ?? ''];
  if (first !== second) return first < second ? -1 : 1;
  return compareVersions(b.fields.get('Version') ?? '', a.fields.get('Version') ?? '');
}
