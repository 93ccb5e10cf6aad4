/** A process that makes the start of one exercise on the published machine, and writes what differs from then on. */
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { prepareExercise } from '../../src/checkers/prepare.ts';
import { exerciseSchema } from '../../src/checkers/schema.ts';
import { sessionBytes } from '../../src/emulator/core/session/session-image.ts';
import { startMachine } from '../../src/emulator/node/published-machine.ts';

export const startOrderSchema = z.strictObject({
  exercise: exerciseSchema,
  manifest: z.string().describe('Path of the manifest of the image'),
  target: z.string().describe('File for the bytes of the session'),
});

export type StartOrder = z.input<typeof startOrderSchema>;

/** For the last writes and console bytes, as before the machine itself is saved. */
const settleMilliseconds = 3000;

const { exercise, manifest, target } = startOrderSchema.parse(JSON.parse(process.argv[2] ?? ''));
const machine = await startMachine({ manifest });
await prepareExercise({ exercise, engine: machine.engine, guest: machine.agent });
await machine.root('sync');
await new Promise((resolve) => setTimeout(resolve, settleMilliseconds));
await writeFile(target, sessionBytes(await machine.changes()));
await machine.stop();
