/** Writes rpm packages of version 4: lead, signature, header, and a payload packed with zstd. The same input gives the same bytes. */
import { createHash } from 'node:crypto';
import { sha256 } from '../../builder/debian/download.ts';
import type { TarEntry } from '../../builder/tar.ts';
import { packager } from '../entries.ts';
import type { SigningKey } from '../signing.ts';
import { spliceZstd, type Packer } from '../zstd-splice.ts';
import { tags, writeHeader, type Value } from './header.ts';
import { payloadPieces, rpmFiles, type RpmFile } from './payload.ts';
import { comparisons, rpmFeatures, type Relation } from './relations.ts';

export interface RpmContent {
  readonly name: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  readonly architecture: 'i386' | 'noarch';
  readonly summary: string;
  readonly description: string;
  readonly license: string;
  readonly vendor: string;
  readonly requires: readonly Relation[];
  /** Beside its own name and version. */
  readonly provides: readonly Relation[];
  readonly conflicts: readonly Relation[];
  readonly obsoletes: readonly Relation[];
  readonly suggests: readonly Relation[];
  readonly scripts: RpmScripts;
  /** Absolute paths of configuration files; one that was changed is kept. */
  readonly configuration: readonly string[];
  /** What it installs; folders of its own are added. */
  readonly entries: readonly TarEntry[];
  /** Time of everything in it. */
  readonly date: Date;
}

export interface RpmScripts {
  readonly postInstall?: string;
  readonly preRemove?: string;
  readonly postRemove?: string;
  /** After all packages of the transaction are there. */
  readonly afterAll?: string;
}

export interface MadeRpm {
  readonly content: RpmContent;
  /** With what rpm itself must be able to do. */
  readonly requires: readonly Relation[];
  /** With its own name. */
  readonly provides: readonly Relation[];
  readonly files: readonly RpmFile[];
  /** The package: its large files, and what lies between them. */
  readonly pieces: readonly Uint8Array[];
  /** Where the header lies in it. */
  readonly header: { readonly start: number; readonly end: number };
  readonly bytes: { readonly package: number; readonly installed: number; readonly archive: number };
  readonly sha256: string;
  /**
   * By it dnf sees whether a download is whole, as in repositories for CentOS 6: 20 instructions of the guest for a byte in place of
   * 46. Whose package it is, the signature says.
   */
  readonly sha1: string;
}

const shell = '/bin/sh';
/** Numbers of OpenPGP, RFC 9580, 9.5. */
const [md5Number, sha256Number] = [1, 8];
const configurationFlags = 1 | 16;

/** What an rpm package is unless said otherwise. */
export const plainRpm = { epoch: 0, vendor: 'Drydock', requires: [], provides: [], conflicts: [], obsoletes: [], suggests: [], scripts: {}, configuration: [], entries: [] } as const satisfies Partial<RpmContent>;

/** The same in every package of ours, in its header and in the index. */
export const unspecifiedGroup = 'Unspecified';
export const buildHost = 'drydock.example';

/** A package that can be installed names the source package that it is of: by that rpm tells the two apart. Ours have none. */
export function sourceName({ name, version, release }: RpmContent): string {
  return `${name}-${version}-${release}.src.rpm`;
}

/** In seconds since 1970, as rpm has it. */
export function rpmTime(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** `name-version-release.architecture.rpm` */
export function rpmFileName({ name, version, release, architecture }: RpmContent): string {
  return `${name}-${version}-${release}.${architecture}.rpm`;
}

export async function writeRpm(content: RpmContent, key: SigningKey, packer: Packer): Promise<MadeRpm> {
  const files = rpmFiles(content.entries);
  const requires = [...content.requires, ...(Object.keys(content.scripts).length === 0 ? [] : [{ name: shell, flags: 0, version: '' }]), ...rpmFeatures];
  const provides = [{ name: content.name, flags: comparisons['='] ?? 0, version: fullVersion(content) }, ...content.provides];
  const plain = [...payloadPieces(files)];
  const payload = await spliceZstd(plain, packer);
  const [installed, archive, packed] = [files.reduce((sum, file) => sum + file.content.length, 0), lengthOf(plain), lengthOf(payload)];
  const header = writeHeader(tags.headerRegion, new Map([...about(content, installed), ...scriptValues(content.scripts), ...fileValues(files, content), ...relationValues({ ...content, requires, provides }), ...payloadValues(payload)]));
  const signature = writeHeader(
    tags.signatureRegion,
    new Map<number, Value>([
      [tags.headerSignature, { kind: 'bytes', bytes: await key.sign(header, content.date) }],
      [tags.headerSha256, { kind: 'string', text: sha256(header) }],
      [tags.signedBytes, int32(header.length + packed)],
      [tags.unpackedBytes, int32(archive)],
    ]),
  );
  const before = Buffer.concat([lead(content), signature, Buffer.alloc((8 - (signature.length % 8)) % 8)]);
  const pieces = [before, header, ...payload];
  return { content, requires, provides, files, pieces, header: { start: before.length, end: before.length + header.length }, bytes: { package: before.length + header.length + packed, installed, archive }, sha256: digestOf('sha256', pieces), sha1: digestOf('sha1', pieces) };
}

function fullVersion({ epoch, version, release }: RpmContent): string {
  return `${epoch === 0 ? '' : `${epoch}:`}${version}-${release}`;
}

/** Of the pieces one behind another. */
function digestOf(algorithm: 'sha1' | 'sha256', pieces: readonly Uint8Array[]): string {
  const sum = createHash(algorithm);
  for (const piece of pieces) sum.update(piece);
  return sum.digest('hex');
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** 96 bytes that tell an rpm package from other files; what else they say stands in the header. */
function lead({ name, version, release }: RpmContent): Buffer {
  const bytes = Buffer.alloc(96);
  bytes.writeUInt32BE(0xedabeedb, 0);
  bytes[4] = 3;
  bytes.writeUInt16BE(1, 8);
  bytes.write(`${name}-${version}-${release}`.slice(0, 65), 10);
  bytes.writeUInt16BE(1, 76);
  bytes.writeUInt16BE(5, 78);
  return bytes;
}

const string = (text: string): Value => ({ kind: 'string', text });
const translated = (text: string): Value => ({ kind: 'translated', text });
const strings = (texts: readonly string[]): Value => ({ kind: 'strings', texts });
const int32 = (...numbers: number[]): Value => ({ kind: 'int32', numbers });

function about(content: RpmContent, installed: number): [number, Value][] {
  const { name, epoch, version, release, summary, description, license, vendor, architecture, date } = content;
  return [
    [tags.i18nTable, strings(['C'])],
    [tags.name, string(name)],
    [tags.version, string(version)],
    [tags.release, string(release)],
    ...(epoch === 0 ? [] : [[tags.epoch, int32(epoch)] satisfies [number, Value]]),
    [tags.summary, translated(summary)],
    [tags.description, translated(description)],
    [tags.buildTime, int32(rpmTime(date))],
    [tags.buildHost, string(buildHost)],
    [tags.size, int32(installed)],
    [tags.vendor, string(vendor)],
    [tags.packager, string(packager)],
    [tags.license, string(license)],
    [tags.group, translated(unspecifiedGroup)],
    [tags.os, string('linux')],
    [tags.architecture, string(architecture)],
    [tags.sourcePackage, string(sourceName(content))],
    [tags.encoding, string('utf-8')],
  ];
}

function scriptValues(scripts: RpmScripts): [number, Value][] {
  const places = [
    [scripts.postInstall, tags.postInstall, tags.postInstallProgram],
    [scripts.preRemove, tags.preRemove, tags.preRemoveProgram],
    [scripts.postRemove, tags.postRemove, tags.postRemoveProgram],
    [scripts.afterAll, tags.afterAll, tags.afterAllProgram],
  ] as const;
  return places.flatMap(([script, tag, program]): [number, Value][] => (script === undefined ? [] : [[tag, string(script)], [program, string(shell)]]));
}

function fileValues(files: readonly RpmFile[], { configuration, date }: RpmContent): [number, Value][] {
  if (files.length === 0) return [];
  const folder = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
  const folders = [...new Set(files.map(({ path }) => folder(path)))].sort();
  const each = (number: (file: RpmFile, index: number) => number): Value => int32(...files.map(number));
  return [
    [tags.fileSizes, each(({ content }) => content.length)],
    [tags.fileModes, { kind: 'int16', numbers: files.map(({ mode }) => mode) }],
    [tags.fileDeviceNumbers, { kind: 'int16', numbers: files.map(() => 0) }],
    [tags.fileTimes, each(() => rpmTime(date))],
    [tags.fileDigests, strings(files.map(({ digest }) => digest))],
    [tags.fileTargets, strings(files.map(({ target }) => target))],
    [tags.fileFlags, each(({ path }) => (configuration.includes(path) ? configurationFlags : 0))],
    [tags.fileUsers, strings(files.map(() => 'root'))],
    [tags.fileGroups, strings(files.map(() => 'root'))],
    [tags.fileVerifyFlags, each(() => 0xffffffff)],
    [tags.fileDevices, each(() => 1)],
    [tags.fileInodes, each((_, index) => index + 1)],
    [tags.fileLanguages, strings(files.map(() => ''))],
    [tags.folderIndexes, each(({ path }) => folders.indexOf(folder(path)))],
    [tags.baseNames, strings(files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)))],
    [tags.folderNames, strings(folders)],
    [tags.fileDigestAlgorithm, int32(md5Number)],
  ];
}

function relationValues(of: Pick<RpmContent, 'requires' | 'provides' | 'conflicts' | 'obsoletes' | 'suggests'>): [number, Value][] {
  const places = [
    [of.provides, tags.providedNames, tags.providedFlags, tags.providedVersions],
    [of.requires, tags.requiredNames, tags.requiredFlags, tags.requiredVersions],
    [of.conflicts, tags.conflictingNames, tags.conflictingFlags, tags.conflictingVersions],
    [of.obsoletes, tags.obsoletedNames, tags.obsoletedFlags, tags.obsoletedVersions],
    [of.suggests, tags.suggestedNames, tags.suggestedFlags, tags.suggestedVersions],
  ] as const;
  return places.flatMap(([relations, names, flags, versions]): [number, Value][] =>
    relations.length === 0 ? [] : [[names, strings(relations.map(({ name }) => name))], [flags, int32(...relations.map((relation) => relation.flags))], [versions, strings(relations.map(({ version }) => version))]],
  );
}

function payloadValues(payload: readonly Uint8Array[]): [number, Value][] {
  return [
    [tags.payloadFormat, string('cpio')],
    [tags.payloadCompressor, string('zstd')],
    [tags.payloadFlags, string('12')],
    [tags.payloadDigests, strings([digestOf('sha256', payload)])],
    [tags.payloadDigestAlgorithm, int32(sha256Number)],
  ];
}
