/** What the development server tells an open page (src/site/lib/hot-lessons.ts), and what the page makes of it. */
import type { PageData } from '../page-data.ts';

/** Names of Vite's custom events. */
export const changeEvents = {
  /** With a `Change`. */
  changed: 'drydock:changed',
  /** The server starts again, with the course as it is now; the page may stay. */
  restarting: 'drydock:restarting',
} as const;

/** Files of the checkout, relative to it, with slashes. */
export interface Change {
  /** Their text can be put into an open page. */
  shown: string[];
  /** They are part of the page's program, and only a new page has them. */
  program: string[];
}

/** Why other data needs another machine, or another program around it; undefined if the page can go on with it. */
export function needsNewPage(before: PageData, after: PageData): NewPageReason | undefined {
  if (before.manifestUrl !== after.manifestUrl) return 'host';
  if (before.imageId !== after.imageId) return 'image';
  if (before.exercise?.id !== after.exercise?.id) return 'exercise';
  if (JSON.stringify([before.exercise?.start, before.start]) !== JSON.stringify([after.exercise?.start, after.start])) return 'start';
  return undefined;
}

/** `program` and `server` are found out otherwise: files of the program have changed, the server was started anew. */
export type NewPageReason = 'host' | 'image' | 'exercise' | 'start' | 'program' | 'server';
