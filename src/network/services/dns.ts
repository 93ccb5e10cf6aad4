/**
 * The name server of a network without Internet (RFC 1035). It knows the declared names and their addresses, and says of
 * everything else at once that it does not exist, so that a look-up fails as "no such host" instead of waiting out its
 * time-outs.
 */
import { buildMessage, code, parseQuery, type Answer, type Question } from './dns-message.ts';

const type = { address: 1, pointer: 12, any: 255 } as const;
const internetClass = 1;
const anyClass = 255;
/** Seconds that an answer may be kept: hosts come and go. */
const timeToLive = 30;
const reverseSuffix = '.in-addr.arpa';

/** What the name server knows. Names are in lower case, without the dot at the end. */
export interface NameTable {
  addressesOf(name: string): readonly number[];
  /** The host's own name. */
  nameOf(address: number): string | undefined;
}

/** The answer to a query; `undefined` for what is not one. */
export function answerDns(message: Uint8Array, names: NameTable): Uint8Array<ArrayBuffer> | undefined {
  const query = parseQuery(message);
  if (query === undefined) return undefined;
  if (query.fault !== undefined) return buildMessage(query, query.fault, []);
  const answers = answersTo(query.question, names);
  return buildMessage(query, answers === undefined ? code.noSuchName : code.noError, answers ?? []);
}

/** `undefined` if there is no such name; none if the name has no such record. */
function answersTo(question: Question, names: NameTable): Answer[] | undefined {
  const name = question.name.toLowerCase();
  const asked = (wanted: number): boolean =>
    (question.type === wanted || question.type === type.any) && (question.class === internetClass || question.class === anyClass);
  const reversed = reversedAddress(name);
  if (reversed !== undefined) {
    const owner = names.nameOf(reversed);
    if (owner === undefined) return undefined;
    return asked(type.pointer) ? [{ type: type.pointer, timeToLive, data: { name: owner } }] : [];
  }
  const addresses = names.addressesOf(name);
  if (addresses.length === 0) return undefined;
  return asked(type.address) ? addresses.map((address) => ({ type: type.address, timeToLive, data: { address } })) : [];
}

/** The address of a name such as `2.2.0.10.in-addr.arpa`. */
function reversedAddress(name: string): number | undefined {
  if (!name.endsWith(reverseSuffix)) return undefined;
  const parts = name.slice(0, -reverseSuffix.length).split('.').toReversed();
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Names and addresses of hosts that come and go. */
export class HostNames implements NameTable {
  readonly #hosts = new Map<number, readonly string[]>();

  set(address: number, names: readonly string[]): void {
    this.#hosts.set(address, names.map((name) => name.toLowerCase().replace(/\.$/, '')));
  }

  delete(address: number): void {
    this.#hosts.delete(address);
  }

  addressesOf(name: string): readonly number[] {
    const found: number[] = [];
    for (const [address, names] of this.#hosts) if (names.includes(name)) found.push(address);
    return found;
  }

  nameOf(address: number): string | undefined {
    return this.#hosts.get(address)?.[0];
  }

}
