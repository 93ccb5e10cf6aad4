/**
 * What a view needs of the lab: pages, a network for the frame that shows them, and the list of ports. In the lab's own
 * page this is the object itself; a window of its own has it over a port (`window-client.ts`).
 */
import { DrydockError } from '../../shared/errors.ts';
import { fillTemplate } from '../../shared/locale.ts';
import type { Strings } from '../page-data.ts';
import { showAnswer } from './documents.ts';
import { CookieJar } from './net/cookie-jar.ts';
import { PreviewFetcher } from './net/fetcher.ts';
import type { PreviewNetwork } from './net/network.ts';
import { untilItListens } from './net/patience.ts';
import { servePage } from './page-server.ts';
import { PageStore } from './page-store.ts';
import type { PortNews, PortWatch, PublishedPort } from './ports.ts';
import type { PageDocument } from './protocol.ts';

export interface PageRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly contentType: string;
  readonly body: ArrayBuffer | null;
  readonly referrer: string;
  /** Asks the server for a fresh answer. */
  readonly reload: boolean;
}

export type PageAnswer =
  | { kind: 'page'; page: Omit<PageDocument, 'state'> }
  | { kind: 'file'; name: string; bytes: ArrayBuffer }
  /** 204: the page that is shown stays. */
  | { kind: 'nothing' };

export interface PreviewBackend {
  readonly ports: readonly PublishedPort[];
  onPorts(listener: (news: PortNews) => void): () => void;
  /** Rejects with DrydockError, or with the signal's reason. */
  load(request: PageRequest, signal: AbortSignal): Promise<PageAnswer>;
  /** Answers the frame of a page on this port. @returns a function that ends it */
  serve(port: MessagePort, address: string): () => void;
}

/** A page or file of more bytes is not taken into the browser's memory. */
const maximumBytes = 64 << 20;

export interface LocalBackendOptions {
  readonly network: PreviewNetwork;
  readonly watch: PortWatch;
  readonly strings: Strings;
  /** BCP 47. */
  readonly language: string;
  /** Whether there is a machine to connect to. */
  readonly runs: () => boolean;
  /** Told when something in the machine may have changed: it was asked for a page, or by a page for more than reading. */
  readonly onUse: () => void;
}

export class LocalBackend implements PreviewBackend {
  readonly #options: LocalBackendOptions;
  readonly #jar = new CookieJar();
  readonly #store = new PageStore();
  readonly #fetcher: PreviewFetcher;

  constructor(options: LocalBackendOptions) {
    this.#options = options;
    const { network } = options;
    this.#fetcher = new PreviewFetcher({ network, jar: this.#jar, refused: this.#refused, userAgent: navigator.userAgent, languages: navigator.languages, onUnsafe: options.onUse });
  }

  get ports(): readonly PublishedPort[] {
    return this.#options.watch.ports;
  }

  onPorts(listener: (news: PortNews) => void): () => void {
    return this.#options.watch.onNews(listener);
  }

  async load(request: PageRequest, signal: AbortSignal): Promise<PageAnswer> {
    const headers: [string, string][] = [['Accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/*,*/*;q=0.8'], ['Upgrade-Insecure-Requests', '1']];
    if (request.reload) headers.push(['Cache-Control', 'max-age=0']);
    if (request.referrer !== '') headers.push(['Referer', request.referrer]);
    if (request.method === 'POST') headers.push(['Content-Type', request.contentType], ['Origin', originOf(request.referrer)]);
    const ask = () => this.#fetcher.fetch(
      { url: request.url, method: request.method, headers, redirect: 'follow', credentials: true, ...(request.body === null ? {} : { body: new Uint8Array(request.body) }) },
      signal,
    );
    const response = request.method === 'GET' ? await untilItListens(ask, signal, this.#options.network.clock) : await ask();
    this.#options.onUse();
    const bytes = await collect(response.body, response.url);
    if (response.status === 204 || response.status === 205) return { kind: 'nothing' };
    const empty = fillTemplate(this.#options.strings.previewEmptyAnswer, { status: response.status });
    const shown = showAnswer(response, bytes, empty);
    if (shown.kind === 'file') return { kind: 'file', name: shown.name, bytes: bytes.buffer };
    const url = new URL(response.url);
    return {
      kind: 'page',
      page: { url: response.url, html: shown.html, referrer: request.referrer, cookies: this.#jar.visible(url), stored: this.#store.entries(url.origin), language: this.#options.language },
    };
  }

  serve(port: MessagePort, address: string): () => void {
    return servePage(port, address, { fetcher: this.#fetcher, jar: this.#jar, network: this.#options.network, store: this.#store, refused: this.#refused });
  }

  /** Another machine: nothing of the old one is known to it. */
  forget(): void {
    this.#fetcher.disconnect();
    this.#jar.clear();
    this.#store.clear();
  }

  readonly #refused = (port: number): DrydockError => (this.#options.runs() ? this.#options.watch.refused(port) : new DrydockError('preview-machine-off', {}));
}

async function collect(body: AsyncIterable<Uint8Array>, address: string): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > maximumBytes) throw new DrydockError('preview-too-large', { address, limit: `${maximumBytes >> 20} MB` });
    pieces.push(piece);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

function originOf(referrer: string): string {
  return URL.parse(referrer)?.origin ?? 'null';
}
