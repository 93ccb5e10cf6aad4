/** Two ends of a connection in memory, with the back-pressure, half-close and resets of a real one. */
import { type Connection, ConnectionError, type Endpoint } from '../connection.ts';

export interface PairOptions {
  /** Bytes that fit between writer and reader; 65,536 unless given. */
  readonly capacity?: number;
  /** A read returns at most so many bytes. */
  readonly maximumRead?: number;
}

const client: Endpoint = { address: '10.0.2.15', port: 40_000 };
const server: Endpoint = { address: '198.51.100.1', port: 443 };

/** The first is the client's end. */
export function connectionPair(options: PairOptions = {}): [Connection, Connection] {
  const up = new Pipe(options);
  const down = new Pipe(options);
  const abort = () => {
    up.break();
    down.break();
  };
  return [end(client, server, down, up, abort), end(server, client, up, down, abort)];
}

function end(local: Endpoint, remote: Endpoint, from: Pipe, to: Pipe, abort: () => void): Connection {
  return { local, remote, read: () => from.read(), write: (bytes) => to.write(bytes), end: () => to.end(), abort };
}

class Pipe {
  readonly #capacity: number;
  readonly #maximumRead: number;
  #queue: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;
  #state: 'open' | 'ended' | 'broken' = 'open';
  #wake: (() => void)[] = [];

  constructor({ capacity = 65_536, maximumRead = Number.POSITIVE_INFINITY }: PairOptions) {
    this.#capacity = capacity;
    this.#maximumRead = maximumRead;
  }

  async read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    while (this.#state !== 'broken') {
      const first = this.#queue.shift();
      if (first !== undefined) {
        const piece = first.subarray(0, this.#maximumRead);
        if (piece.length < first.length) this.#queue.unshift(first.subarray(piece.length));
        this.#bytes -= piece.length;
        this.#changed();
        return piece;
      }
      if (this.#state === 'ended') return undefined;
      await this.#change();
    }
    throw new ConnectionError('reset', 'the connection was broken off');
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#state === 'ended') throw new Error('written after the end');
    if (bytes.length > 0) {
      this.#queue.push(bytes.slice());
      this.#bytes += bytes.length;
      this.#changed();
    }
    while (this.#state !== 'broken' && this.#bytes > this.#capacity) await this.#change();
    if (this.#state === 'broken') throw new ConnectionError('reset', 'the connection was broken off');
  }

  async end(): Promise<void> {
    if (this.#state === 'open') this.#state = 'ended';
    this.#changed();
    while (this.#state === 'ended' && this.#bytes > 0) await this.#change();
    if (this.#bytes > 0) throw new ConnectionError('reset', 'the connection was broken off');
  }

  break(): void {
    if (this.#state !== 'ended' || this.#bytes > 0) this.#state = 'broken';
    this.#changed();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}
