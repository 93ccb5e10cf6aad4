/**
 * Files that a page is made of, fetched from the machine and turned into addresses that the frame can load.
 *
 * Each is fetched once per document. A blob's address belongs to the frame's own origin, which no other page shares.
 */
import { cssReferences, replaceReferences } from '../rewrite/css.ts';
import { importedSpecifiers, importName, rewriteScript } from '../rewrite/script.ts';
import type { Answer } from './bridge.ts';
import { put } from './natives.ts';
import type { Page } from './page.ts';

/** A style sheet that waits for its pictures and fonts longer than this is shown without them first. */
const styleMilliseconds = 1500;
/** Style sheets that import each other in circles end somewhere. */
const maximumImports = 8;

export interface Style {
  readonly text: string;
  /** The text with everything in it, if that took longer. */
  readonly later: Promise<string> | undefined;
}

export class Resources {
  readonly #page: Page;
  readonly #files = new Map<string, Promise<string>>();
  readonly #scripts = new Map<string, Promise<string>>();
  readonly #modules = new Map<string, Promise<string>>();
  readonly #texts = new Map<string, Promise<string>>();
  /** What the page's import map says of bare names. */
  readonly #imports = new Map<string, string>();

  constructor(page: Page) {
    this.#page = page;
    put(globalThis, importName, async (base: string, specifier: unknown) => {
      const url = this.#specifier(String(specifier), base);
      if (url === undefined) throw new TypeError(`Failed to resolve module specifier “${String(specifier)}”`);
      return import(/* @vite-ignore */ await this.module(url));
    });
  }

  /** Address of a file as it is. Rejects if it cannot be had. */
  file(url: URL): Promise<string> {
    return once(this.#files, url, async () => {
      const answer = await this.#ask(url);
      return URL.createObjectURL(new Blob([await blobOf(answer)], { type: typeOf(answer) }));
    });
  }

  /** Address of a classic script. */
  script(url: URL): Promise<string> {
    return once(this.#scripts, url, async () => textAddress(rewriteScript(await this.#text(url), { module: false, url: url.href }), 'text/javascript'));
  }

  /** Address of a module, whose imports are ready. */
  module(url: URL, from: readonly string[] = []): Promise<string> {
    return once(this.#modules, url, async () => textAddress(await this.moduleText(await this.#text(url), url, from), 'text/javascript'));
  }

  /** The text of a module with its imports put in place. Modules that import each other in circles do not work. */
  async moduleText(text: string, url: URL, from: readonly string[] = []): Promise<string> {
    const addresses = new Map<string, string>();
    const path = [...from, url.href];
    await Promise.all(
      [...new Set(importedSpecifiers(text))].map(async (specifier) => {
        const target = this.#specifier(specifier, url.href);
        if (target !== undefined && !path.includes(target.href)) addresses.set(specifier, await this.module(target, path));
      }),
    );
    return rewriteScript(text, { module: true, url: url.href, resolve: (specifier) => addresses.get(specifier) });
  }

  /** Takes an import map of the page: bare names only. */
  addImports(json: string): void {
    try {
      const { imports } = JSON.parse(json) as { imports?: Record<string, string> };
      for (const [name, address] of Object.entries(imports ?? {})) this.#imports.set(name, address);
    } catch {
      // As in browsers: a broken map maps nothing.
    }
  }

  /** A style sheet's text with addresses that can be loaded. */
  async style(text: string, base: string, depth = 0): Promise<Style> {
    const references = cssReferences(text);
    const ready = new Map<string, string>();
    const loads = references.map(async ({ url, kind }) => {
      const target = this.#page.resolve(url, base);
      if (target === undefined || (kind === 'import' && depth >= maximumImports)) return;
      try {
        const address = kind === 'import' ? await this.sheet(target, depth + 1) : await this.file(target);
        ready.set(url, kind === 'import' ? address : address + target.hash);
      } catch {
        // Shown without it, as in every browser.
      }
    });
    const compose = (): string => replaceReferences(text, references, ({ url }) => ready.get(url));
    const all = Promise.all(loads);
    const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), styleMilliseconds));
    // What is imported can hide the page; pictures cannot.
    const wait = references.some(({ kind }) => kind === 'import') ? all : Promise.race([all, late]);
    return (await wait) === 'late' ? { text: compose(), later: all.then(compose) } : { text: compose(), later: undefined };
  }

  /** Address of a style sheet with everything in it. */
  async sheet(url: URL, depth = 0): Promise<string> {
    const { text, later } = await this.style(await this.#text(url), url.href, depth);
    return textAddress((await later) ?? text, 'text/css');
  }

  /** A style sheet of the machine, as `style`. */
  async styleAt(url: URL): Promise<Style> {
    return this.style(await this.#text(url), url.href);
  }

  #specifier(specifier: string, base: string): URL | undefined {
    const mapped = this.#imports.get(specifier);
    if (mapped !== undefined) return this.#page.resolve(mapped);
    const prefix = [...this.#imports.keys()].find((name) => name.endsWith('/') && specifier.startsWith(name));
    if (prefix !== undefined) return this.#page.resolve((this.#imports.get(prefix) ?? '') + specifier.slice(prefix.length));
    return /^(\.{0,2}\/|[a-z]+:)/i.test(specifier) ? this.#page.resolve(specifier, base) : undefined;
  }

  #text(url: URL): Promise<string> {
    return once(this.#texts, url, async () => {
      const answer = await this.#ask(url);
      const charset = /charset="?([\w-]+)/i.exec(typeOf(answer))?.[1] ?? 'utf-8';
      return new TextDecoder(charset).decode(await (await blobOf(answer)).arrayBuffer());
    });
  }

  async #ask(url: URL): Promise<Answer> {
    const answer = await this.#page.bridge.request({ url: url.href, method: 'GET', headers: [], body: null, mode: 'no-cors', redirect: 'follow', credentials: 'include', mayBeSilent: false });
    if (answer.status >= 200 && answer.status <= 299) return answer;
    await answer.body.cancel();
    throw new TypeError(`${url.href} was answered with status ${answer.status}`);
  }
}

function once(known: Map<string, Promise<string>>, url: URL, load: () => Promise<string>): Promise<string> {
  // What is in the browser already is an address as it stands.
  if (url.protocol === 'data:' || url.protocol === 'blob:') return Promise.resolve(url.href);
  const key = url.href.replace(/#.*$/, '');
  let address = known.get(key);
  if (address === undefined) known.set(key, (address = load()));
  return address;
}

function textAddress(text: string, type: string): string {
  return URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
}

function typeOf(answer: Answer): string {
  return answer.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
}

function blobOf(answer: Answer): Promise<Blob> {
  return new Response(answer.body).blob();
}
