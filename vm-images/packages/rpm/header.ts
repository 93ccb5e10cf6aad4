/**
 * The header structure of rpm packages (format of version 4, as rpm 4.x writes it): an index of tags and a store of their
 * values, big-endian. A package has two, signature and header; both are one region, whose trailer stands behind the values.
 */

/** Numbers of the tags that our packages have. */
export const tags = {
  signatureRegion: 62,
  headerRegion: 63,
  i18nTable: 100,
  /** Of the signature: an OpenPGP signature of the header by anything but RSA, the header's hash, lengths. */
  headerSignature: 267,
  headerSha256: 273,
  signedBytes: 1000,
  unpackedBytes: 1007,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  summary: 1004,
  description: 1005,
  buildTime: 1006,
  buildHost: 1007,
  size: 1009,
  vendor: 1011,
  license: 1014,
  packager: 1015,
  group: 1016,
  os: 1021,
  architecture: 1022,
  postInstall: 1024,
  preRemove: 1025,
  postRemove: 1026,
  fileSizes: 1028,
  fileModes: 1030,
  fileDeviceNumbers: 1033,
  fileTimes: 1034,
  fileDigests: 1035,
  fileTargets: 1036,
  fileFlags: 1037,
  fileUsers: 1039,
  fileGroups: 1040,
  sourcePackage: 1044,
  fileVerifyFlags: 1045,
  providedNames: 1047,
  requiredFlags: 1048,
  requiredNames: 1049,
  requiredVersions: 1050,
  conflictingFlags: 1053,
  conflictingNames: 1054,
  conflictingVersions: 1055,
  postInstallProgram: 1086,
  preRemoveProgram: 1087,
  postRemoveProgram: 1088,
  obsoletedNames: 1090,
  fileDevices: 1095,
  fileInodes: 1096,
  fileLanguages: 1097,
  providedFlags: 1112,
  providedVersions: 1113,
  obsoletedFlags: 1114,
  obsoletedVersions: 1115,
  folderIndexes: 1116,
  baseNames: 1117,
  folderNames: 1118,
  payloadFormat: 1124,
  payloadCompressor: 1125,
  payloadFlags: 1126,
  /** POSTTRANS and POSTTRANSPROG. */
  afterAll: 1152,
  afterAllProgram: 1154,
  fileDigestAlgorithm: 5011,
  suggestedNames: 5049,
  suggestedVersions: 5050,
  suggestedFlags: 5051,
  encoding: 5062,
  payloadDigests: 5092,
  payloadDigestAlgorithm: 5093,
} as const;

/** A value with its type; `text` of `translated` is for every language. */
export type Value =
  | { readonly kind: 'int16' | 'int32'; readonly numbers: readonly number[] }
  | { readonly kind: 'string' | 'translated'; readonly text: string }
  | { readonly kind: 'strings'; readonly texts: readonly string[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

const types = { int16: 3, int32: 4, string: 6, bytes: 7, strings: 8, translated: 9 } as const;
const entryBytes = 16;
const magic = Buffer.from('8eade80100000000', 'hex');

/** @param region tag of the region that it is */
export function writeHeader(region: number, values: ReadonlyMap<number, Value>): Buffer {
  const index: Buffer[] = [];
  const store: Buffer[] = [];
  let length = 0;
  for (const [tag, value] of [...values].sort(([a], [b]) => a - b)) {
    const alignment = value.kind === 'int16' ? 2 : value.kind === 'int32' ? 4 : 1;
    const padding = (alignment - (length % alignment)) % alignment;
    const data = encode(value);
    index.push(entry(tag, types[value.kind], length + padding, countOf(value)));
    store.push(Buffer.alloc(padding), data);
    length += padding + data.length;
  }
  const entries = index.length + 1;
  index.unshift(entry(region, types.bytes, length, entryBytes));
  store.push(entry(region, types.bytes, -entries * entryBytes, entryBytes));
  const counts = Buffer.alloc(8);
  counts.writeUInt32BE(entries, 0);
  counts.writeUInt32BE(length + entryBytes, 4);
  return Buffer.concat([magic, counts, ...index, ...store]);
}

function entry(tag: number, type: number, offset: number, count: number): Buffer {
  const bytes = Buffer.alloc(entryBytes);
  [tag, type, offset, count].forEach((number, at) => bytes.writeInt32BE(number, at * 4));
  return bytes;
}

function countOf(value: Value): number {
  switch (value.kind) {
    case 'int16':
    case 'int32':
      return value.numbers.length;
    case 'strings':
      return value.texts.length;
    case 'bytes':
      return value.bytes.length;
    case 'string':
    case 'translated':
      return 1;
  }
}

function encode(value: Value): Buffer {
  switch (value.kind) {
    case 'int16':
    case 'int32': {
      const width = value.kind === 'int16' ? 2 : 4;
      const bytes = Buffer.alloc(value.numbers.length * width);
      value.numbers.forEach((number, at) => bytes.writeUIntBE(number, at * width, width));
      return bytes;
    }
    case 'strings':
      return Buffer.from(value.texts.map((text) => `${text}\0`).join(''));
    case 'string':
    case 'translated':
      return Buffer.from(`${value.text}\0`);
    case 'bytes':
      return Buffer.from(value.bytes);
  }
}
