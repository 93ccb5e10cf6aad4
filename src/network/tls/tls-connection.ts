/** A connection inside TLS, after its handshake. */
import type { Clock } from '../../shared/clock.ts';
import { type Connection, ConnectionError, type Endpoint } from '../connection.ts';
import { within } from '../within.ts';
import { alert, TlsError } from './alert.ts';
import { HandshakeInput } from './handshake-input.ts';
import { refusedBy, type HandshakeResult } from './handshake.ts';
import { message, messageType } from './messages.ts';
import { contentType, type RecordLayer, type TlsRecord } from './record-layer.ts';

/** How long a reader waits for the client to have the alert that says why. */
const lingerMilliseconds = 2000;
const keyUpdate = { notRequested: 0, requested: 1 } as const;

export class TlsConnection implements Connection {
  /** Name that the client asked for. */
  readonly serverName: string | undefined;
  readonly #connection: Connection;
  readonly #records: RecordLayer;
  readonly #input = new HandshakeInput();
  readonly #keys: HandshakeResult;
  readonly #clock: Clock;
  #readState: 'open' | 'ended' | { readonly error: unknown } = 'open';
  #ended = false;

  constructor(connection: Connection, records: RecordLayer, keys: HandshakeResult, clock: Clock) {
    this.serverName = keys.serverName;
    this.#connection = connection;
    this.#records = records;
    this.#keys = keys;
    this.#clock = clock;
  }

  get local(): Endpoint {
    return this.#connection.local;
  }

  get remote(): Endpoint {
    return this.#connection.remote;
  }

  async read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.#readState === 'ended') return undefined;
    if (this.#readState !== 'open') throw this.#readState.error;
    try {
      return await this.#read();
    } catch (error) {
      const final = await this.#failed(error);
      this.#readState = { error: final };
      throw final;
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    return bytes.length === 0 ? Promise.resolve() : this.#records.write(contentType.applicationData, bytes);
  }

  async end(): Promise<void> {
    if (!this.#ended) {
      this.#ended = true;
      await this.#records.sendAlert('closeNotify');
    }
    await this.#connection.end();
  }

  abort(): void {
    this.#connection.abort();
  }

  async #read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    for (;;) {
      const record = await this.#records.read();
      // Without a close_notify nobody knows whether this was all.
      if (record === undefined) throw new ConnectionError('reset', 'the client left without an end');
      switch (record.type) {
        case contentType.applicationData:
          if (this.#input.partial) throw new TlsError('unexpectedMessage', 'data within a handshake message');
          if (record.bytes.length > 0) return record.bytes;
          break;
        case contentType.handshake:
          this.#takeHandshake(record);
          break;
        case contentType.alert:
          if (record.bytes[1] === alert.closeNotify) {
            this.#readState = 'ended';
            return undefined;
          }
          if (record.bytes[1] !== alert.userCanceled) throw refusedBy(record);
          break;
        default:
          throw new TlsError('unexpectedMessage', `a record of the type ${record.type}`);
      }
    }
  }

  /** Only a KeyUpdate may come once the handshake is over, and only at the end of a record. */
  #takeHandshake({ bytes }: TlsRecord): void {
    this.#input.push(bytes);
    const update = this.#input.next();
    if (update === undefined) return;
    if (update.type !== messageType.keyUpdate || this.#input.partial) throw new TlsError('unexpectedMessage', `the handshake message ${update.type} after the handshake`);
    const [wanted = -1] = update.body;
    if (update.body.length !== 1) throw new TlsError('decodeError', 'a KeyUpdate of another length');
    if (wanted !== keyUpdate.notRequested && wanted !== keyUpdate.requested) throw new TlsError('illegalParameter', 'an unknown KeyUpdate');
    this.#keys.readKeys.update();
    if (wanted !== keyUpdate.requested || this.#ended) return;
    const answer = message(messageType.keyUpdate, Uint8Array.of(keyUpdate.notRequested));
    // What keeps it from being sent also fails the next write.
    this.#records.write(contentType.handshake, answer, () => this.#keys.writeKeys.update()).catch(() => undefined);
  }

  /** Tells the client what it did wrong; returns what the reader gets. */
  async #failed(error: unknown): Promise<unknown> {
    if (!(error instanceof TlsError)) return error;
    await this.#records.sendAlert(error.alert).catch(() => undefined);
    await within(this.#clock, lingerMilliseconds, this.#connection.end()).catch(() => undefined);
    return new ConnectionError('reset', `TLS: ${error.message}`);
  }
}
