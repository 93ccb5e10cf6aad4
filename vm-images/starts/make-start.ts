/** Makes the start of one exercise on the published machine, and writes what differs from then on. */
import { writeFile } from 'node:fs/promises';
import { prepareExercise } from '../../src/checkers/prepare.ts';
import type { Exercise } from '../../src/checkers/schema.ts';
import { sessionBytes } from '../../src/emulator/core/session/session-image.ts';
import { startMachine } from '../../src/emulator/node/published-machine.ts';

/** For the last writes and console bytes, as before the machine itself is saved. */
const settleMilliseconds = 3000;

export interface StartToMake {
  readonly exercise: Exercise;
  /** Path of the manifest of the image. */
  readonly manifest: string;
  /** File for the bytes of the session. */
  readonly target: string;
}

export async function makeStart({ exercise, manifest, target }: StartToMake): Promise<void> {
  const machine = await startMachine({ manifest });
  await prepareExercise({ exercise, engine: machine.engine, guest: machine.agent });
  await machine.root('sync');
  await new Promise((resolve) => setTimeout(resolve, settleMilliseconds));
  await writeFile(target, sessionBytes(await machine.changes()));
  await machine.stop();
}
