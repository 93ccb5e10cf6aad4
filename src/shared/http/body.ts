/** Where the body of a message ends (RFC 9112, 6.3), and how it is read to there. */
import type { HttpHeaders } from './headers.ts';
import { readHeaders } from './headers.ts';
import type { HttpInput } from './input.ts';
import { HttpSyntaxError } from './syntax-error.ts';

export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** Of an answer only: it ends with the connection. */
  | { readonly kind: 'until-close' };

/** The next piece of a body, or `null` at its end. Rejects with HttpSyntaxError or as the source does. */
export type BodyRead = () => Promise<Uint8Array | null>;

const maximumPiece = 65_536;
const maximumChunkLine = 1024;

export function requestFraming(headers: HttpHeaders): Framing {
  return declaredFraming(headers) ?? { kind: 'none' };
}

export function responseFraming(method: string, status: number, headers: HttpHeaders): Framing {
  if (method === 'HEAD' || status === 204 || status === 304 || status < 200) return { kind: 'none' };
  return declaredFraming(headers) ?? { kind: 'until-close' };
}

function declaredFraming(headers: HttpHeaders): Framing | undefined {
  const codings = headers.list('transfer-encoding');
  const lengths = new Set(headers.all('content-length'));
  if (codings.length > 0) {
    // Two lengths for one body: the way to smuggle a request past somebody who believes the other one.
    if (lengths.size > 0) throw new HttpSyntaxError('it has a length and comes in chunks');
    if (codings.length > 1 || codings[0] !== 'chunked') throw new HttpSyntaxError(`its transfer coding “${codings.join(', ')}” is not known`, 501);
    return { kind: 'chunked' };
  }
  const [length] = lengths;
  if (length === undefined) return undefined;
  if (lengths.size > 1 || !/^[0-9]{1,15}$/.test(length)) throw new HttpSyntaxError('its length is not a number');
  return length === '0' ? { kind: 'none' } : { kind: 'length', bytes: Number(length) };
}

export function bodyReader(input: HttpInput, framing: Framing): BodyRead {
  switch (framing.kind) {
    case 'none':
      return async () => null;
    case 'length':
      return lengthReader(input, framing.bytes);
    case 'chunked':
      return chunkReader(input);
    case 'until-close':
      return () => input.readSome(maximumPiece);
  }
}

function lengthReader(input: HttpInput, bytes: number): BodyRead {
  let rest = bytes;
  return async () => {
    if (rest === 0) return null;
    const piece = await input.readSome(Math.min(rest, maximumPiece));
    if (piece === null) throw new HttpSyntaxError(`it ends ${rest} bytes early`);
    rest -= piece.length;
    return piece;
  };
}

function chunkReader(input: HttpInput): BodyRead {
  let rest = 0;
  let state: 'first' | 'within' | 'ended' = 'first';
  const line = async () => {
    const text = await input.readLine(maximumChunkLine, 400);
    if (text === null) throw new HttpSyntaxError('it ends within its chunks');
    return text;
  };
  return async () => {
    if (state === 'ended') return null;
    if (rest === 0) {
      if (state === 'within' && (await line()) !== '') throw new HttpSyntaxError('a chunk is longer than announced');
      state = 'within';
      const size = (await line()).split(';')[0]?.trim() ?? '';
      if (!/^[0-9a-fA-F]{1,8}$/.test(size)) throw new HttpSyntaxError('the size of a chunk is not a number');
      rest = Number.parseInt(size, 16);
      if (rest === 0) {
        await readHeaders(input);
        state = 'ended';
        return null;
      }
    }
    const piece = await input.readSome(Math.min(rest, maximumPiece));
    if (piece === null) throw new HttpSyntaxError('it ends within a chunk');
    rest -= piece.length;
    return piece;
  };
}
