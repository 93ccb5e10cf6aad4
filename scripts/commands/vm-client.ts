/**
 * `npm run vm:client`: asks the Docker client of the machine's image for its commands and options, and writes them down for
 * the check of lessons. Needed after another client came into the image; it takes its time, since each command is asked.
 */
import { ensureImage } from '../lib/image.ts';
import { main, runScript } from '../lib/run.ts';

main(async () => {
  await ensureImage();
  process.exitCode = await runScript('tests/support/collect-docker-client.ts');
});
