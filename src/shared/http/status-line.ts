/** The first line of an answer. */
import { HttpSyntaxError } from './syntax-error.ts';

export interface StatusLine {
  /** 0 or 1: HTTP/1.0 or HTTP/1.1. */
  readonly minorVersion: number;
  readonly status: number;
  readonly reason: string;
}

export function parseStatusLine(line: string): StatusLine {
  const match = /^HTTP\/1\.([01]) ([1-5][0-9]{2})(?: (.*))?$/.exec(line);
  if (match === null) throw new HttpSyntaxError(`the answer starts with “${line.slice(0, 40)}”`);
  return { minorVersion: Number(match[1]), status: Number(match[2]), reason: match[3] ?? '' };
}
