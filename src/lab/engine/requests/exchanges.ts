/** Requests and their answers, put together from what the relay reports. */
import { decodeUtf8 } from '../../../guest/bytes.ts';
import { HttpStream } from './http-stream.ts';
import type { RelayFrame } from './relay.ts';

export interface Exchange {
  id: number;
  /** Who asked, such as `docker` or `curl`. */
  program: string;
  method: string;
  path: string;
  requestType: string;
  requestBody: Body;
  /** Undefined until the answer begins. */
  status?: number;
  answerType: string;
  answerBody: Body;
  /** From the request to the end of the answer, in ms of the guest; undefined while it lasts. */
  milliseconds?: number;
  /** The connection became a stream of its own: a terminal, for example. */
  upgraded: boolean;
  /** No more of it is reported. */
  cut: boolean;
}

export interface Body {
  /** As much of it as is kept. */
  pieces: Uint8Array[];
  bytes: number;
}

/** Bytes of a body that are kept to be shown. */
const keptBytes = 64 * 1024;

interface Connection {
  program: string;
  /** Requests whose answer has not ended, the oldest first. */
  waiting: Exchange[];
  request: HttpStream;
  response: HttpStream;
  /** After an upgrade: what the client sends is no HTTP any more. */
  raw: boolean;
  at: number;
  started: Map<Exchange, number>;
}

export class ExchangeLog {
  readonly #changed: (exchange: Exchange) => void;
  readonly #connections = new Map<number, Connection>();
  #next = 1;

  /** @param changed called with each new exchange, and again whenever it goes on */
  constructor(changed: (exchange: Exchange) => void) {
    this.#changed = changed;
  }

  push({ connection: id, kind, at, bytes }: RelayFrame): void {
    if (kind === 'open') {
      this.#connections.set(id, this.#open(decodeUtf8(bytes), at));
      return;
    }
    const connection = this.#connections.get(id);
    // It stood before the relay did.
    if (!connection) return;
    connection.at = at;
    if (kind === 'request') {
      if (!connection.raw) connection.request.push(bytes);
    } else if (kind === 'response') connection.response.push(bytes);
    else {
      for (const exchange of connection.waiting) exchange.cut = kind === 'cut';
      if (kind === 'closed') connection.response.close();
      for (const exchange of connection.waiting) this.#changed(exchange);
      this.#connections.delete(id);
    }
  }

  #open(program: string, at: number): Connection {
    let sent: Exchange | undefined;
    const connection: Connection = {
      program, at, raw: false, waiting: [], started: new Map(),
      request: new HttpStream(false, {
        head: ({ start, headers }) => {
          const [method = '', path = ''] = start.split(' ');
          sent = { id: this.#next++, program, method, path, requestType: headers.get('content-type') ?? '', requestBody: empty(), answerType: '', answerBody: empty(), upgraded: false, cut: false };
          connection.waiting.push(sent);
          connection.started.set(sent, connection.at);
          this.#changed(sent);
          return 'body';
        },
        body: (piece) => sent && keep(sent.requestBody, piece),
        end: () => sent && this.#changed(sent),
      }),
      response: new HttpStream(true, {
        head: ({ start, headers }) => {
          const status = Number(start.split(' ')[1]);
          const exchange = connection.waiting[0];
          if (!exchange) return 'body';
          // “Continue” is no answer yet.
          if (status === 100) return 'none';
          exchange.status = status;
          exchange.answerType = headers.get('content-type') ?? '';
          exchange.upgraded = status === 101 || exchange.answerType.startsWith('application/vnd.docker.');
          this.#changed(exchange);
          if (status === 101) {
            connection.raw = true;
            return 'raw';
          }
          return exchange.method === 'HEAD' || status === 204 || status === 304 ? 'none' : 'body';
        },
        body: (piece) => {
          const exchange = connection.waiting[0];
          if (!exchange) return;
          keep(exchange.answerBody, piece);
          this.#changed(exchange);
        },
        end: () => {
          const exchange = connection.waiting[0];
          if (exchange?.status === undefined) return;
          connection.waiting.shift();
          exchange.milliseconds = connection.at - (connection.started.get(exchange) ?? connection.at);
          connection.started.delete(exchange);
          this.#changed(exchange);
        },
      }),
    };
    return connection;
  }
}

/** A body as text: JSON laid out, one object a line where it is a stream of them; undefined where it is no text. */
export function bodyText(type: string, { pieces, bytes }: Body): string | undefined {
  if (bytes === 0) return '';
  const kept = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const joined = new Uint8Array(kept);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  if (!/json|text/.test(type)) return undefined;
  const text = decodeUtf8(joined);
  if (!type.includes('json')) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    // A stream of objects, or one that was cut.
    return text.trim();
  }
}

function empty(): Body {
  return { pieces: [], bytes: 0 };
}

function keep(body: Body, piece: Uint8Array): void {
  const kept = body.pieces.reduce((sum, one) => sum + one.length, 0);
  if (kept < keptBytes) body.pieces.push(piece.slice(0, keptBytes - kept));
  body.bytes += piece.length;
}
