/** Header fields of a message: several of one name, in any case, in their order. */
import { HttpSyntaxError } from './syntax-error.ts';
import type { HttpInput } from './input.ts';

export type HeaderInit = Iterable<readonly [name: string, value: string]> | Readonly<Record<string, string>>;

const maximumFields = 200;
const maximumBytes = 65_536;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What would end the field or be cut by a peer. */
// oxlint-disable-next-line no-control-regex
const forbidden = /[\0\r\n]/;

export class HttpHeaders implements Iterable<readonly [name: string, value: string]> {
  readonly #fields: { readonly key: string; readonly name: string; readonly value: string }[] = [];

  constructor(init: HeaderInit = []) {
    for (const [name, value] of Symbol.iterator in init ? init : Object.entries(init)) this.append(name, value);
  }

  /** All values of the name, joined by commas; `undefined` if there are none. */
  get(name: string): string | undefined {
    const values = this.all(name);
    return values.length === 0 ? undefined : values.join(', ');
  }

  all(name: string): string[] {
    const key = name.toLowerCase();
    return this.#fields.filter((field) => field.key === key).map((field) => field.value);
  }

  has(name: string): boolean {
    return this.all(name).length > 0;
  }

  /** The elements of a list such as `Connection: keep-alive, Upgrade`, in lower case. */
  list(name: string): string[] {
    return this.all(name).flatMap((value) => value.split(',')).map((element) => element.trim().toLowerCase()).filter((element) => element !== '');
  }

  /** Raises a RangeError for what cannot stand in a message. */
  append(name: string, value: string): void {
    if (!token.test(name) || forbidden.test(value)) throw new RangeError(`${JSON.stringify(name)} cannot be a header with the value ${JSON.stringify(value)}`);
    this.#fields.push({ key: name.toLowerCase(), name, value });
  }

  /** Puts it in place of all of the name. */
  set(name: string, value: string): void {
    this.delete(name);
    this.append(name, value);
  }

  delete(name: string): void {
    const key = name.toLowerCase();
    for (let index = this.#fields.length - 1; index >= 0; index--) if (this.#fields[index]?.key === key) this.#fields.splice(index, 1);
  }

  /** Names as they were written. */
  *[Symbol.iterator](): Generator<readonly [name: string, value: string]> {
    for (const { name, value } of this.#fields) yield [name, value];
  }

  /** The lines as sent, each with its end. */
  toString(): string {
    return this.#fields.map(({ name, value }) => `${name}: ${value}\r\n`).join('');
  }
}

/** Reads fields up to the empty line. Raises HttpSyntaxError. */
export async function readHeaders(input: HttpInput): Promise<HttpHeaders> {
  const headers = new HttpHeaders();
  let bytes = 0;
  for (let count = 0; ; count++) {
    const line = await input.readLine(maximumBytes);
    if (line === '') return headers;
    if (line === null) throw new HttpSyntaxError('it ends within its headers');
    bytes += line.length;
    if (count >= maximumFields || bytes > maximumBytes) throw new HttpSyntaxError('there are too many headers', 431);
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
    // A folded line or a blank before the colon means one thing to one reader and another to the next.
    if (!token.test(name) || forbidden.test(value)) throw new HttpSyntaxError('a header is broken');
    headers.append(name, value);
  }
}
