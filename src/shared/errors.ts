/**
 * Every error a learner or an author can meet: one catalogue, one class.
 *
 * An error is raised by its readable kind and carries a permanent code; its texts live in the catalogue in every
 * language, so that it can be shown in the reader's language wherever it was raised. It crosses postMessage as plain
 * data (`serializeError`, `deserializeError`).
 */
import { z } from 'zod';
import { engineErrors } from './errors/engine.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { guestErrors } from './errors/guest.ts';
import { machineErrors } from './errors/machine.ts';
import { exerciseErrors, pageErrors } from './errors/page.ts';
import { previewErrors } from './errors/preview.ts';
import { fillTemplate, type Locale, type TemplateValues } from './locale.ts';

/** All kinds, by section: DD1 machine, DD2 guest link, DD3 engine, DD4 exercises, DD5 page, DD9 unexpected. */
export const errorCatalogue = {
  ...machineErrors,
  ...guestErrors,
  ...engineErrors,
  ...exerciseErrors,
  ...pageErrors,
  ...previewErrors,
} as const;

type Catalogue = typeof errorCatalogue;

export type ErrorKind = keyof Catalogue;

/** The parameters that an error of the kind must be given. */
export type ErrorParams<K extends ErrorKind> = Readonly<Record<Catalogue[K]['params'][number], string | number>>;

/** A failure with a permanent code, texts in every language and the cause. */
export class DrydockError<K extends ErrorKind = ErrorKind> extends Error {
  /** Readable key of the catalogue, to switch on. */
  readonly kind: K;
  /** Permanent code such as DD1001, to show and to search for. */
  readonly code: string;
  /** What the texts of the catalogue are filled with. */
  readonly params: TemplateValues;

  constructor(kind: K, params: ErrorParams<K>, options?: { cause?: unknown }) {
    const entry: ErrorEntry = errorCatalogue[kind];
    const why = fillTemplate(entry.why.en, params);
    super(`${entry.code} ${entry.title.en}: ${why}`, options);
    this.name = 'DrydockError';
    this.kind = kind;
    this.code = entry.code;
    this.params = { ...params };
  }
}

/** Whether it is an error of the catalogue, and of the given kind if one is given. */
export function isDrydockError<K extends ErrorKind = ErrorKind>(value: unknown, kind?: K): value is DrydockError<K> {
  return value instanceof DrydockError && (kind === undefined || value.kind === kind);
}

/** A short English text for anything that was thrown, without a full stop: it is put into other sentences. */
export function reasonOf(value: unknown): string {
  let text = String(value);
  if (isDrydockError(value)) text = fillTemplate(errorCatalogue[value.kind].why.en, value.params);
  else if (value instanceof Error) text = value.message || value.name;
  return text.replace(/\.$/, '');
}

/** The error itself if it is of the catalogue; anything else wrapped as `unexpected` (DD9001). */
export function toDrydockError(value: unknown): DrydockError {
  return isDrydockError(value) ? value : new DrydockError('unexpected', { reason: reasonOf(value) }, { cause: value });
}

/** What to show for an error. */
export interface ErrorDescription {
  code: string;
  /** What happened. */
  title: string;
  why: string;
  /** What the reader can do. */
  action: string;
}

/** The texts for anything that was thrown, in the reader's language. */
export function describeError(value: unknown, locale: Locale): ErrorDescription {
  const error = toDrydockError(value);
  const entry: ErrorEntry = errorCatalogue[error.kind];
  return {
    code: entry.code,
    title: fillTemplate(entry.title[locale], error.params),
    why: fillTemplate(entry.why[locale], error.params),
    action: fillTemplate(entry.action[locale], error.params),
  };
}

/** All of it in one line. Chinese sets no space between sentences. */
export function errorInOneLine(value: unknown, locale: Locale): string {
  const { title, why, action, code } = describeError(value, locale);
  return [`${title}${locale === 'zh-cn' ? '：' : ': '}${why}`, action, `(${code})`].join(locale === 'zh-cn' ? '' : ' ');
}

const paramsSchema = z.record(z.string(), z.union([z.string(), z.number()]));

const foreignCauseSchema = z.strictObject({
  name: z.string().describe('Class of an error that is not of the catalogue'),
  message: z.string(),
});

/** A DrydockError as plain data: survives postMessage, JSON and storage. */
export const serializedErrorSchema = z.strictObject({
  drydockError: z.literal(1).describe('Version of this shape'),
  kind: z.string().describe('Key of the catalogue'),
  params: paramsSchema.describe('Values for the texts of the catalogue'),
  stack: z.string().optional().describe('Where it was raised, for the console'),
  get cause(): z.ZodOptional<z.ZodUnion<[typeof serializedErrorSchema, typeof foreignCauseSchema]>> {
    return z.optional(z.union([serializedErrorSchema, foreignCauseSchema]));
  },
});

export interface SerializedError {
  drydockError: 1;
  kind: string;
  params: Record<string, string | number>;
  stack?: string | undefined;
  cause?: SerializedError | { name: string; message: string } | undefined;
}

/** Causes nested deeper than this are left out: a cyclic chain must not hang the sender. */
const maximumCauseDepth = 4;

/** Turns anything thrown into plain data. */
export function serializeError(value: unknown, depth = 0): SerializedError {
  const error = toDrydockError(value);
  const data: SerializedError = { drydockError: 1, kind: error.kind, params: { ...error.params } };
  if (error.stack !== undefined) data.stack = error.stack;
  const cause = error.cause;
  if (isDrydockError(cause)) {
    if (depth < maximumCauseDepth) data.cause = serializeError(cause, depth + 1);
  } else if (cause instanceof Error) {
    data.cause = { name: cause.name, message: cause.message };
  } else if (cause !== undefined) {
    data.cause = { name: typeof cause, message: String(cause) };
  }
  return data;
}

/** Brings back what `serializeError` made. Data of an unknown shape or kind becomes `unexpected`, never an exception. */
export function deserializeError(data: unknown): DrydockError {
  const parsed = serializedErrorSchema.safeParse(data);
  if (!parsed.success) return new DrydockError('unexpected', { reason: 'an error arrived in an unknown form' }, { cause: data });
  return revive(parsed.data);
}

function revive(data: SerializedError): DrydockError {
  const cause = data.cause === undefined ? undefined : 'drydockError' in data.cause ? revive(data.cause) : reviveForeign(data.cause);
  const options = cause === undefined ? undefined : { cause };
  if (!isErrorKind(data.kind)) return new DrydockError('unexpected', { reason: `an error of unknown kind ${data.kind}` }, options);
  // The parameters of an unknown kind cannot be checked by type; a missing one shows as its `{name}`.
  const error = new DrydockError<ErrorKind>(data.kind, data.params as ErrorParams<ErrorKind>, options);
  if (data.stack !== undefined) error.stack = data.stack;
  return error;
}

function reviveForeign(data: { name: string; message: string }): Error {
  const error = new Error(data.message);
  error.name = data.name;
  return error;
}

function isErrorKind(kind: string): kind is ErrorKind {
  return Object.hasOwn(errorCatalogue, kind);
}
