/** Connections spoken to in text, as a person at a terminal would. */
import { decodeUtf8, encodeUtf8 } from '../../shared/bytes.ts';
import type { Connection } from '../connection.ts';

export function send(connection: Connection, text: string): Promise<void> {
  return connection.write(encodeUtf8(text));
}

/** All that comes until the other end is done. */
export async function receiveAll(connection: Connection): Promise<string> {
  let text = '';
  for (let piece = await connection.read(); piece !== undefined; piece = await connection.read()) text += decodeUtf8(piece);
  return text;
}

/** What comes until the text is there. */
export async function receiveUntil(connection: Connection, wanted: string): Promise<string> {
  let text = '';
  while (!text.includes(wanted)) {
    const piece = await connection.read();
    if (piece === undefined) throw new Error(`the connection ended behind ${JSON.stringify(text)}`);
    text += decodeUtf8(piece);
  }
  return text;
}
