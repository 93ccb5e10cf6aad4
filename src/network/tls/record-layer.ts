/** Records (RFC 8446, 5): the pieces of a connection, in the clear at first and sealed later. */
import { concatBytes } from '../../shared/bytes.ts';
import { type Connection, ConnectionError } from '../connection.ts';
import { alert, type AlertName, TlsError } from './alert.ts';
import { tagBytes, type TrafficKeys } from './cipher-suite.ts';
import { number } from './wire.ts';

export const contentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

export interface TlsRecord {
  readonly type: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const headerBytes = 5;
const maximumPlaintext = 16_384;
const maximumCiphertext = maximumPlaintext + 256;
/** Records handed to the connection at once. */
const recordsPerWrite = 4;
const legacyVersion = 0x0303;
const alertLevel = { warning: 1, fatal: 2 } as const;

export class RecordLayer {
  readonly #connection: Connection;
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #readKeys: TrafficKeys | undefined;
  #writeKeys: TrafficKeys | undefined;
  #sending: Promise<void> = Promise.resolve();
  /** Until the client's Finished: its change_cipher_spec means nothing and is skipped, its alerts may be in the clear. */
  handshaking = true;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** What the client sealed from its next record on. */
  set readKeys(keys: TrafficKeys) {
    this.#readKeys = keys;
  }

  /** To be set while nothing is being sent. */
  set writeKeys(keys: TrafficKeys) {
    this.#writeKeys = keys;
  }

  /** The next record; `undefined` when the connection ends between two. Rejects with TlsError or ConnectionError. */
  async read(): Promise<TlsRecord | undefined> {
    for (;;) {
      if (!(await this.#buffered(headerBytes))) return undefined;
      const header = this.#buffer.subarray(0, headerBytes);
      const type = header[0] ?? 0;
      const length = (header[3] ?? 0) * 256 + (header[4] ?? 0);
      if (type < contentType.changeCipherSpec || type > contentType.applicationData || header[1] !== 3) throw new TlsError('unexpectedMessage', 'this is not TLS');
      if (length > (this.#readKeys === undefined ? maximumPlaintext : maximumCiphertext)) throw new TlsError('recordOverflow', `a record of ${length} bytes`);
      if (!(await this.#buffered(headerBytes + length))) return undefined;
      const bytes = this.#buffer.subarray(headerBytes, headerBytes + length);
      this.#buffer = this.#buffer.subarray(headerBytes + length);
      if (type === contentType.changeCipherSpec) {
        if (!this.handshaking || length !== 1 || bytes[0] !== 1) throw new TlsError('unexpectedMessage', 'a change_cipher_spec out of place');
        continue;
      }
      const clear = this.#readKeys === undefined || (this.handshaking && type === contentType.alert && length === 2);
      const record = clear ? { type, bytes } : this.#open(this.#readKeys, type, header, bytes);
      if (record.bytes.length === 0 && record.type !== contentType.applicationData) throw new TlsError('unexpectedMessage', 'an empty record');
      return record;
    }
  }

  /** Sends the bytes as records, sealed once there are keys. `then` happens before anything else is sealed. */
  write(type: number, bytes: Uint8Array, then?: () => void): Promise<void> {
    return this.#inTurn(async () => {
      const step = maximumPlaintext * recordsPerWrite;
      for (let start = 0; start === 0 || start < bytes.length; start += step) {
        const records: Uint8Array[] = [];
        for (let at = start; at === 0 || at < Math.min(start + step, bytes.length); at += maximumPlaintext) {
          records.push(...this.#seal(type, bytes.subarray(at, Math.min(at + maximumPlaintext, start + step))));
        }
        await this.#connection.write(concatBytes(records));
      }
      then?.();
    });
  }

  sendAlert(name: AlertName): Promise<void> {
    const level = name === 'closeNotify' ? alertLevel.warning : alertLevel.fatal;
    return this.write(contentType.alert, Uint8Array.of(level, alert[name]));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#sending.then(work);
    this.#sending = turn.catch(() => undefined);
    return turn;
  }

  #seal(type: number, bytes: Uint8Array): [Uint8Array, Uint8Array] {
    if (this.#writeKeys === undefined) return [recordHeader(type, bytes.length), bytes];
    const header = recordHeader(contentType.applicationData, bytes.length + 1 + tagBytes);
    return [header, this.#writeKeys.seal(concatBytes([bytes, Uint8Array.of(type)]), header)];
  }

  #open(keys: TrafficKeys | undefined, outerType: number, header: Uint8Array, bytes: Uint8Array): TlsRecord {
    if (keys === undefined || outerType !== contentType.applicationData) throw new TlsError('unexpectedMessage', 'a record in the clear');
    let inner: Uint8Array;
    try {
      inner = keys.open(bytes, header);
    } catch {
      throw new TlsError('badRecordMac', 'a record that was not sealed with this key');
    }
    let end = inner.length;
    while (end > 0 && inner[end - 1] === 0) end--;
    if (end === 0) throw new TlsError('unexpectedMessage', 'a record without a type');
    if (end - 1 > maximumPlaintext) throw new TlsError('recordOverflow', `a record of ${end - 1} bytes`);
    return { type: inner[end - 1] ?? 0, bytes: new Uint8Array(inner.subarray(0, end - 1)) };
  }

  /** Waits until so many bytes are here; false at an end before the first. */
  async #buffered(count: number): Promise<boolean> {
    while (this.#buffer.length < count) {
      const more = await this.#connection.read();
      if (more === undefined) {
        if (this.#buffer.length === 0) return false;
        throw new ConnectionError('reset', 'the connection ended within a record');
      }
      this.#buffer = this.#buffer.length === 0 ? more : concatBytes([this.#buffer, more]);
    }
    return true;
  }
}

function recordHeader(type: number, length: number): Uint8Array {
  return concatBytes([Uint8Array.of(type), number(2, legacyVersion), number(2, length)]);
}
