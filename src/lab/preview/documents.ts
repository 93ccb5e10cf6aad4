/** What an answer is to a browser's eyes: a page, something that is shown as one, or a file to be saved. */
import type { FetchResponse, HeaderList } from './net/fetcher.ts';

export type Shown =
  | { kind: 'html'; html: string }
  | { kind: 'file'; name: string; type: string };

/** JSON up to this is shown indented. */
const maximumJson = 2_000_000;

/** @param strings for what the lab says in a page of its own */
export function showAnswer(response: Pick<FetchResponse, 'url' | 'status' | 'reason' | 'headers'>, body: Uint8Array, emptyText: string): Shown {
  const disposition = headerOf(response.headers, 'content-disposition') ?? '';
  const contentType = headerOf(response.headers, 'content-type') ?? '';
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase() || sniff(body);
  if (/^attachment/i.test(disposition)) return { kind: 'file', name: fileName(disposition, response.url), type };
  if (body.length === 0 && response.status >= 400) return { kind: 'html', html: plainPage(`${response.status} ${response.reason}`.trim(), `<h1>${escape(`${response.status} ${response.reason}`.trim())}</h1><p>${escape(emptyText)}</p>`) };
  const text = (): string => decodeText(body, contentType);
  if (type === 'text/html' || type === 'application/xhtml+xml') return { kind: 'html', html: text() };
  if (type === 'application/json' || type.endsWith('+json')) return { kind: 'html', html: plainPage(response.url, `<pre>${escape(indented(text()))}</pre>`) };
  if (type.startsWith('text/') || /^application\/(.+\+xml|xml|(x-)?javascript|x-yaml|yaml|toml|x-sh)$/.test(type)) return { kind: 'html', html: plainPage(response.url, `<pre>${escape(text())}</pre>`) };
  const media = /^(image|audio|video)\//.exec(type)?.[1];
  if (media === undefined) return { kind: 'file', name: fileName(disposition, response.url), type };
  const source = `data:${escape(type)};base64,${base64(body)}`;
  const element = media === 'image' ? `<img alt="" src="${source}">` : `<${media} controls src="${source}"></${media}>`;
  return { kind: 'html', html: plainPage(response.url, element) };
}

/** Text in the encoding of a byte order mark, of the header, of the page's own `<meta>`, or in UTF-8. */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
  const head = (): string | undefined => /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 1024)))?.[1];
  const label = mark ?? /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1] ?? head() ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** The name that the server gives a file, or the end of its address. */
export function fileName(disposition: string, address: string): string {
  const encoded = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))/i.exec(disposition);
  const path = new URL(address).pathname.split('/').findLast((part) => part !== '');
  const name = (encoded === undefined ? undefined : decoded(encoded)) ?? plain?.[1] ?? plain?.[2]?.trim() ?? (path === undefined ? undefined : decoded(path)) ?? 'file';
  // Only a name: no folder, no control character.
  return Array.from(name.split(/[/\\]/).at(-1) ?? '').filter((character) => character >= ' ').join('').slice(0, 200) || 'file';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function headerOf(headers: HeaderList, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** For a server that does not say what it sends. */
function sniff(bytes: Uint8Array): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 512));
  if (/^\s*<(!doctype html|html|head|body|script|h1|p|div|title|!--)/i.test(start)) return 'text/html';
  return Array.from(bytes.subarray(0, 512)).some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) ? 'application/octet-stream' : 'text/plain';
}

function indented(json: string): string {
  if (json.length > maximumJson) return json;
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

function plainPage(title: string, content: string): string {
  return `<!doctype html><meta charset="utf-8"><title>${escape(title)}</title><style>body{margin:1rem;font:14px/1.5 system-ui,sans-serif;color:#16242b;background:#fff}pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 ui-monospace,monospace}img,video{max-width:100%}</style>${content}`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let offset = 0; offset < bytes.length; offset += 32_768) binary += String.fromCharCode(...bytes.subarray(offset, offset + 32_768));
  return btoa(binary);
}
