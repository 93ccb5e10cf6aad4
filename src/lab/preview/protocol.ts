/**
 * What the frame of a previewed page and the lab say to each other.
 *
 * The frame opens both channels itself and posts one end of each to the page around it, whose origin it is told; that
 * page knows the frame by its window. Whatever comes out of the frame may be forged by the page shown in it: it is
 * parsed here, and gives no more power than to reach ports of the machine.
 */
import { z } from 'zod';

const id = z.int().nonnegative();
const bytes = z.instanceof(ArrayBuffer);
const headers = z.array(z.tuple([z.string(), z.string()]));
const address = z.string().max(2_000_000).describe('Absolute; data: and blob: never come here');

/** The first message of a frame, with two ports: network and view, in this order. */
export const helloSchema = z.strictObject({ type: z.literal('drydock-preview-hello') });

/** What the page wants of the machine. */
export const toNetworkSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('request'),
    id,
    url: address,
    method: z.string().regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/),
    headers,
    body: bytes.nullable(),
    mode: z.enum(['cors', 'no-cors', 'same-origin']).describe('no-cors: images, styles and classic scripts'),
    redirect: z.enum(['follow', 'manual', 'error']),
    credentials: z.enum(['omit', 'same-origin', 'include']),
    mayBeSilent: z.boolean().describe('An event stream'),
  }),
  z.strictObject({ type: z.literal('pull').describe('The next piece of a body'), id }),
  z.strictObject({ type: z.literal('cancel'), id }),
  z.strictObject({ type: z.literal('socket'), id, url: address, protocols: z.array(z.string()) }),
  z.strictObject({ type: z.literal('socketSend'), id, data: z.union([z.string(), bytes]) }),
  z.strictObject({ type: z.literal('socketClose'), id, code: z.int().optional(), reason: z.string().optional() }),
  z.strictObject({ type: z.literal('cookie').describe('document.cookie was assigned'), text: z.string() }),
  z.strictObject({ type: z.literal('store').describe('localStorage was changed; null removes'), key: z.string(), value: z.string().nullable() }),
]);

/** What the page tells and asks of the view around it. */
export const toViewSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('written').describe('The document stands') }),
  z.strictObject({ type: z.literal('title'), title: z.string() }),
  z.strictObject({
    type: z.literal('navigate'),
    url: address,
    method: z.enum(['GET', 'POST']),
    contentType: z.string(),
    body: bytes.nullable(),
    replace: z.boolean(),
    newWindow: z.boolean(),
  }),
  z.strictObject({ type: z.literal('state').describe('pushState, replaceState, or a fragment'), url: address, replace: z.boolean(), state: z.unknown() }),
  z.strictObject({ type: z.literal('traverse'), delta: z.int() }),
  z.strictObject({ type: z.literal('leave').describe('F6: the focus goes to another region'), back: z.boolean() }),
]);

export type ToNetwork = z.infer<typeof toNetworkSchema>;
export type ToView = z.infer<typeof toViewSchema>;

/** From the lab to the frame; the frame has no reason to doubt it. */
export type FromNetwork =
  | { type: 'head'; id: number; url: string; redirected: boolean; status: number; reason: string; headers: [string, string][]; opaque: boolean }
  | { type: 'chunk'; id: number; bytes: ArrayBuffer }
  | { type: 'end'; id: number }
  | { type: 'failed'; id: number; message: string }
  | { type: 'socketOpen'; id: number; protocol: string }
  | { type: 'socketSent'; id: number; bytes: number }
  | { type: 'socketMessage'; id: number; data: string | ArrayBuffer }
  | { type: 'socketClosed'; id: number; code: number; reason: string; clean: boolean }
  | { type: 'cookies'; text: string };

/** A page to be shown. */
export interface PageDocument {
  url: string;
  /** As sent by the server, or made by the lab for what is not HTML. */
  html: string;
  referrer: string;
  /** What `document.cookie` shows. */
  cookies: string;
  /** What localStorage holds. */
  stored: [string, string][];
  /** Of the entry of the history. */
  state: unknown;
  /** BCP 47, for what the lab adds itself. */
  language: string;
}

export type FromView =
  | { type: 'document'; page: PageDocument }
  /** Back or forward within the document. */
  | { type: 'popstate'; url: string; state: unknown };
