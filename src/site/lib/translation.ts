/**
 * Whether a translation is one of the English text as it is now. Its frontmatter has a mark of the text that its translator had
 * before him; when the English text changes, the mark fits no more, until somebody has looked and says so.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Locale, locales } from '../../shared/locale.ts';
import type { LessonText } from './lesson-text.ts';

/** The field of the frontmatter. */
export const markField = 'translationOf';

/** The command that writes the mark. */
export const markCommand = (slug: string): string => `npm run lesson:translated -- ${slug}`;

/** A page's text in a language: what of it a reader sees. */
export interface PageText {
  title: unknown;
  description: unknown;
  /** What the front page has in place of a title. */
  hero?: { title?: unknown; tagline?: unknown } | undefined;
  body: string;
}

/** The text of a page as it lies in the checkout. */
export function pageText({ frontmatter, body }: Pick<LessonText, 'frontmatter' | 'body'>): PageText {
  const { title, description, hero } = frontmatter;
  return { title, description, ...(typeof hero === 'object' && hero !== null && { hero }), body };
}

/** current; stale: of another English text; unmarked: nobody knows of which. */
export type TranslationState = 'current' | 'stale' | 'unmarked';

/** Pages of a language that are not there, or not as the English one is now. */
export interface TranslationReport {
  missing: { locale: Locale; slug: string }[];
  stale: { locale: Locale; slug: string }[];
  unmarked: { locale: Locale; slug: string }[];
}

/** The same for texts that differ in nothing but white space, so that a paragraph can be broken anew. */
export function translationMark({ title, description, hero, body }: PageText): string {
  const words = [title, description, body, ...(hero === undefined ? [] : [hero.title, hero.tagline])].map((text) => String(text ?? '').replace(/\s+/g, ' ').trim());
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(words)))).slice(0, 12);
}

/** @param mark what stands in the frontmatter of the translation */
export function translationState(mark: unknown, english: PageText): TranslationState {
  if (mark === undefined) return 'unmarked';
  return mark === translationMark(english) ? 'current' : 'stale';
}

/** What an author is to do about it; undefined if there is nothing to do. */
export function translationAdvice(state: TranslationState, slug: string): string | undefined {
  switch (state) {
    case 'current':
      return undefined;
    case 'stale':
      return `content/${locales[0]}/${slug}.mdx has changed since this was translated, and the page says so; translate what changed, then run: ${markCommand(slug)}`;
    case 'unmarked':
      return `the frontmatter has no “${markField}”, so nobody is told when the English text changes; compare this with content/${locales[0]}/${slug}.mdx, then run: ${markCommand(slug)}`;
  }
}

/** Whether the page tells its reader. Of one without a mark nothing is known that could be told. */
export function isToldStale(locale: Locale, mark: unknown, english: PageText | undefined): boolean {
  return locale !== locales[0] && english !== undefined && translationState(mark, english) === 'stale';
}

/**
 * A page's file with the mark in its frontmatter; everything else stays as it is.
 * @returns undefined if it has no frontmatter
 */
export function withMark(text: string, mark: string): string | undefined {
  const head = /^---(\r?\n)([^]*?)^---\r?$/m.exec(text);
  if (head?.index !== 0) return undefined;
  const [whole, end = '\n', fields = ''] = head;
  // In quotes: twelve digits, or digits around an e, would be a number.
  const line = `${markField}: '${mark}'`;
  const known = new RegExp(`^${markField}:.*?(?=\\r?$)`, 'm');
  const marked = known.test(fields) ? fields.replace(known, line) : `${fields}${line}${end}`;
  return `---${end}${marked}${whole.slice(3 + end.length + fields.length)}${text.slice(whole.length)}`;
}
