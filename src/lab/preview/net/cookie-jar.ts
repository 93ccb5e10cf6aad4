/**
 * The preview's own cookies, by RFC 6265: kept in memory for as long as the page lives, never among the site's.
 *
 * As in every browser the port does not separate cookies: what localhost:8080 sets, localhost:9090 gets.
 */

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Only for exactly this host. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  /** Milliseconds since 1970; `undefined` lasts as long as the jar. */
  readonly expires: number | undefined;
  readonly created: number;
}

/** As much as browsers keep for a site; the rest is dropped, oldest first. */
const maximumCookies = 180;
const maximumBytes = 4096;

export class CookieJar {
  #cookies: Cookie[] = [];
  #created = 0;
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Takes a `Set-Cookie` of an answer, or what a script assigns to `document.cookie`, which neither sees nor makes HttpOnly ones. */
  set(url: URL, text: string, fromScript = false): void {
    const cookie = this.#parse(url, text);
    if (cookie === undefined || (fromScript && cookie.httpOnly)) return;
    const same = (other: Cookie): boolean => other.name === cookie.name && other.domain === cookie.domain && other.path === cookie.path;
    const old = this.#cookies.find(same);
    if (fromScript && old?.httpOnly === true) return;
    this.#cookies = this.#cookies.filter((other) => !same(other));
    if (cookie.expires !== undefined && cookie.expires <= this.#now()) return;
    this.#cookies.push(old === undefined ? cookie : { ...cookie, created: old.created });
    if (this.#cookies.length > maximumCookies) this.#cookies.shift();
  }

  /** The `Cookie` header of a request, or `undefined` if there is nothing to send. */
  header(url: URL): string | undefined {
    const text = this.#matching(url).map(pair).join('; ');
    return text === '' ? undefined : text;
  }

  /** What `document.cookie` shows to the scripts of a page. */
  visible(url: URL): string {
    return this.#matching(url).filter(({ httpOnly }) => !httpOnly).map(pair).join('; ');
  }

  clear(): void {
    this.#cookies = [];
  }

  /** Longer paths first, then the older ones (RFC 6265, 5.4). */
  #matching(url: URL): Cookie[] {
    const now = this.#now();
    this.#cookies = this.#cookies.filter(({ expires }) => expires === undefined || expires > now);
    const host = url.hostname.toLowerCase();
    return this.#cookies
      .filter((cookie) => (cookie.hostOnly ? host === cookie.domain : domainMatches(host, cookie.domain)) && pathMatches(url.pathname, cookie.path) && (!cookie.secure || isSecure(url)))
      .toSorted((a, b) => b.path.length - a.path.length || a.created - b.created);
  }

  #parse(url: URL, text: string): Cookie | undefined {
    if (text.length > maximumBytes) return undefined;
    const [first = '', ...attributes] = text.split(';');
    const equals = first.indexOf('=');
    const name = equals < 0 ? '' : first.slice(0, equals).trim();
    const value = first.slice(equals + 1).trim();
    if ((name === '' && value === '') || hasControl(first)) return undefined;
    const host = url.hostname.toLowerCase();
    let domain = host;
    let hostOnly = true;
    let path = defaultPath(url.pathname);
    let expires: number | undefined;
    let maxAge: number | undefined;
    let httpOnly = false;
    let secure = false;
    for (const attribute of attributes) {
      const [key = '', ...rest] = attribute.split('=');
      const given = rest.join('=').trim();
      switch (key.trim().toLowerCase()) {
        case 'domain': {
          const wanted = given.replace(/^\./, '').toLowerCase();
          if (wanted === '' || wanted === host) break;
          // A name without a dot, other than the host itself, would be as wide as a top-level domain.
          if (!wanted.includes('.') || !domainMatches(host, wanted)) return undefined;
          domain = wanted;
          hostOnly = false;
          break;
        }
        case 'path':
          if (given.startsWith('/')) path = given;
          break;
        case 'expires': {
          const time = Date.parse(given.replaceAll('-', ' '));
          if (!Number.isNaN(time)) expires = time;
          break;
        }
        case 'max-age':
          if (/^-?\d+$/.test(given)) maxAge = Number(given);
          break;
        case 'httponly':
          httpOnly = true;
          break;
        case 'secure':
          secure = true;
          break;
      }
    }
    if (secure && !isSecure(url)) return undefined;
    if (maxAge !== undefined) expires = maxAge <= 0 ? 0 : this.#now() + maxAge * 1000;
    return { name, value, domain, hostOnly, path, httpOnly, secure, expires, created: this.#created++ };
  }
}

function pair({ name, value }: Cookie): string {
  return name === '' ? value : `${name}=${value}`;
}

function hasControl(text: string): boolean {
  return Array.from(text).some((character) => (character < ' ' && character !== '\t') || character === '\u007f');
}

/** Browsers trust what comes from the machine itself. */
function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || url.hostname === 'localhost' || url.hostname.endsWith('.localhost') || url.hostname === '127.0.0.1';
}

/** RFC 6265, 5.1.3: an address matches only itself. */
function domainMatches(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$/.test(host));
}

/** RFC 6265, 5.1.4. */
function pathMatches(requested: string, path: string): boolean {
  if (requested === path) return true;
  return requested.startsWith(path) && (path.endsWith('/') || requested[path.length] === '/');
}

function defaultPath(requested: string): string {
  const end = requested.lastIndexOf('/');
  return end <= 0 ? '/' : requested.slice(0, end);
}
