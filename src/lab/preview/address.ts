/**
 * Addresses of the preview: what a learner types, and which of them lead into the machine.
 *
 * The preview is a browser that sits on the machine, so `localhost` is the machine and never the learner's computer.
 */

/** Names under which the machine is reached; every other host is somewhere else. */
const machineNames = new Set(['localhost', '127.0.0.1', '0.0.0.0', '[::1]', 'drydock']);

/** The port that a URL means, also where it is the scheme's own and left out. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' || url.protocol === 'wss:' ? 443 : 80;
}

/** Whether a host name is the machine's: its names, names below localhost, and its address in the virtual network. */
export function isMachineHost(hostname: string): boolean {
  const name = hostname.toLowerCase();
  return machineNames.has(name) || name.endsWith('.localhost') || /^10\.0\.2\.\d{1,3}$/.test(name);
}

/**
 * What was typed into the address bar, as a URL: `8080`, `:8080/x`, `localhost:8080`, `/path` on the page that is
 * shown, or a whole address. `undefined` if it is none.
 */
export function parseAddress(typed: string, present?: URL): URL | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  if (/^https?:\/\//i.test(text)) return toUrl(text);
  if (text.startsWith('/') && !text.startsWith('//')) return present ? toUrl(text, present) : undefined;
  const port = /^:?(\d{1,5})(?=$|[/?#])/.exec(text);
  if (port !== null) return toUrl(`http://localhost:${text.replace(/^:/, '')}`);
  if (/^[a-z][a-z\d+.-]*:(?!\d)/i.test(text)) return undefined;
  return toUrl(`http://${text}`);
}

function toUrl(text: string, base?: URL): URL | undefined {
  const url = URL.parse(text, base);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
}

/** The address of a published port. */
export function addressOfPort(port: number): string {
  return port === 80 ? 'http://localhost/' : `http://localhost:${port}/`;
}

/** The address without its fragment: two addresses with the same one are the same document. */
export function withoutFragment(url: URL | string): string {
  const copy = new URL(url);
  copy.hash = '';
  return copy.href;
}
