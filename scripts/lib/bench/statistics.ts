/** Several runs as one: the median of every figure. */
import type { BenchResult, CommandResult } from '../../../src/bench/result.ts';

/** The middle value; the mean of the two in the middle for an even count. Throws for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('there is no median of nothing');
  return (lower + upper) / 2;
}

/** Medians of every field of results that have the same numeric fields. */
export function medianFields<K extends string>(results: readonly Readonly<Record<K, number>>[], fields: readonly K[]): Record<K, number> {
  const entries = fields.map((field): [K, number] => [field, median(results.map((result) => result[field]))]);
  return Object.fromEntries(entries) as Record<K, number>;
}

/** Medians of the page's results, in whole milliseconds, bytes and instructions. */
export function medianResult(results: readonly BenchResult[]): BenchResult {
  const [first] = results;
  if (first === undefined) throw new RangeError('there is no median of nothing');
  const { promptSeconds, downloadBytes, memoryBytes, idleInstructionsPerSecond } = medianFields(results, ['promptSeconds', 'downloadBytes', 'memoryBytes', 'idleInstructionsPerSecond']);
  return {
    promptSeconds: milliseconds(promptSeconds),
    downloadBytes: Math.round(downloadBytes),
    commands: medianCommands(results.map(({ commands }) => commands)),
    memoryBytes: Math.round(memoryBytes),
    idleInstructionsPerSecond: Math.round(idleInstructionsPerSecond),
  };
}

function medianCommands(runs: readonly (readonly CommandResult[])[]): CommandResult[] {
  return (runs[0] ?? []).map(({ id, command }) => {
    const same = runs.map((run) => {
      const found = run.find((candidate) => candidate.id === id);
      if (found === undefined) throw new Error(`a run did not measure ${id}`);
      return found;
    });
    const { seconds, instructions } = medianFields(same, ['seconds', 'instructions']);
    return { id, command, seconds: milliseconds(seconds), instructions: Math.round(instructions) };
  });
}

/** Seconds to three places: a browser's clock tells no more. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
