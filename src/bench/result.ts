/** What one run of the benchmark tells; shared by the page that measures and the command that collects. */
import { z } from 'zod';

/** One command, typed and waited for. */
export const commandResultSchema = z.strictObject({
  id: z.enum(['run1', 'run2', 'run3', 'ps']),
  command: z.string(),
  seconds: z.number().nonnegative(),
  instructions: z.number().nonnegative().describe('Guest instructions executed meanwhile'),
});

export const benchResultSchema = z.strictObject({
  promptSeconds: z.number().nonnegative().describe('From the start of loading to a shell prompt'),
  downloadBytes: z.int().nonnegative().describe('Emulator and saved state as served, whether or not they came from the cache'),
  commands: z.array(commandResultSchema),
  memoryBytes: z.int().nonnegative().describe("The emulator's memory at the prompt: guest, video and v86's own"),
  idleInstructionsPerSecond: z.number().nonnegative().describe('Guest instructions of a machine left alone'),
});

/** A run that others are shown beside their own: src/bench/reference.json, written by `npm run bench -- --save`. */
export const referenceSchema = z.strictObject({
  date: z.iso.date(),
  processor: z.string(),
  cores: z.int().positive(),
  browser: z.string(),
  result: benchResultSchema.describe('Median of every figure'),
});

export type CommandResult = z.infer<typeof commandResultSchema>;
export type BenchResult = z.infer<typeof benchResultSchema>;
export type Reference = z.infer<typeof referenceSchema>;

/** What is measured, in this order: the first `docker run` is the first thing a learner does. */
export const benchCommands = [
  { id: 'run1', command: 'docker run --rm busybox true' },
  { id: 'run2', command: 'docker run --rm busybox true' },
  { id: 'run3', command: 'docker run --rm busybox true' },
  { id: 'ps', command: 'docker ps' },
] as const satisfies readonly Pick<CommandResult, 'id' | 'command'>[];
