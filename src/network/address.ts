/** Addresses as they are written and as they travel. */

/** Six bytes of a MAC such as `02:00:00:00:00:01`. Throws a `RangeError` if it is none. */
export function parseMac(text: string): Uint8Array<ArrayBuffer> {
  const parts = text.split(':');
  if (parts.length !== 6 || !parts.every((part) => /^[0-9a-f]{2}$/i.test(part))) throw new RangeError(`${text} is not a MAC address`);
  return Uint8Array.from(parts, (part) => Number.parseInt(part, 16));
}

/** Number of an IPv4 address such as `10.0.2.2`, first part highest. Throws a `RangeError` if it is none. */
export function parseIpv4(text: string): number {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) throw new RangeError(`${text} is not an IPv4 address`);
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function formatIpv4(address: number): string {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.');
}

/** Key of a MAC for maps: its bytes as one number. */
export function macKey(mac: Uint8Array): number {
  return mac.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The subnet of an address: which others are reached without a gateway. */
export class Subnet {
  readonly #network: number;
  readonly #mask: number;

  constructor(address: string, prefixLength: number) {
    this.#mask = prefixLength === 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0;
    this.#network = (parseIpv4(address) & this.#mask) >>> 0;
  }

  get mask(): number {
    return this.#mask;
  }

  get network(): number {
    return this.#network;
  }

  /** The address of all. */
  get broadcast(): number {
    return (this.#network | ~this.#mask) >>> 0;
  }

  has(address: number): boolean {
    return ((address & this.#mask) >>> 0) === this.#network;
  }
}
