/** The lab's side of previews in windows of their own: they have no machine, so the lab answers for them. */
import { serializeError } from '../../shared/errors.ts';
import { Emitter } from '../emitter.ts';
import type { PreviewBackend } from './backend.ts';
import { type ToLab, toLabSchema, type ToWindow, windowHelloSchema } from './window-protocol.ts';

export class PreviewWindows {
  readonly #backend: PreviewBackend;
  readonly #page: string;
  readonly #lines = new Set<Line>();
  readonly #changed = new Emitter<void>();

  /** @param page address of the site's page for previews */
  constructor(backend: PreviewBackend, page: string) {
    this.#backend = backend;
    this.#page = page;
    addEventListener('message', this.#onMessage);
    addEventListener('pagehide', () => {
      for (const line of this.#lines) line.post({ type: 'bye' });
    });
  }

  /** Opens a window on an address of the machine. @returns whether the browser allowed it */
  open(address: string): boolean {
    return window.open(`${this.#page}#${encodeURIComponent(address)}`, '_blank') !== null;
  }

  /** Whether somebody can see one of them. */
  get anyVisible(): boolean {
    return [...this.#lines].some((line) => line.visible && !line.window.closed);
  }

  /** Calls back when `anyVisible` may have changed. */
  onChange(listener: () => void): () => void {
    return this.#changed.on(listener);
  }

  /** Only windows of this site that this page has opened; one that was reloaded comes again. */
  readonly #onMessage = (event: MessageEvent<unknown>): void => {
    const [port] = event.ports;
    if (event.origin !== location.origin || port === undefined || !windowHelloSchema.safeParse(event.data).success) return;
    if (event.source === null || !('opener' in event.source) || event.source.opener !== window) return;
    const { source } = event;
    for (const former of [...this.#lines].filter(({ window }) => window === source)) this.#forget(former);
    const line = new Line(port, source, this.#backend, { changed: () => this.#changed.emit(), gone: () => this.#forget(line) });
    this.#lines.add(line);
    // Browsers that know the event tell it too when the window has crashed; in the others it has said goodbye.
    port.addEventListener('close', () => this.#forget(line));
  };

  #forget(line: Line): void {
    if (!this.#lines.delete(line)) return;
    line.dispose();
    this.#changed.emit();
  }
}

interface LineNews {
  /** `visible` is another. */
  readonly changed: () => void;
  /** The window goes away. */
  readonly gone: () => void;
}

class Line {
  visible = false;
  readonly window: Window;
  readonly #port: MessagePort;
  readonly #backend: PreviewBackend;
  readonly #news: LineNews;
  readonly #loads = new Map<number, AbortController>();
  readonly #serving = new Map<number, () => void>();
  readonly #stopPorts: () => void;

  constructor(port: MessagePort, window: Window, backend: PreviewBackend, news: LineNews) {
    this.#port = port;
    this.window = window;
    this.#backend = backend;
    this.#news = news;
    port.onmessage = (event: MessageEvent<unknown>) => {
      const message = toLabSchema.safeParse(event.data);
      if (message.success) this.#take(message.data, event.ports[0]);
    };
    this.post({ type: 'ports', ports: [...backend.ports], added: [] });
    this.#stopPorts = backend.onPorts(({ ports, added }) => this.post({ type: 'ports', ports: [...ports], added: [...added] }));
  }

  post(message: ToWindow, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  dispose(): void {
    this.visible = false;
    this.#stopPorts();
    for (const load of this.#loads.values()) load.abort();
    for (const stop of this.#serving.values()) stop();
    this.#serving.clear();
    this.#port.close();
  }

  #take(message: ToLab, port: MessagePort | undefined): void {
    switch (message.type) {
      case 'load':
        void this.#load(message);
        return;
      case 'cancel':
        this.#loads.get(message.id)?.abort();
        return;
      case 'serve':
        if (port !== undefined && URL.canParse(message.address)) this.#serving.set(message.id, this.#backend.serve(port, message.address));
        return;
      case 'unserve':
        this.#serving.get(message.id)?.();
        this.#serving.delete(message.id);
        return;
      case 'visible':
        this.visible = message.visible;
        this.#news.changed();
        return;
      case 'bye':
        this.#news.gone();
    }
  }

  async #load({ id, request }: Extract<ToLab, { type: 'load' }>): Promise<void> {
    const load = new AbortController();
    this.#loads.set(id, load);
    try {
      const answer = await this.#backend.load(request, load.signal);
      if (!load.signal.aborted) this.post({ type: 'answer', id, answer }, answer.kind === 'file' ? [answer.bytes] : []);
    } catch (error) {
      if (!load.signal.aborted) this.post({ type: 'failed', id, error: serializeError(error) });
    } finally {
      this.#loads.delete(id);
    }
  }
}
