/**
 * `npm run lesson:walk [-- <lesson> ...] [--as-is]`: walks through lessons on the real engine as a learner does, block by block
 * and task by task, and writes what the screen shows to test-results/walks. What looks like a mistake is said; whether it is
 * one only its author knows, since lessons also show commands that fail.
 */
import { join } from 'node:path';
import { optimiseLittle } from '../../src/emulator/node/v8-options.ts';
import { readLessons } from '../../src/site/lib/lesson-files.ts';
import { readArguments } from '../lib/arguments.ts';
import { ensureImage } from '../lib/image.ts';
import { lessonsNamed } from '../lib/named-lessons.ts';
import { main, root, run, SetupError } from '../lib/run.ts';

main(async () => {
  const { names, options } = readArguments(process.argv.slice(2), { '--as-is': 'do not look whether the machine image is up to date' });
  const files = await readLessons(root);
  const lessons = (names.length === 0 ? files.lessons : names.flatMap((name) => lessonsNamed(files, name))).filter(({ exercise }) => exercise !== undefined);
  if (lessons.length === 0) throw new SetupError('these lessons have no exercise, so there is no machine to walk through them on. Read them in the browser: npm run dev.');
  if (!options.has('--as-is')) await ensureImage();
  process.exitCode = await run(process.execPath, [optimiseLittle, '--expose-gc', '--disable-warning=ExperimentalWarning', join(root, 'tests/support/walk-lessons.ts'), ...lessons.map(({ slug }) => slug)]);
});
