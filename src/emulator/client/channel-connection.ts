/** The page's end of a connection into the guest; the worker holds the real one (`serve-channel.ts`). */
import { ConnectionError, type Connection, type Endpoint } from '../../network/connection.ts';
import { channelMessageSchema, Credit, largestPiece, postBytes, type ChannelMessage, type ChannelPort } from '../connection-channel.ts';

interface Reader {
  resolve: (bytes: Uint8Array<ArrayBuffer> | undefined) => void;
  reject: (error: Error) => void;
}

export class ChannelConnection implements Connection {
  readonly #port: ChannelPort;
  readonly #credit = new Credit();
  readonly #opened = Promise.withResolvers<this>();
  readonly #delivered = Promise.withResolvers<void>();
  readonly #onOver: () => void;
  #local: Endpoint = { address: '', port: 0 };
  #remote: Endpoint = { address: '', port: 0 };
  #received: Uint8Array<ArrayBuffer>[] = [];
  #reader: Reader | undefined;
  #writing: Promise<void> = Promise.resolve();
  #peerEnded = false;
  #ended = false;
  #arrived = false;
  #broken: ConnectionError | undefined;

  /** `onOver` is called once, when nothing more comes over the port. */
  constructor(port: ChannelPort, onOver: () => void = () => undefined) {
    this.#port = port;
    this.#onOver = onOver;
    this.#opened.promise.catch(() => undefined);
    this.#delivered.promise.catch(() => undefined);
    port.onmessage = (event: MessageEvent<unknown>) => {
      const message = channelMessageSchema.safeParse(event.data);
      if (message.success) this.#handle(message.data);
      else this.#fail(new ConnectionError('aborted', 'the worker sent something unknown'));
    };
    port.onmessageerror = () => this.#fail(new ConnectionError('aborted', 'a message of the worker could not be read'));
  }

  get local(): Endpoint {
    return this.#local;
  }

  get remote(): Endpoint {
    return this.#remote;
  }

  /** Resolves when it is open. Rejects with `ConnectionError`, or with the signal's reason. */
  async opened(signal?: AbortSignal): Promise<Connection> {
    const abort = (): void => {
      this.#opened.reject(signal?.reason);
      this.abort();
    };
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await this.#opened.promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.#reader !== undefined) throw new TypeError('the connection is being read already');
    const bytes = this.#received.shift();
    if (bytes !== undefined) return this.#taken(bytes);
    if (this.#peerEnded) return undefined;
    if (this.#broken !== undefined) throw this.#broken;
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#ended) return Promise.reject(new TypeError('the connection has been ended'));
    const next = this.#writing.then(() => this.#send(bytes));
    this.#writing = next.catch(() => undefined);
    return next;
  }

  end(): Promise<void> {
    if (!this.#ended) {
      this.#ended = true;
      this.#writing = this.#writing.then(() => this.#post({ type: 'end' }));
    }
    return this.#delivered.promise;
  }

  abort(): void {
    if (this.#over) return;
    this.#post({ type: 'abort' });
    this.#fail(new ConnectionError('aborted', 'the connection was broken off on this side'));
  }

  /** The worker is gone, and the machine with it. */
  lose(): void {
    this.#fail(new ConnectionError('reset', 'the machine was stopped'));
  }

  get #over(): boolean {
    return this.#broken !== undefined || (this.#peerEnded && this.#arrived);
  }

  async #send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#broken !== undefined) throw this.#broken;
      const count = await this.#credit.take(Math.min(largestPiece, bytes.length - at));
      if (this.#broken !== undefined) throw this.#broken;
      postBytes(this.#port, bytes.subarray(at, at + count));
      at += count;
    }
    if (this.#broken !== undefined) throw this.#broken;
  }

  #handle(message: ChannelMessage): void {
    switch (message.type) {
      case 'open':
        this.#local = message.local;
        this.#remote = message.remote;
        this.#opened.resolve(this);
        return;
      case 'data':
        return this.#deliver(new Uint8Array(message.bytes));
      case 'credit':
        return this.#credit.give(message.bytes);
      case 'end':
        this.#peerEnded = true;
        this.#reader?.resolve(undefined);
        this.#reader = undefined;
        return this.#closeWhenOver();
      case 'delivered':
        this.#arrived = true;
        this.#delivered.resolve();
        return this.#closeWhenOver();
      case 'broken':
        return this.#fail(new ConnectionError(message.fault, message.message));
      case 'abort':
        return this.#fail(new ConnectionError('aborted', 'the worker broke it off'));
    }
  }

  #deliver(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#broken !== undefined) return;
    if (this.#reader === undefined) {
      this.#received.push(bytes);
      return;
    }
    const { resolve } = this.#reader;
    this.#reader = undefined;
    resolve(this.#taken(bytes));
  }

  #taken(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    if (!this.#over) this.#post({ type: 'credit', bytes: bytes.length });
    return bytes;
  }

  #closeWhenOver(): void {
    if (!this.#over) return;
    this.#port.close();
    this.#onOver();
  }

  #fail(error: ConnectionError): void {
    if (this.#over) return;
    this.#broken = error;
    this.#opened.reject(error);
    this.#delivered.reject(error);
    this.#reader?.reject(error);
    this.#reader = undefined;
    // Whoever waits for credit goes on, and finds it broken.
    this.#credit.give(Number.MAX_SAFE_INTEGER);
    this.#port.close();
    this.#onOver();
  }

  #post(message: ChannelMessage): void {
    if (this.#broken === undefined) this.#port.postMessage(message);
  }
}
