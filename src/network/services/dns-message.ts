/** Messages of DNS as they travel (RFC 1035, 4): queries with one question, and answers to them. */

const headerBytes = 12;
const maximumNameBytes = 255;
const maximumLabelBytes = 63;
const flags = { response: 0x8000, opcode: 0x7800, authoritative: 0x0400, recursionDesired: 0x0100, recursionAvailable: 0x0080 } as const;
/** Points at the name of the question, which always stands behind the header. */
const questionPointer = 0xc000 | headerBytes;

export const code = { noError: 0, formatError: 1, noSuchName: 3, notImplemented: 4 } as const;

export interface Question {
  /** Without the dot at the end, as it was written. */
  name: string;
  type: number;
  class: number;
}

interface Query {
  id: number;
  flags: number;
  /** The question as it came. */
  raw: Uint8Array;
}

export type ParsedQuery = Query & ({ question: Question; fault?: undefined } | { fault: number });

export interface Answer {
  type: number;
  /** Seconds. */
  timeToLive: number;
  data: { address: number } | { name: string };
}

/** `undefined` for what is no query at all. */
export function parseQuery(message: Uint8Array): ParsedQuery | undefined {
  if (message.length < headerBytes) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const query = { id: view.getUint16(0), flags: view.getUint16(2) };
  if ((query.flags & flags.response) !== 0) return undefined;
  const found = view.getUint16(4) === 1 ? parseQuestion(message) : undefined;
  const raw = message.subarray(headerBytes, found?.end ?? headerBytes);
  if ((query.flags & flags.opcode) !== 0) return { ...query, raw, fault: code.notImplemented };
  if (found === undefined) return { ...query, raw, fault: code.formatError };
  return { ...query, raw, question: found.question };
}

function parseQuestion(message: Uint8Array): { question: Question; end: number } | undefined {
  const labels: string[] = [];
  let at = headerBytes;
  while (at < message.length && at - headerBytes < maximumNameBytes) {
    const length = message[at] ?? 0;
    if (length === 0) {
      if (at + 5 > message.length) return undefined;
      const view = new DataView(message.buffer, message.byteOffset + at + 1, 4);
      return { question: { name: labels.join('.'), type: view.getUint16(0), class: view.getUint16(2) }, end: at + 5 };
    }
    // The two highest bits mark a pointer, which has nothing to point at in the first name of a message.
    if (length > maximumLabelBytes || at + 1 + length > message.length) return undefined;
    labels.push(String.fromCharCode(...message.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return undefined;
}

export function buildMessage(query: ParsedQuery, result: number, answers: readonly Answer[]): Uint8Array<ArrayBuffer> {
  const records = answers.map(buildRecord);
  const message = new Uint8Array(headerBytes + query.raw.length + records.reduce((sum, record) => sum + record.length, 0));
  const view = new DataView(message.buffer);
  view.setUint16(0, query.id);
  view.setUint16(2, flags.response | flags.recursionAvailable | (query.flags & (flags.opcode | flags.recursionDesired)) | result);
  view.setUint16(4, query.raw.length > 0 ? 1 : 0);
  view.setUint16(6, records.length);
  message.set(query.raw, headerBytes);
  let at = headerBytes + query.raw.length;
  for (const record of records) {
    message.set(record, at);
    at += record.length;
  }
  return message;
}

function buildRecord({ type, timeToLive, data }: Answer): Uint8Array {
  const bytes = 'address' in data ? [data.address >>> 24, data.address >>> 16, data.address >>> 8, data.address] : nameBytes(data.name);
  const record = new Uint8Array(12 + bytes.length);
  const view = new DataView(record.buffer);
  view.setUint16(0, questionPointer);
  view.setUint16(2, type);
  view.setUint16(4, 1);
  view.setUint32(6, timeToLive);
  view.setUint16(10, bytes.length);
  record.set(bytes, 12);
  return record;
}

function nameBytes(name: string): number[] {
  return [...name.split('.').flatMap((label) => [label.length, ...Array.from(label, (character) => character.charCodeAt(0))]), 0];
}
