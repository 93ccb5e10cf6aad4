/** What one run of the benchmark tells; shared by the page that measures and the command that collects. */
import { z } from 'zod';

/** One command, typed and waited for. */
export const commandResultSchema = z.strictObject({
  id: z.enum(['ps', 'run1', 'run2', 'run3']),
  command: z.string(),
  seconds: z.number().nonnegative(),
  instructions: z.number().nonnegative().describe('Guest instructions executed meanwhile'),
});

export const benchResultSchema = z.strictObject({
  promptSeconds: z.number().nonnegative().describe('From the start of loading to a shell prompt on the screen'),
  stateBytes: z.int().nonnegative().describe('Saved state as downloaded'),
  commands: z.array(commandResultSchema),
  memoryBytes: z.int().nonnegative().describe("The emulator's memory at the prompt: guest, video and v86's own"),
  idleInstructionsPerSecond: z.number().nonnegative().describe('Guest instructions of a machine left alone'),
});

export type CommandResult = z.infer<typeof commandResultSchema>;
export type BenchResult = z.infer<typeof benchResultSchema>;

/** What is measured, in this order: the first `docker run` is the first thing a learner does. */
export const benchCommands = [
  { id: 'run1', command: 'docker run --rm busybox true' },
  { id: 'run2', command: 'docker run --rm busybox true' },
  { id: 'run3', command: 'docker run --rm busybox true' },
  { id: 'ps', command: 'docker ps' },
] as const satisfies readonly Pick<CommandResult, 'id' | 'command'>[];
