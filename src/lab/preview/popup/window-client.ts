/** The lab as a preview's own window has it: over a port to the page that opened the window. */
import { deserializeError, DrydockError } from '../../../shared/errors.ts';
import { Emitter } from '../../emitter.ts';
import type { PageAnswer, PageRequest, PreviewBackend } from '../backend.ts';
import type { PortNews, PublishedPort } from '../ports.ts';
import { type ToLab, type ToWindow, toWindowSchema } from '../window-protocol.ts';

/** A lab that is there answers at once, unless its page is just being loaded. */
const welcomeMilliseconds = 5000;

export class WindowClient implements PreviewBackend {
  readonly #port: MessagePort;
  readonly #news = new Emitter<PortNews>();
  readonly #waiting = new Map<number, PromiseWithResolvers<PageAnswer>>();
  readonly #gone = Promise.withResolvers<void>();
  #ports: readonly PublishedPort[] = [];
  #lastId = 0;
  #welcome: (() => void) | undefined;
  /** Resolves when the lab has gone away. */
  readonly gone = this.#gone.promise;

  private constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = toWindowSchema.safeParse(data);
      if (message.success) this.#take(message.data);
    };
    // Browsers that know the event tell it too when the other page has crashed.
    port.addEventListener('close', () => this.#lose());
  }

  /** Rejects with DD5114 when there is no lab behind the window. */
  static async connect(): Promise<WindowClient> {
    const opener: Window | null = window.opener;
    if (opener === null || opener.closed) throw new DrydockError('preview-lab-gone', {});
    const { port1, port2 } = new MessageChannel();
    const client = new WindowClient(port1);
    const welcome = Promise.withResolvers<void>();
    client.#welcome = welcome.resolve;
    const timer = setTimeout(() => welcome.reject(new DrydockError('preview-lab-gone', {})), welcomeMilliseconds);
    opener.postMessage({ type: 'drydock-preview-window' }, location.origin, [port2]);
    try {
      await welcome.promise;
      return client;
    } catch (error) {
      port1.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  get ports(): readonly PublishedPort[] {
    return this.#ports;
  }

  onPorts(listener: (news: PortNews) => void): () => void {
    return this.#news.on(listener);
  }

  load(request: PageRequest, signal: AbortSignal): Promise<PageAnswer> {
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<PageAnswer>();
    this.#waiting.set(id, waiting);
    signal.addEventListener('abort', () => {
      this.#waiting.delete(id);
      this.#post({ type: 'cancel', id });
      waiting.reject(signal.reason);
    }, { once: true });
    try {
      // The body is copied, not transferred: the view asks with it again when this fails.
      this.#post({ type: 'load', id, request });
    } catch (error) {
      this.#waiting.delete(id);
      waiting.reject(error);
    }
    return waiting.promise;
  }

  serve(port: MessagePort, address: string): () => void {
    const id = ++this.#lastId;
    this.#post({ type: 'serve', id, address }, [port]);
    return () => this.#post({ type: 'unserve', id });
  }

  setVisible(visible: boolean): void {
    this.#post({ type: 'visible', visible });
  }

  /** The window goes away: the lab need not think of it any more. */
  leave(): void {
    this.#post({ type: 'bye' });
  }

  #take(message: ToWindow): void {
    switch (message.type) {
      case 'answer':
        this.#waiting.get(message.id)?.resolve(message.answer);
        this.#waiting.delete(message.id);
        return;
      case 'failed':
        this.#waiting.get(message.id)?.reject(deserializeError(message.error));
        this.#waiting.delete(message.id);
        return;
      case 'ports':
        this.#ports = message.ports;
        this.#welcome?.();
        this.#news.emit(message);
        return;
      case 'bye':
        this.#lose();
    }
  }

  #lose(): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new DrydockError('preview-lab-gone', {}));
    this.#waiting.clear();
    this.#gone.resolve();
  }

  #post(message: ToLab, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}
