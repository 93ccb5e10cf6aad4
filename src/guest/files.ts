/** Files of the guest: read, write, list, watch, each with the rights of a user of the guest. */
import { DrydockError } from '../shared/errors.ts';
import { ByteReader, ByteWriter, concatBytes, encodeUtf8 } from './bytes.ts';
import type { Channel } from './channel.ts';
import { Collector } from './collect.ts';
import type { AgentConnection } from './connection.ts';
import { errnoName } from './errno.ts';
import { OpenKind } from './frames.ts';
import { isolated } from './isolated.ts';
import { supervise, type WaitOptions } from './supervise.ts';

export interface FileOptions extends WaitOptions {
  /** Whose rights count; the client's user unless given. */
  user?: string | undefined;
}

export interface ReadOptions extends FileOptions {
  /** A larger file is refused with DD2009; 16 MiB unless given. */
  maxBytes?: number | undefined;
}

export interface WriteOptions extends FileOptions {
  /** Permission bits; those of the old file, or 0644, unless given. */
  mode?: number | undefined;
}

export interface DirEntry {
  name: string;
  type: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits and type as in stat(2). */
  mode: number;
  /** Bytes. */
  size: number;
  modified: Date;
}

export interface FileChange {
  what: 'created' | 'modified' | 'deleted' | 'overflow';
  isDirectory: boolean;
  /** Relative to the watched directory. Empty on `overflow`: changes were lost, look again. */
  path: string;
}

export interface Watch {
  dispose(): void;
  /** Resolves when disposed; rejects when the watch broke by itself. */
  readonly ended: Promise<void>;
}

const defaultMaxFileBytes = 16 << 20;
const maxListingBytes = 8 << 20;
/** Enough for 16 MiB at the 300 KiB/s of a busy guest. */
const fileTimeoutMs = 60_000;

const entryTypes: Readonly<Record<string, DirEntry['type']>> = { f: 'file', d: 'directory', l: 'link', o: 'other' };
const changeKinds: Readonly<Record<string, FileChange['what']>> = { c: 'created', m: 'modified', d: 'deleted', o: 'overflow' };

export async function readFile(connection: AgentConnection, user: string, path: string, options: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const payload = new ByteWriter().u8(OpenKind.READ).string(options.user ?? user).string(path).finish();
  return collectAll(connection, payload, `reading ${path}`, options.maxBytes ?? defaultMaxFileBytes, options);
}

/** Replaces the file as a whole: readers see the old or the new content, never a part. */
export async function writeFile(
  connection: AgentConnection,
  user: string,
  path: string,
  content: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const what = `writing ${path}`;
  const payload = new ByteWriter()
    .u8(OpenKind.WRITE)
    .string(options.user ?? user)
    .string(path)
    .u16(options.mode ?? 0)
    .finish();
  const channel = connection.open(payload, what, { data: (bytes) => channel.consumed(bytes.length) });
  // When the guest gives up half-way, EXIT says why; the interrupted write would only say that it was interrupted.
  channel.write(typeof content === 'string' ? encodeUtf8(content) : content).catch(() => {});
  channel.end();
  await endedWell(channel, options);
}

/** Unsorted, without `.` and `..`. */
export async function listDir(connection: AgentConnection, user: string, path: string, options: FileOptions = {}): Promise<DirEntry[]> {
  const payload = new ByteWriter().u8(OpenKind.LIST).string(options.user ?? user).string(path).finish();
  const reader = new ByteReader(await collectAll(connection, payload, `listing ${path}`, maxListingBytes, options));
  const entries: DirEntry[] = [];
  while (reader.remaining > 0) {
    const type = entryTypes[String.fromCharCode(reader.u8())];
    if (type === undefined) throw new DrydockError('link-protocol-error', { detail: `unknown type in the listing of ${path}` });
    const mode = reader.u32();
    const size = reader.u64();
    const modified = new Date(reader.u64() * 1000);
    entries.push({ type, mode, size, modified, name: reader.string() });
  }
  return entries;
}

/** Watches a directory and all below it; resolves once the guest does so, so that no later change is missed. */
export async function watchDir(
  connection: AgentConnection,
  user: string,
  path: string,
  onChange: (change: FileChange) => void,
  options: FileOptions = {},
): Promise<Watch> {
  const payload = new ByteWriter().u8(OpenKind.WATCH).string(options.user ?? user).string(path).finish();
  let rest: Uint8Array = new Uint8Array(0);
  let disposed = false;
  const channel = connection.open(payload, `watching ${path}`, {
    data(bytes) {
      channel.consumed(bytes.length);
      const { changes, used, whole } = parseChanges(concatBytes([rest, bytes]));
      rest = whole.subarray(used);
      for (const change of changes) if (!disposed) isolated(() => onChange(change));
    },
  });
  await supervise(channel, options, channel.opened);
  const dispose = () => {
    disposed = true;
    options.signal?.removeEventListener('abort', dispose);
    channel.close();
  };
  options.signal?.addEventListener('abort', dispose, { once: true });
  const ended = channel.ended.then(
    (code) => {
      if (!disposed) throw failure(channel, code);
    },
    (error: unknown) => {
      if (!disposed) throw error;
    },
  );
  ended.catch(() => {});
  return { dispose, ended };
}

/** Reads whole records only; the last one may still be under way. */
function parseChanges(whole: Uint8Array): { changes: FileChange[]; used: number; whole: Uint8Array } {
  const changes: FileChange[] = [];
  const reader = new ByteReader(whole);
  let used = 0;
  while (reader.remaining >= 4) {
    const what = changeKinds[String.fromCharCode(reader.u8())];
    if (what === undefined) throw new DrydockError('link-protocol-error', { detail: 'unknown kind of file change' });
    const isDirectory = reader.u8() === 1;
    const pathBytes = (whole[used + 2] ?? 0) | ((whole[used + 3] ?? 0) << 8);
    if (reader.remaining < 2 + pathBytes) break;
    changes.push({ what, isDirectory, path: reader.string() });
    used = reader.offset;
  }
  return { changes, used, whole };
}

async function collectAll(
  connection: AgentConnection,
  payload: Uint8Array,
  what: string,
  limit: number,
  options: WaitOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const collector = new Collector(limit);
  const channel = connection.open(payload, what, collector);
  collector.attach(channel);
  await endedWell(channel, options);
  return collector.bytes('out');
}

async function endedWell(channel: Channel, options: WaitOptions): Promise<void> {
  const code = await supervise(channel, { timeoutMs: fileTimeoutMs, ...options }, channel.ended);
  if (code !== 0) throw failure(channel, code);
}

function failure(channel: Channel, code: number): DrydockError {
  return new DrydockError('file-operation-failed', { what: channel.what, errno: code < 0 ? errnoName(code) : `exit code ${code}` });
}
