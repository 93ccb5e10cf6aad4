/** Watches what scripts do to the document, so that what they add loads from the machine as well. */
import { cssReferences } from '../rewrite/css.ts';
import { rewriteScript } from '../rewrite/script.ts';
import { deferAll, isInBrowser, isLoading, loadAside, putAside, setAside } from './deferral.ts';
import { attributeOf, natives, put, removeAttributeOf, setAttributeOf } from './natives.ts';
import type { Page } from './page.ts';
import { lateStyles } from './rewrite-document.ts';
import type { Resources } from './resources.ts';

/** Properties that stand for attributes which load. */
const properties: readonly [constructor: { prototype: object }, names: readonly string[]][] = [
  [HTMLImageElement, ['src', 'srcset']], [HTMLScriptElement, ['src']], [HTMLLinkElement, ['href']], [HTMLMediaElement, ['src']], [HTMLVideoElement, ['poster']],
  [HTMLSourceElement, ['src', 'srcset']], [HTMLTrackElement, ['src']], [HTMLInputElement, ['src']], [HTMLEmbedElement, ['src']], [HTMLObjectElement, ['data']], [HTMLIFrameElement, ['src']],
];

export function installElements(page: Page, resources: Resources): void {
  const assign = (element: Element, name: string, value: string): boolean => {
    if (!isLoading(element, name) || isInBrowser(value)) {
      removeAttributeOf(element, `data-drydock-${name.replace(':', '-')}`);
      return false;
    }
    setAside(element, name, value);
    loadAside(element, page, resources);
    return true;
  };
  for (const [{ prototype }, names] of properties) {
    for (const name of names) {
      const native = Object.getOwnPropertyDescriptor(prototype, name);
      Object.defineProperty(prototype, name, {
        configurable: true,
        enumerable: true,
        get(this: Element): unknown {
          const aside = putAside(this, name);
          return aside === undefined ? native?.get?.call(this) : name === 'srcset' ? aside : (page.resolve(aside)?.href ?? aside);
        },
        set(this: Element, value: unknown) {
          if (!assign(this, name, String(value))) native?.set?.call(this, value);
        },
      });
    }
  }
  put(Element.prototype, 'setAttribute', function (this: Element, name: string, value: string) {
    const key = String(name).toLowerCase();
    if (isLoading(this, key) && assign(this, key, String(value))) return;
    setAttributeOf(this, name, key.startsWith('on') ? rewriteScript(String(value), { module: false, url: page.url.href }) : value);
  });
  put(Element.prototype, 'getAttribute', function (this: Element, name: string) {
    return putAside(this, String(name).toLowerCase()) ?? attributeOf(this, name);
  });
  put(globalThis, 'Audio', function (address?: string) {
    const audio = document.createElement('audio');
    audio.preload = 'auto';
    if (address !== undefined) audio.src = address;
    return audio;
  });
  installMarkup(page);
  watch(page, resources);
}

/** Markup that scripts write is put aside before the browser sees it. */
function installMarkup(page: Page): void {
  const deferred = (html: string): string => {
    if (!/[\s"'](src|srcset|href|poster|data|style|background|on\w+)\s*=/i.test(html)) return html;
    const template = natives.createElement.call(document, 'template') as HTMLTemplateElement;
    setHtml.call(template, html);
    deferAll(template.content, page);
    return getHtml.call(template);
  };
  const inner = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
  const outer = Object.getOwnPropertyDescriptor(Element.prototype, 'outerHTML');
  const setHtml = inner?.set ?? (() => {});
  const getHtml = inner?.get ?? (() => '');
  // Parts of a table or a list mean something else inside of a template, unless it is told in which element they stand.
  Object.defineProperty(Element.prototype, 'innerHTML', { ...inner, set(this: Element, html: string) {
    setHtml.call(this, deferred(String(html ?? '')));
  } });
  Object.defineProperty(Element.prototype, 'outerHTML', { ...outer, set(this: Element, html: string) {
    outer?.set?.call(this, deferred(String(html ?? '')));
  } });
  const { insertAdjacentHTML } = Element.prototype;
  put(Element.prototype, 'insertAdjacentHTML', function (this: Element, where: InsertPosition, html: string) {
    insertAdjacentHTML.call(this, where, deferred(String(html)));
  });
}

function watch(page: Page, resources: Resources): void {
  const see = (element: Element): void => {
    if (element instanceof HTMLStyleElement) mendStyle(element, resources);
    // What came past the doors above, such as `document.write`: the browser was kept from loading it, here it is loaded.
    for (const name of ['src', 'href', 'srcset', 'poster', 'data']) {
      const value = attributeOf(element, name);
      if (value === null || isInBrowser(value) || putAside(element, name) !== undefined || !isLoading(element, name)) continue;
      setAside(element, name, value);
      if (element instanceof HTMLScriptElement) {
        replaceScript(element, page, resources);
        return;
      }
    }
    const style = attributeOf(element, 'style');
    if (style !== null && style.includes('url(') && putAside(element, 'style') === undefined && cssReferences(style).length > 0) setAside(element, 'style', style);
    loadAside(element, page, resources);
  };
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'attributes') {
        if (target instanceof Element) seeStyle(target, see);
        continue;
      }
      if (target instanceof HTMLStyleElement) mendStyle(target, resources);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        see(node);
        for (const inside of node.querySelectorAll('*')) see(inside);
      }
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['style'] });
}

/** A style that a script set: what was put aside before is out of date. */
function seeStyle(element: Element, see: (element: Element) => void): void {
  const style = attributeOf(element, 'style');
  if (style === null || cssReferences(style).length === 0) return;
  removeAttributeOf(element, 'data-drydock-style');
  see(element);
}

const mended = new WeakMap<HTMLStyleElement, string>();

function mendStyle(style: HTMLStyleElement, resources: Resources): void {
  const late = lateStyles[Number(attributeOf(style, 'data-drydock-late') ?? -1)];
  const text = style.textContent;
  if (late !== undefined) {
    removeAttributeOf(style, 'data-drydock-late');
    mended.set(style, text);
    void late.then((whole) => {
      mended.set(style, whole);
      style.textContent = whole;
    });
    return;
  }
  if (mended.get(style) === text || cssReferences(text).length === 0) return;
  mended.set(style, text);
  void resources.style(text, document.baseURI).then(async ({ text: now, later }) => {
    for (const whole of [now, ...(later === undefined ? [] : [await later])]) {
      mended.set(style, whole);
      style.textContent = whole;
    }
  });
}

/** A script that was kept from loading is spent; a copy takes its place. */
function replaceScript(script: HTMLScriptElement, page: Page, resources: Resources): void {
  const copy = natives.createElement.call(document, 'script') as HTMLScriptElement;
  for (const { name, value } of Array.from(script.attributes)) if (name !== 'src') setAttributeOf(copy, name, value);
  script.replaceWith(copy);
  loadAside(copy, page, resources);
}
