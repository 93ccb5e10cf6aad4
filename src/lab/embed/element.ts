/**
 * `<drydock-lab lesson="containers/first-container">` for any page of any site: a frame with the machine, its terminals and
 * the tasks of a lesson. Bundled into one classic script, /drydock-lab.js, whose address tells where the lab is served.
 *
 * A frame and not elements of the page: the lab then has its own origin, storage, styles and memory, and the page around
 * it cannot break it, nor it the page. docs/embed.md describes the attributes and events.
 */
import { channel, parameter, readFromFrame, themes, type Theme, type ToFrame } from './messages.ts';

const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : document.querySelector<HTMLScriptElement>('script[src*="drydock-lab.js"]');
const site = new URL('.', script?.src ?? location.href);

const names = { en: 'Docker lab', 'zh-cn': 'Docker 实验' } as const;
const wrongLesson = 'drydock-lab: the attribute lesson="module/name" is missing, or no such address';
const defaultHeight = '640px';

class EmbeddedLab extends HTMLElement {
  static readonly observedAttributes = ['lesson', 'locale', 'theme', 'height', 'start', 'title'];
  readonly #frame = document.createElement('iframe');
  readonly #onMessage = (event: MessageEvent<unknown>): void => this.#receive(event);
  #address = '';
  #connected = false;

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }).append(this.#frame);
    this.#frame.allow = 'clipboard-read; clipboard-write; fullscreen';
    this.#frame.loading = 'lazy';
    this.#frame.referrerPolicy = 'origin';
    Object.assign(this.#frame.style, { display: 'block', width: '100%', height: '100%', border: '0' });
  }

  connectedCallback(): void {
    this.#connected = true;
    window.addEventListener('message', this.#onMessage);
    this.#show();
  }

  disconnectedCallback(): void {
    this.#connected = false;
    window.removeEventListener('message', this.#onMessage);
  }

  attributeChangedCallback(name: string): void {
    // Attributes that were there from the start are told one by one before the element is connected.
    if (!this.#connected) return;
    // A change of the colours must not cost the learner the machine.
    if (name === 'theme') this.#send({ channel, type: 'theme', theme: this.#theme });
    else this.#show();
  }

  get #locale(): keyof typeof names {
    const wanted = this.getAttribute('locale') ?? this.closest('[lang]')?.getAttribute('lang') ?? navigator.language;
    return /^zh/i.test(wanted) ? 'zh-cn' : 'en';
  }

  get #theme(): Theme {
    return themes.find((theme) => theme === this.getAttribute('theme')) ?? 'auto';
  }

  #show(): void {
    const height = this.getAttribute('height') ?? defaultHeight;
    this.style.display = 'block';
    this.style.height = /^\d+$/.test(height) ? `${height}px` : height;
    this.#frame.title = this.title || names[this.#locale];
    const lesson = this.getAttribute('lesson') ?? '';
    if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*\/?$/.test(lesson)) {
      console.error(wrongLesson);
      return;
    }
    const address = new URL(`${this.#locale}/embed/${lesson.replace(/\/$/, '')}/`, site);
    address.searchParams.set(parameter.host, location.origin);
    address.searchParams.set(parameter.theme, this.#theme);
    if (this.getAttribute('start') === 'click') address.searchParams.set(parameter.start, 'click');
    const wanted = new URL(address);
    wanted.searchParams.delete(parameter.theme);
    if (wanted.href === this.#address) return;
    this.#address = wanted.href;
    this.#frame.src = address.href;
  }

  #send(message: ToFrame): void {
    this.#frame.contentWindow?.postMessage(message, site.origin);
  }

  #receive(event: MessageEvent<unknown>): void {
    if (event.origin !== site.origin || event.source !== this.#frame.contentWindow) return;
    const message = readFromFrame(event.data);
    switch (message?.type) {
      case 'ready':
        // It may have been changed while the frame was loading.
        this.#send({ channel, type: 'theme', theme: this.#theme });
        return this.#tell('ready', {});
      case 'machine':
        return this.#tell('machine', { state: message.state });
      case 'task':
        return this.#tell('task-done', { id: message.id, title: message.title });
      case 'progress': {
        const { tasks } = message;
        return this.#tell('progress', { done: tasks.filter(({ done }) => done).length, total: tasks.length, tasks });
      }
      case undefined:
        return undefined;
    }
  }

  #tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(`drydock-${name}`, { detail, bubbles: true, composed: true }));
  }
}

// The script may stand on the page twice.
if (customElements.get('drydock-lab') === undefined) customElements.define('drydock-lab', EmbeddedLab);
