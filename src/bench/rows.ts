/** A result as the rows of the page's table: the same in the static page and after a run. */
import { fillTemplate, type Locale } from '../shared/locale.ts';
import { benchCommands, type BenchResult } from './result.ts';
import type { BenchStrings } from './strings.ts';

export interface Row {
  id: 'prompt' | 'run1' | 'run2' | 'run3' | 'ps' | 'idle' | 'download' | 'memory';
  /** With code in backticks. */
  label: string;
  value: string;
}

/** @param result `undefined`: nothing was measured yet */
export function benchRows(result: BenchResult | undefined, strings: BenchStrings, locale: Locale): Row[] {
  const number = (value: number, digits: number): string => value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const instructions = (count: number): string => count.toLocaleString(locale, { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 3 });
  const megabytes = (bytes: number): string => fillTemplate(strings.megabytes, { megabytes: number(bytes / 1e6, 0) });
  const value = (format: (measured: BenchResult) => string | undefined): string => (result && format(result)) ?? strings.notMeasured;

  const command = (id: (typeof benchCommands)[number]['id']): Row => ({
    id,
    label: strings[id],
    value: value(({ commands }) => {
      const measured = commands.find((candidate) => candidate.id === id);
      return measured && fillTemplate(strings.secondsInstructions, { seconds: number(measured.seconds, 1), instructions: instructions(measured.instructions) });
    }),
  });
  return [
    { id: 'prompt', label: strings.prompt, value: value(({ promptSeconds }) => fillTemplate(strings.seconds, { seconds: number(promptSeconds, 1) })) },
    ...benchCommands.map(({ id }) => command(id)),
    { id: 'idle', label: strings.idle, value: value(({ idleInstructionsPerSecond }) => fillTemplate(strings.instructionsPerSecond, { instructions: instructions(idleInstructionsPerSecond) })) },
    { id: 'download', label: strings.download, value: value(({ downloadBytes }) => megabytes(downloadBytes)) },
    { id: 'memory', label: strings.memory, value: value(({ memoryBytes }) => megabytes(memoryBytes)) },
  ];
}
