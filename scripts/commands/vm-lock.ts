/** `npm run vm:lock [-- --accept-expired]`: resolves the recipe anew and writes vm-images/lock.json. */
import { main, runScript, SetupError } from '../lib/run.ts';

main(async () => {
  const code = await runScript('vm-images/builder/cli-lock.ts', process.argv.slice(2));
  if (code !== 0) throw new SetupError('the lock file was not written; the lines above say why.');
});
