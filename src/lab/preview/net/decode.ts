/** Undoes `Content-Encoding`, with what the browser brings. */
import { HttpSyntaxError } from '../../../shared/http/syntax-error.ts';

const formats: Readonly<Record<string, CompressionFormat>> = { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate' };

/** @param encodings as the header lists them: the last was applied last. Raises HttpSyntaxError for one that was not offered, or for damaged data. */
export function decodeBody(body: AsyncIterable<Uint8Array>, encodings: readonly string[]): AsyncIterable<Uint8Array> {
  let decoded = body;
  for (const encoding of encodings.toReversed()) {
    if (encoding === 'identity') continue;
    const format = formats[encoding];
    if (format === undefined) throw new HttpSyntaxError(`its compression “${encoding}” was not asked for`);
    decoded = decompress(decoded, format);
  }
  return decoded;
}

async function* decompress(body: AsyncIterable<Uint8Array>, format: CompressionFormat): AsyncGenerator<Uint8Array, void, void> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  let failure: { error: unknown } | undefined;
  let any = false;
  const feeding = (async () => {
    try {
      for await (const piece of body) {
        any = true;
        await writer.write(piece.slice());
      }
      await writer.close();
    } catch (error) {
      failure ??= { error };
      await writer.abort(error).catch(() => undefined);
    }
  })();
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
  } catch {
    await feeding;
    // An answer to HEAD, or one without a body, has nothing to decompress.
    if (!any) return;
    throw failure !== undefined && !(failure.error instanceof TypeError) ? failure.error : new HttpSyntaxError('its compressed body is damaged');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
