/** The words behind a command: names of what it is about, and options, of which each command has its own. */
import { SetupError } from './run.ts';

export interface Arguments<Option extends string> {
  names: string[];
  options: ReadonlySet<Option>;
}

/** @param known what each option does. Raises SetupError for an option that is not among them. */
export function readArguments<Option extends `--${string}`>(words: readonly string[], known: Readonly<Record<Option, string>>): Arguments<Option> {
  const isKnown = (word: string): word is Option => Object.hasOwn(known, word);
  const given = words.filter((word) => word.startsWith('--'));
  const unknown = given.filter((word) => !isKnown(word));
  const described = Object.entries(known).map(([option, meaning]) => `${option} (${String(meaning)})`);
  if (unknown.length > 0) throw new SetupError(`there is no option ${unknown.join(', ')}. The option${described.length === 1 ? ' is' : 's are'} ${described.join(' and ')}.`);
  return { names: words.filter((word) => !word.startsWith('--')), options: new Set(given.filter(isKnown)) };
}
