/** What the benchmark found, and how it is printed. */
import type { BenchResult, CommandResult } from '../../../src/bench/result.ts';

/** A visit of the lesson page, from the address to the prompt. */
export interface Visit {
  readonly seconds: number;
  /** As sent by the server, headers included. */
  readonly bytes: number;
  /** Memory of all renderer processes at the prompt, see {@link Idle.rendererBytes}. */
  readonly rendererBytes: number | undefined;
}

/** The lesson page with its machine running and left alone. */
export interface Idle {
  /**
   * Proportional set size of all renderer processes (page, worker and WebAssembly) in bytes, with the code compiled ahead;
   * `undefined` where the system does not tell.
   */
  readonly rendererBytes: number | undefined;
  /** Share of one core that the renderers used, 0 to 1 and more. */
  readonly processorShare: number;
}

/** The commands that are measured once more after reading, and how a row names them. */
const ordinals = { run1: '1st', run2: '2nd', run3: '3rd' } as const;

type RunId = keyof typeof ordinals;

export const runIds = Object.keys(ordinals) as RunId[];

/** Seconds of one `docker run` after another, typed into the lesson's terminal by somebody who has read for a minute first. */
export type AfterReading = Readonly<Record<RunId, number>>;

/** Of the published image, in bytes as served. */
export interface ImageSizes {
  readonly id: string;
  /** Saved state with the memory that is in place before the machine runs; the emulator not counted. */
  readonly startBytes: number;
  /** Memory that comes while the learner reads. */
  readonly aheadBytes: number;
  /** Memory and disk that come when the guest touches them. */
  readonly memoryOnDemandBytes: number;
  readonly diskOnDemandBytes: number;
}

/** The same commands on the same disk in QEMU. */
export type TcgCommands = readonly Pick<CommandResult, 'id' | 'seconds'>[];

export interface BenchReport {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly browser: string;
  readonly runs: number;
  readonly image: ImageSizes;
  readonly cold: Visit;
  readonly warm: Visit;
  readonly idle: Idle;
  readonly afterReading: AfterReading;
  /** Medians of the runs on the benchmark page. */
  readonly page: BenchResult;
  /** By the engine, see qemu.ts; `undefined` where QEMU is not installed. */
  readonly tcg: { readonly own: TcgCommands; readonly stock: TcgCommands } | undefined;
}

/** The report as lines of a table: what, how much, and the ratio to QEMU where there is one. */
export function reportRows(report: BenchReport): string[][] {
  const { cold, warm, idle, afterReading, page, image, tcg } = report;
  return [
    ['', `Chromium, median of ${report.runs}`, 'instructions', 'QEMU TCG', 'ratio', 'stock engine', 'ratio'],
    ['to a prompt, cold cache', seconds(cold.seconds)],
    ['  downloaded', megabytes(cold.bytes)],
    ['to a prompt, warm cache', seconds(warm.seconds)],
    ['  downloaded', megabytes(warm.bytes)],
    ...page.commands.map((command) => [names[command.id], seconds(command.seconds), millions(command.instructions), ...besideTcg(command, tcg)]),
    ...runIds.map((id) => [`  after a minute of reading, ${ordinals[id]}`, seconds(afterReading[id]), '', ...besideTcg({ id, seconds: afterReading[id] }, tcg)]),
    ['saved state, before the prompt', megabytes(image.startBytes)],
    ['  next, while the learner reads', megabytes(image.aheadBytes)],
    ['  on demand', megabytes(image.memoryOnDemandBytes)],
    ['disk, on demand', megabytes(image.diskOnDemandBytes)],
    ["emulator's memory", megabytes(page.memoryBytes)],
    ['renderer processes at the prompt', toldMegabytes(warm.rendererBytes)],
    ['  after a minute of reading', toldMegabytes(idle.rendererBytes)],
    ['idle: processor', `${(idle.processorShare * 100).toFixed(1)} % of a core`],
    ['idle: instructions', `${millions(page.idleInstructionsPerSecond)}/s`],
  ];
}

const names: Record<CommandResult['id'], string> = {
  run1: `docker run --rm busybox true, ${ordinals.run1}`,
  run2: `docker run --rm busybox true, ${ordinals.run2}`,
  run3: `docker run --rm busybox true, ${ordinals.run3}`,
  ps: 'docker ps, warm',
};

/** For each engine in QEMU, its seconds and the ratio. */
function besideTcg({ id, seconds: took }: Pick<CommandResult, 'id' | 'seconds'>, tcg: BenchReport['tcg']): string[] {
  const compared = [tcg?.own, tcg?.stock].flatMap((commands) => commands?.find((candidate) => candidate.id === id) ?? []);
  return compared.flatMap((other) => [seconds(other.seconds), (took / other.seconds).toFixed(2)]);
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

function megabytes(value: number): string {
  return `${(value / 1e6).toFixed(1)} MB`;
}

function toldMegabytes(value: number | undefined): string {
  return value === undefined ? 'not told here' : megabytes(value);
}

function millions(value: number): string {
  return `${(value / 1e6).toFixed(1)} M`;
}

/** Columns under each other: the first to the left, the others to the right. Rows may be shorter than the first. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
