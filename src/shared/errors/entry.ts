/** The shape of a catalogue entry; apart from the catalogue so that each section can use it. */
import type { Localized } from '../locale.ts';

/** What is known about one kind of error. `{name}` in a text stands for the parameter of that name. */
export interface ErrorEntry {
  /** Permanent: may be searched for, linked and reported; never given to another error. */
  readonly code: `DD${number}`;
  /** Names of the parameters that whoever raises the error must give. */
  readonly params: readonly string[];
  /** What happened, in a few words. */
  readonly title: Localized;
  /** Why, as far as it is known. */
  readonly why: Localized;
  /** What the reader can do now. */
  readonly action: Localized;
}

export type ErrorSection = Readonly<Record<string, ErrorEntry>>;
