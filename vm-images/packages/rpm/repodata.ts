/** The index of a yum repository: what each package is and has, and `repomd.xml`, which vouches for that and is signed. */
import { gzipSync } from 'node:zlib';
import { sha256 } from '../../builder/debian/download.ts';
import { armoredSignature, type SigningKey } from '../signing.ts';
import { comparisons, isRpmFeature, versionParts, type Relation } from './relations.ts';
import { packager } from '../entries.ts';
import { buildHost, rpmFileName, rpmTime, sourceName, unspecifiedGroup, type MadeRpm, type RpmContent } from './writer.ts';

const common = 'http://linux.duke.edu/metadata/common';
const names = { filelists: 'http://linux.duke.edu/metadata/filelists', other: 'http://linux.duke.edu/metadata/other', repo: 'http://linux.duke.edu/metadata/repo', rpm: 'http://linux.duke.edu/metadata/rpm' };
const xml = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Where packages lie in a repository. */
export const rpmFolder = 'Packages';

/** The files of the index, by path relative to the repository's root. */
export async function yumIndex(packages: readonly MadeRpm[], key: SigningKey, date: Date): Promise<Map<string, Uint8Array>> {
  const documents = {
    primary: `${xml}<metadata xmlns="${common}" xmlns:rpm="${names.rpm}" packages="${packages.length}">\n${packages.map(primary).join('')}</metadata>\n`,
    filelists: `${xml}<filelists xmlns="${names.filelists}" packages="${packages.length}">\n${packages.map((one) => element('package', identity(one), `${version(one.content)}${one.files.map(fileElement).join('')}`)).join('')}</filelists>\n`,
    other: `${xml}<otherdata xmlns="${names.other}" packages="${packages.length}">\n${packages.map((one) => element('package', identity(one), version(one.content))).join('')}</otherdata>\n`,
  };
  const files = new Map<string, Uint8Array>();
  const entries: string[] = [];
  for (const [type, text] of Object.entries(documents)) {
    const packed = gzipSync(text, { level: 9 });
    const path = `repodata/${sha256(packed)}-${type}.xml.gz`;
    files.set(path, packed);
    const [time, size, openSize] = [rpmTime(date), packed.length, Buffer.byteLength(text)];
    entries.push(
      `<data type="${type}"><checksum type="sha256">${sha256(packed)}</checksum><open-checksum type="sha256">${sha256(text)}</open-checksum><location href="${path}"/><timestamp>${time}</timestamp><size>${size}</size><open-size>${openSize}</open-size></data>\n`,
    );
  }
  const index = Buffer.from(`${xml}<repomd xmlns="${names.repo}" xmlns:rpm="${names.rpm}">\n<revision>${rpmTime(date)}</revision>\n${entries.join('')}</repomd>\n`);
  return files.set('repodata/repomd.xml', index).set('repodata/repomd.xml.asc', Buffer.from(armoredSignature(await key.sign(index, date))));
}

/** What a repository's own text file names: where it is, and which key it is signed with. */
export function repositoryFile({ id, name, address, key }: { id: string; name: string; address: string; key: string }): string {
  return `[${id}]\nname=${name}\nbaseurl=${address}\nenabled=1\ngpgcheck=1\ngpgkey=${key}\n`;
}

function primary(one: MadeRpm): string {
  const { content, bytes, header } = one;
  const format = [
    text('rpm:license', content.license),
    text('rpm:vendor', content.vendor),
    text('rpm:group', unspecifiedGroup),
    text('rpm:buildhost', buildHost),
    text('rpm:sourcerpm', sourceName(content)),
    `<rpm:header-range start="${header.start}" end="${header.end}"/>`,
    relations('rpm:provides', one.provides),
    relations('rpm:requires', one.requires.filter((relation) => !isRpmFeature(relation))),
    relations('rpm:conflicts', content.conflicts),
    relations('rpm:obsoletes', content.obsoletes),
    relations('rpm:suggests', content.suggests),
    // Those that packages may require by their path; the others are in the list of files.
    ...one.files.filter(({ path }) => path.startsWith('/etc/') || path.includes('bin/')).map(fileElement),
  ];
  return element('package', { type: 'rpm' }, [
    text('name', content.name),
    text('arch', content.architecture),
    version(content),
    `<checksum type="sha" pkgid="YES">${one.sha1}</checksum>`,
    text('summary', content.summary),
    text('description', content.description),
    text('packager', packager),
    '<url/>',
    `<time file="${rpmTime(content.date)}" build="${rpmTime(content.date)}"/>`,
    `<size package="${bytes.package}" installed="${bytes.installed}" archive="${bytes.archive}"/>`,
    `<location href="${rpmFolder}/${escaped(rpmFileName(content))}"/>`,
    element('format', {}, format.join('')),
  ].join(''));
}

function identity({ content, sha1: pkgid }: MadeRpm): Record<string, string> {
  return { pkgid, name: content.name, arch: content.architecture };
}

function version({ epoch, version: number, release }: RpmContent): string {
  return `<version epoch="${epoch}" ver="${escaped(number)}" rel="${escaped(release)}"/>`;
}

function fileElement({ path, mode }: MadeRpm['files'][number]): string {
  return (mode & 0o170000) === 0o040000 ? `<file type="dir">${escaped(path)}</file>` : `<file>${escaped(path)}</file>`;
}

const flagNames: Readonly<Record<string, string>> = { '<': 'LT', '>': 'GT', '=': 'EQ', '<=': 'LE', '>=': 'GE' };

function relations(name: string, all: readonly Relation[]): string {
  if (all.length === 0) return '';
  return element(name, {}, all.map(entry).join(''));
}

function entry({ name, flags, version: wanted }: Relation): string {
  if (wanted === '') return `<rpm:entry name="${escaped(name)}"/>`;
  const comparison = Object.keys(comparisons).find((sign) => comparisons[sign] === (flags & 14)) ?? '=';
  const parts = versionParts(wanted);
  const release = parts.release === undefined ? '' : ` rel="${escaped(parts.release)}"`;
  return `<rpm:entry name="${escaped(name)}" flags="${flagNames[comparison]}" epoch="${parts.epoch}" ver="${escaped(parts.version)}"${release}/>`;
}

function element(name: string, attributes: Readonly<Record<string, string>>, inside: string): string {
  const named = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<${name}${named.join('')}>${inside}</${name}>\n`;
}

function text(name: string, value: string): string {
  return `<${name}>${escaped(value)}</${name}>`;
}

function escaped(value: string): string {
  return value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
