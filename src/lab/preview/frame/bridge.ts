/** The frame's two lines to the outside: the network of the machine, and the view around the page. */
import type { FromNetwork, FromView, ToNetwork, ToView } from '../protocol.ts';

export interface Answer {
  readonly url: string;
  readonly redirected: boolean;
  readonly status: number;
  readonly reason: string;
  readonly headers: [string, string][];
  /** Of another origin that did not allow reading. */
  readonly opaque: boolean;
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
}

export type Ask = Omit<Extract<ToNetwork, { type: 'request' }>, 'type' | 'id'>;

interface Pending {
  head: PromiseWithResolvers<Answer>;
  piece: PromiseWithResolvers<ArrayBuffer | undefined> | undefined;
}

export type SocketEventOf = Extract<FromNetwork, { type: `socket${string}` }>;

/** Of each answer. An unread one that is larger keeps its connection until the page reads it, or the lab gives it up. */
const readAheadBytes = 262_144;

export class Bridge {
  readonly #network = new MessageChannel();
  readonly #view = new MessageChannel();
  readonly #pending = new Map<number, Pending>();
  readonly #sockets = new Map<number, (event: SocketEventOf) => void>();
  #lastId = 0;
  onCookies: (text: string) => void = () => {};
  onView: (message: FromView) => void = () => {};

  /** @param origin of the page around the frame: nobody else gets the lines */
  constructor(origin: string) {
    this.#network.port1.onmessage = ({ data }: MessageEvent<FromNetwork>) => this.#receive(data);
    this.#view.port1.onmessage = ({ data }: MessageEvent<FromView>) => this.onView(data);
    parent.postMessage({ type: 'drydock-preview-hello' }, origin, [this.#network.port2, this.#view.port2]);
  }

  tell(message: ToView, transfer: Transferable[] = []): void {
    this.#view.port1.postMessage(message, transfer);
  }

  post(message: ToNetwork, transfer: Transferable[] = []): void {
    this.#network.port1.postMessage(message, transfer);
  }

  /** Rejects with a TypeError, as fetch does, or with the signal's reason. */
  async request(ask: Ask, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted();
    const id = ++this.#lastId;
    const pending: Pending = { head: Promise.withResolvers(), piece: undefined };
    this.#pending.set(id, pending);
    const abort = (): void => {
      this.post({ type: 'cancel', id });
      this.#pending.delete(id);
      pending.head.reject(signal?.reason);
      pending.piece?.reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.post({ type: 'request', id, ...ask }, ask.body === null ? [] : [ask.body]);
    return pending.head.promise;
  }

  /** Opens a socket; its events come until `socketClosed`. */
  socket(url: string, protocols: string[], listener: (event: SocketEventOf) => void): number {
    const id = ++this.#lastId;
    this.#sockets.set(id, listener);
    this.post({ type: 'socket', id, url, protocols });
    return id;
  }

  #receive(message: FromNetwork): void {
    switch (message.type) {
      case 'head': {
        const { type: _, id, ...head } = message;
        this.#pending.get(id)?.head.resolve({ ...head, body: this.#body(id) });
        return;
      }
      case 'chunk':
        this.#pending.get(message.id)?.piece?.resolve(message.bytes);
        return;
      case 'end':
        this.#pending.get(message.id)?.piece?.resolve(undefined);
        this.#pending.delete(message.id);
        return;
      case 'failed': {
        const pending = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        const error = new TypeError(`Failed to fetch: ${message.message}`);
        pending?.head.reject(error);
        pending?.piece?.reject(error);
        return;
      }
      case 'cookies':
        this.onCookies(message.text);
        return;
      default:
        this.#sockets.get(message.id)?.(message);
        if (message.type === 'socketClosed') this.#sockets.delete(message.id);
    }
  }

  /** It reads ahead as browsers do, so that an answer of which a page reads nothing comes to its end all the same. */
  #body(id: number): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: async (controller) => {
        const pending = this.#pending.get(id);
        if (pending === undefined) {
          controller.close();
          return;
        }
        pending.piece = Promise.withResolvers();
        this.post({ type: 'pull', id });
        const bytes = await pending.piece.promise;
        if (bytes === undefined) controller.close();
        else controller.enqueue(new Uint8Array(bytes));
      },
      cancel: () => {
        if (this.#pending.delete(id)) this.post({ type: 'cancel', id });
      },
    }, new ByteLengthQueuingStrategy({ highWaterMark: readAheadBytes }));
  }
}
