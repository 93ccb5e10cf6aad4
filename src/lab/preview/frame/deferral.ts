/**
 * Attributes that would make the browser load something: they are put aside, what they name is fetched from the machine,
 * and then the attribute gets an address that the frame can load. Scripts go on reading what the page wrote.
 */
import { cssReferences, replaceReferences } from '../rewrite/css.ts';
import { parseSrcset } from '../rewrite/srcset.ts';
import { rewriteScript } from '../rewrite/script.ts';
import { attributeOf, removeAttributeOf, setAttributeOf } from './natives.ts';
import type { Page } from './page.ts';
import type { Resources } from './resources.ts';

const prefix = 'data-drydock-';

/** What loads by itself, by element. */
const loading: Readonly<Record<string, readonly string[]>> = {
  img: ['src', 'srcset'], source: ['src', 'srcset'], video: ['src', 'poster'], audio: ['src'], track: ['src'], input: ['src'],
  embed: ['src'], object: ['data'], iframe: ['src'], frame: ['src'], script: ['src'], link: ['href'], image: ['href', 'xlink:href'], use: ['href', 'xlink:href'],
  body: ['background'], table: ['background'], td: ['background'], th: ['background'],
};

/** Link relations that load nothing for the page, and would reach out of the machine. */
const idleRelations = /(^|\s)(preload|prefetch|preconnect|dns-prefetch|prerender|modulepreload|manifest|icon|apple-touch-icon\S*|mask-icon|search)(\s|$)/i;

/** Whether an attribute of an element makes the browser load. */
export function isLoading(element: Element, name: string): boolean {
  const names = loading[element.localName];
  if (names === undefined || !names.includes(name)) return false;
  return element.localName !== 'link' || /(^|\s)stylesheet(\s|$)/i.test(attributeOf(element, 'rel') ?? '') || idleRelations.test(attributeOf(element, 'rel') ?? '');
}

/** The attribute as the page wrote it, if it was put aside. */
export function putAside(element: Element, name: string): string | undefined {
  return attributeOf(element, prefix + name.replace(':', '-')) ?? undefined;
}

export function isInBrowser(address: string): boolean {
  return address.trim() === '' || /^\s*(data:|blob:|about:|#)/i.test(address);
}

/** Notes what the page wrote. */
export function setAside(element: Element, name: string, value: string): void {
  setAttributeOf(element, prefix + name.replace(':', '-'), value);
}

/** Puts aside everything that would load below a root that is not in the document yet, and mends what scripts say in attributes. */
export function deferAll(root: ParentNode, page: Page): void {
  for (const element of root.querySelectorAll('*')) {
    for (const name of loading[element.localName] ?? []) {
      const value = attributeOf(element, name);
      if (value === null || isInBrowser(value) || !isLoading(element, name)) continue;
      setAside(element, name, value);
      removeAttributeOf(element, name);
    }
    for (const { name, value } of Array.from(element.attributes)) {
      if (name.startsWith('on')) setAttributeOf(element, name, rewriteScript(value, { module: false, url: page.url.href }));
      else if (name === 'style' && cssReferences(value).length > 0) {
        setAside(element, 'style', value);
        setAttributeOf(element, 'style', replaceReferences(value, cssReferences(value), () => undefined));
      } else if (name === 'href' && /^\s*javascript:/i.test(value)) setAttributeOf(element, name, rewriteScript(value, { module: false, url: page.url.href }));
      else if (name === 'integrity' || (name === 'crossorigin' && element.localName !== 'video')) removeAttributeOf(element, name);
    }
    if (element instanceof HTMLTemplateElement) deferAll(element.content, page);
  }
}

/** Loads what was put aside, for an element in the document or on its way to it. */
export function loadAside(element: Element, page: Page, resources: Resources): void {
  for (const name of [...(loading[element.localName] ?? []), 'style']) {
    const value = putAside(element, name);
    if (value === undefined || loadedFor.get(element)?.get(name) === value) continue;
    const loaded = loadedFor.get(element) ?? new Map<string, string>();
    loaded.set(name, value);
    loadedFor.set(element, loaded);
    void load(element, name, value, page, resources);
  }
}

/** What was last asked for, by element and attribute. */
const loadedFor = new WeakMap<Element, Map<string, string>>();

async function load(element: Element, name: string, value: string, page: Page, resources: Resources): Promise<void> {
  const isCurrent = (): boolean => putAside(element, name) === value;
  const apply = (address: string): void => {
    if (isCurrent()) setAttributeOf(element, name, address);
  };
  try {
    if (name === 'style') {
      const { text, later } = await resources.style(value, document.baseURI);
      apply(text);
      if (later !== undefined) apply(await later);
      return;
    }
    if (element.localName === 'iframe' || element.localName === 'frame') {
      setAttributeOf(element, 'srcdoc', nestedNote(value));
      return;
    }
    const address = name === 'srcset' ? bestCandidate(value) : value;
    const url = address === undefined ? undefined : page.resolve(address);
    if (url === undefined) throw new TypeError('no address');
    if (element instanceof HTMLScriptElement) apply(await (element.type === 'module' ? resources.module(url) : resources.script(url)));
    else if (element instanceof HTMLLinkElement) {
      if (idleRelations.test(element.rel) && !/stylesheet/i.test(element.rel)) return;
      await loadSheet(url, apply, resources);
    } else if (element.localName === 'body' || name === 'background') apply(await resources.file(url));
    else apply((await resources.file(url)) + (element.localName === 'use' ? url.hash : ''));
  } catch {
    if (isCurrent()) element.dispatchEvent(new Event('error'));
  }
}

async function loadSheet(url: URL, apply: (address: string) => void, resources: Resources): Promise<void> {
  const { text, later } = await resources.styleAt(url);
  const address = (css: string): string => URL.createObjectURL(new Blob([css], { type: 'text/css;charset=utf-8' }));
  apply(address(text));
  if (later !== undefined) apply(address(await later));
}

/** The smallest picture that is sharp enough, or the largest there is. */
function bestCandidate(srcset: string): string | undefined {
  const wanted = { x: devicePixelRatio, w: innerWidth * devicePixelRatio };
  const rated = parseSrcset(srcset).map(({ url, descriptor }) => {
    const wide = /(\d+)w/.exec(descriptor)?.[1];
    const dense = /([\d.]+)x/.exec(descriptor)?.[1];
    return { url, enough: wide === undefined ? Number(dense ?? 1) / wanted.x : Number(wide) / wanted.w };
  }).toSorted((a, b) => a.enough - b.enough);
  return (rated.find(({ enough }) => enough >= 1) ?? rated.at(-1))?.url;
}

function nestedNote(address: string): string {
  const text = document.createElement('p');
  text.textContent = address;
  return `<body style="font:13px/1.5 system-ui;color:#667;margin:1em">${text.outerHTML}`;
}
