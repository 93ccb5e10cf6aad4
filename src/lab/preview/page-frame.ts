/**
 * The frame that shows a page of a container: a sandbox with an origin of nobody, under a policy that lets it load
 * nothing from anywhere. Neither the site's storage nor its document are open to it, and no network is.
 *
 * The policy of this document keeps the frame from being led elsewhere, which its own policy cannot.
 */
import frameScript from './frame/main.ts?inline-script';
import { helloSchema, type PageDocument, type FromView, toViewSchema, type ToView } from './protocol.ts';

/** Nothing but what the frame has made itself, or carries in an address. */
const policy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob: data:",
  "style-src 'unsafe-inline' blob: data:",
  'img-src blob: data:',
  'font-src blob: data:',
  'media-src blob: data:',
  'worker-src blob: data:',
  'connect-src blob: data:',
  "form-action 'none'",
].join('; ');

/** Scripts and forms of the page run; windows, dialogs, downloads, the top and our origin are not for it. */
const sandbox = 'allow-scripts allow-forms';

export interface PageFrameOptions {
  readonly title: string;
  readonly page: PageDocument;
  /** Serves the network end of the frame's line. @returns a function that ends it */
  readonly serve: (port: MessagePort) => () => void;
  readonly onMessage: (message: ToView) => void;
  /** The frame was loaded anew by its page (`location.reload()`); its document is gone. */
  readonly onReload: () => void;
  /** The page tried to leave past us and was stopped; what is left of the frame is of no use. */
  readonly onLeft: (address: string) => void;
}

export class PageFrame {
  readonly element: HTMLIFrameElement;
  readonly #options: PageFrameOptions;
  #view: MessagePort | undefined;
  #stopServing: (() => void) | undefined;

  constructor(options: PageFrameOptions) {
    this.#options = options;
    forbidFrames();
    this.element = document.createElement('iframe');
    this.element.setAttribute('sandbox', sandbox);
    this.element.setAttribute('referrerpolicy', 'no-referrer');
    this.element.setAttribute('allow', '');
    this.element.title = options.title;
    this.element.className = 'dd-preview-frame';
    this.element.dataset['testid'] = 'preview-frame';
    this.element.srcdoc = shell(options.page.language);
    addEventListener('message', this.#onHello);
    document.addEventListener('securitypolicyviolation', this.#onViolation);
  }

  /** Tells the page of a step in its own history. */
  send(message: FromView): void {
    this.#view?.postMessage(message);
  }

  dispose(): void {
    removeEventListener('message', this.#onHello);
    document.removeEventListener('securitypolicyviolation', this.#onViolation);
    this.#hangUp();
    this.element.remove();
  }

  readonly #onHello = (event: MessageEvent<unknown>): void => {
    // The window tells who it is: a sandbox has no name that could be compared.
    if (event.source !== this.element.contentWindow || event.origin !== 'null' || !helloSchema.safeParse(event.data).success) return;
    const [network, view] = event.ports;
    if (network === undefined || view === undefined) return;
    const isFirst = this.#view === undefined;
    this.#hangUp();
    if (!isFirst) {
      this.#options.onReload();
      return;
    }
    this.#view = view;
    view.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = toViewSchema.safeParse(data);
      if (message.success) this.#options.onMessage(message.data);
    };
    this.#stopServing = this.#options.serve(network);
    this.send({ type: 'document', page: this.#options.page });
  };

  readonly #onViolation = (event: SecurityPolicyViolationEvent): void => {
    if (event.effectiveDirective === 'frame-src') this.#options.onLeft(event.blockedURI);
  };

  #hangUp(): void {
    this.#stopServing?.();
    this.#stopServing = undefined;
    this.#view?.close();
  }
}

/** The document that the frame begins with: policy first, then our script, which brings the page. */
function shell(language: string): string {
  const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return (
    `<!doctype html><html lang="${escaped(language)}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">` +
    `<meta http-equiv="x-dns-prefetch-control" content="off"><script data-parent="${escaped(location.origin)}">${frameScript.replaceAll('</script', String.raw`<\/script`)}</script></head></html>`
  );
}

/** Frames of this document show what is handed to them and cannot be led to any address. */
function forbidFrames(): void {
  if (document.querySelector('meta[data-drydock-frames]') !== null) return;
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = "frame-src 'none'";
  meta.dataset['drydockFrames'] = '';
  document.head.append(meta);
}

