/** Prepares the HTML of a page for the frame: with everything that it needs before it can be shown. */
import { rewriteScript } from '../rewrite/script.ts';
import { deferAll, putAside } from './deferral.ts';
import { attributeOf, removeAttributeOf, setAttributeOf } from './natives.ts';
import type { Page } from './page.ts';
import type { Resources } from './resources.ts';

export interface Prepared {
  readonly html: string;
  /** What a `<meta http-equiv="refresh">` asks for. */
  readonly refresh: { seconds: number; address: string } | undefined;
}

/** Reads the HTML, fetches its scripts and style sheets, and writes it anew. What cannot be had is left out, as in every browser. */
export async function prepareDocument(html: string, page: Page, resources: Resources): Promise<Prepared> {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const base = setBase(parsed, page);
  const refresh = takeRefresh(parsed);
  // Its rules are meant for the machine's addresses; the frame's own policy is stricter.
  for (const meta of parsed.querySelectorAll('meta[http-equiv="content-security-policy" i], meta[http-equiv="x-dns-prefetch-control" i]')) meta.remove();
  for (const map of parsed.querySelectorAll('script[type="importmap"]')) {
    resources.addImports(map.textContent);
    map.remove();
  }
  deferAll(parsed, page);
  const work: Promise<void>[] = [];
  const attempt = (task: () => Promise<void>): void => void work.push(task().catch(() => undefined));
  for (const script of parsed.querySelectorAll('script')) attempt(() => prepareScript(script, base, resources));
  for (const style of parsed.querySelectorAll('style')) {
    attempt(async () => {
      const { text, later } = await resources.style(style.textContent, base);
      const number = lateStyles.length;
      style.textContent = text;
      if (later === undefined) return;
      setAttributeOf(style, 'data-drydock-late', String(number));
      lateStyles.push(later);
    });
  }
  for (const link of parsed.querySelectorAll('link')) {
    const address = putAside(link, 'href');
    if (address === undefined || /alternate/i.test(link.rel)) continue;
    // Fetched now so that it is there when the written page asks for it, at once.
    if (/stylesheet/i.test(link.rel)) attempt(() => prepareSheet(link, address, base, resources));
  }
  await Promise.all(work);
  return { html: `${doctypeOf(parsed)}${parsed.documentElement.outerHTML}`, refresh };
}

/** Texts of `<style>` elements that were written without their pictures. */
export const lateStyles: Promise<string>[] = [];

async function prepareScript(script: HTMLScriptElement, base: string, resources: Resources): Promise<void> {
  const isModule = script.type === 'module';
  if (!isModule && script.type !== '' && !/^(text|application)\/(x-)?(java|ecma)script$/i.test(script.type.trim())) return;
  const source = putAside(script, 'src');
  if (source === undefined) {
    if (attributeOf(script, 'src') !== null) return;
    script.textContent = isModule
      ? await resources.moduleText(script.textContent, new URL(base))
      : rewriteScript(script.textContent, { module: false, url: base });
    return;
  }
  const url = new URL(source, base);
  setAttributeOf(script, 'src', await (isModule ? resources.module(url) : resources.script(url)));
}

async function prepareSheet(link: HTMLLinkElement, address: string, base: string, resources: Resources): Promise<void> {
  const { text } = await resources.styleAt(new URL(address, base));
  setAttributeOf(link, 'href', URL.createObjectURL(new Blob([text], { type: 'text/css;charset=utf-8' })));
}

/** One absolute `<base>`, first of all, so that every address in the page means what it means on the machine. */
function setBase(parsed: Document, page: Page): string {
  const own = [...parsed.querySelectorAll('base[href]')];
  const url = URL.parse(attributeOf(own[0] ?? parsed.documentElement, 'href') ?? '', page.url) ?? page.url;
  for (const element of own) removeAttributeOf(element, 'href');
  const base = parsed.createElement('base');
  setAttributeOf(base, 'href', url.href);
  parsed.head.prepend(base);
  return url.href;
}

function takeRefresh(parsed: Document): Prepared['refresh'] {
  let refresh: Prepared['refresh'];
  for (const meta of parsed.querySelectorAll('meta[http-equiv="refresh" i]')) {
    const match = /^\s*(\d+)[\d.]*\s*(?:[;,]\s*(?:url\s*=\s*)?["']?([^"']*))?/i.exec(attributeOf(meta, 'content') ?? '');
    if (match !== null) refresh ??= { seconds: Number(match[1]), address: match[2]?.trim() ?? '' };
    meta.remove();
  }
  return refresh;
}

/** Without one a page is laid out by other rules. */
function doctypeOf({ doctype }: Document): string {
  if (doctype === null) return '';
  const { name, publicId, systemId } = doctype;
  const ids = publicId !== '' ? ` PUBLIC "${publicId}"${systemId === '' ? '' : ` "${systemId}"`}` : systemId === '' ? '' : ` SYSTEM "${systemId}"`;
  return `<!DOCTYPE ${name}${ids}>`;
}
