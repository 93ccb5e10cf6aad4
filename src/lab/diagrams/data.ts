/** What the site hands to the script of a diagram, in the language of the page. */
import type { Locale } from '../../shared/locale.ts';

export interface DiagramView {
  id: string;
  /** Code in backticks, also in `says`. */
  label: string;
  says: string;
  /** Parts of the drawing that it brings out. */
  lit: readonly string[];
  /** Happenings of the engine that belong to it. */
  live: { on: readonly string[]; lit: readonly string[]; says: string } | undefined;
}

export interface DiagramData {
  locale: Locale;
  strings: { step: string; choose: string; now: string; none: string; separator: string };
  views: readonly DiagramView[];
  /** Template of the containers by state; undefined where they are not shown. */
  states: string | undefined;
}
