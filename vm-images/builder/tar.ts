/**
 * Tar archives, both ways, in memory. Written afresh instead of with a library because what is written must be the
 * same bytes every time and readable by busybox, GNU tar and Go: long names use GNU's `L` and `K` records, since
 * busybox knows nothing of pax.
 */

interface Attributes {
  /** Without a leading or trailing slash. */
  readonly path: string;
  /** Permission bits; 0755 for directories, 0777 for links, else 0644, where not given. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
}

export type TarEntry = Attributes &
  (
    | { readonly kind: 'file'; readonly content: Uint8Array }
    | { readonly kind: 'directory' }
    /** A symbolic link. */
    | { readonly kind: 'link'; readonly target: string }
    /** `target`: path of an earlier entry. */
    | { readonly kind: 'hardlink'; readonly target: string }
    | { readonly kind: 'character' | 'block'; readonly major: number; readonly minor: number }
    | { readonly kind: 'fifo' }
  );

const block = 512;
const types = { file: '0', hardlink: '1', link: '2', character: '3', block: '4', directory: '5', fifo: '6' } as const;
const defaultModes: Partial<Record<TarEntry['kind'], number>> = { directory: 0o755, link: 0o777 };

/** The archive, in pieces. */
export function* tarPieces(entries: Iterable<TarEntry>): Generator<Uint8Array> {
  for (const entry of entries) {
    const path = Buffer.from(entry.kind === 'directory' ? `${entry.path}/` : entry.path);
    const target = Buffer.from('target' in entry ? entry.target : '');
    if (path.length > 100) yield* longRecord('L', path);
    if (target.length > 100) yield* longRecord('K', target);
    const content = entry.kind === 'file' ? entry.content : new Uint8Array();
    const header = createHeader(path, types[entry.kind], content.length, entry.mode ?? defaultModes[entry.kind] ?? 0o644);
    putOctal(header, 108, 7, entry.uid ?? 0);
    putOctal(header, 116, 7, entry.gid ?? 0);
    putOctal(header, 136, 11, entry.mtime ?? 0);
    header.set(target.subarray(0, 100), 157);
    if ('major' in entry) {
      putOctal(header, 329, 7, entry.major);
      putOctal(header, 337, 7, entry.minor);
    }
    yield sealed(header);
    if (content.length > 0) yield content;
    if (content.length % block !== 0) yield new Uint8Array(block - (content.length % block));
  }
  yield new Uint8Array(2 * block);
}

/** The archive as one piece. */
export function writeTar(entries: Iterable<TarEntry>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([...tarPieces(entries)]));
}

function* longRecord(type: string, text: Uint8Array): Generator<Uint8Array> {
  yield sealed(createHeader(Buffer.from('././@LongLink'), type, text.length + 1, 0));
  const padded = new Uint8Array(Math.ceil((text.length + 1) / block) * block);
  padded.set(text);
  yield padded;
}

function createHeader(path: Uint8Array, type: string, size: number, mode: number): Buffer {
  const header = Buffer.alloc(block);
  header.set(path.subarray(0, 100));
  putOctal(header, 100, 7, mode);
  putOctal(header, 108, 7, 0);
  putOctal(header, 116, 7, 0);
  putOctal(header, 124, 11, size);
  putOctal(header, 136, 11, 0);
  header.write(type, 156);
  header.write('ustar  \0', 257, 'latin1');
  return header;
}

function putOctal(header: Buffer, at: number, digits: number, value: number): void {
  header.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
}

function sealed(header: Buffer): Buffer {
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/**
 * Reads an archive of any of the usual formats. File contents are views of the archive.
 *
 * @throws SyntaxError when it is truncated or not a tar archive
 */
export function* readTar(archive: Buffer): Generator<TarEntry> {
  let longPath: string | undefined;
  let longTarget: string | undefined;
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return;
    checkSum(header);
    const size = getNumber(header, 124, 12);
    const content = archive.subarray(at + block, at + block + size);
    if (content.length < size) throw new SyntaxError('the archive is truncated');
    at += block + Math.ceil(size / block) * block;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === 'L') longPath = getText(content, 0, size);
    else if (type === 'K') longTarget = getText(content, 0, size);
    else if (type === 'x') {
      const records = paxRecords(content);
      longPath = records.get('path') ?? longPath;
      longTarget = records.get('linkpath') ?? longTarget;
    } else if (type !== 'g') {
      yield readEntry(header, type, content, longPath, longTarget);
      longPath = undefined;
      longTarget = undefined;
    }
  }
  throw new SyntaxError('the archive has no end');
}

function readEntry(header: Buffer, type: string, content: Buffer, longPath: string | undefined, longTarget: string | undefined): TarEntry {
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? getText(header, 345, 155) : '';
  const name = longPath ?? (prefix === '' ? '' : `${prefix}/`) + getText(header, 0, 100);
  const target = longTarget ?? getText(header, 157, 100);
  const attributes = {
    path: cleanPath(name),
    mode: getNumber(header, 100, 8) & 0o7777,
    uid: getNumber(header, 108, 8),
    gid: getNumber(header, 116, 8),
    mtime: getNumber(header, 136, 12),
  };
  const device = { major: getNumber(header, 329, 8), minor: getNumber(header, 337, 8) };
  switch (type) {
    case '\0':
    case '0':
    case '7':
      return { ...attributes, kind: 'file', content };
    case '1':
      return { ...attributes, kind: 'hardlink', target: cleanPath(target) };
    case '2':
      return { ...attributes, kind: 'link', target };
    case '3':
      return { ...attributes, kind: 'character', ...device };
    case '4':
      return { ...attributes, kind: 'block', ...device };
    case '5':
      return { ...attributes, kind: 'directory' };
    case '6':
      return { ...attributes, kind: 'fifo' };
    default:
      throw new SyntaxError(`"${name}" has the unknown type "${type}"`);
  }
}

function checkSum(header: Buffer): void {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (getNumber(header, 148, 8) !== sum) throw new SyntaxError('a header has a wrong checksum');
}

function getText(from: Buffer, at: number, length: number): string {
  const field = from.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

/** Octal, or GNU's base 256 for what does not fit. */
function getNumber(header: Buffer, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  if (((field[0] ?? 0) & 0x80) !== 0) return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  const text = getText(header, at, length).trim();
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function paxRecords(content: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const length = Number.parseInt(content.toString('latin1', at, space), 10);
    if (space < 0 || !(length > 0)) throw new SyntaxError('a pax record is malformed');
    const record = content.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

function cleanPath(path: string): string {
  return path.replace(/^(\.?\/)+/, '').replace(/\/+$/, '').replace(/^\.$/, '');
}
