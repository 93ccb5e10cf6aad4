/** `npm run dev`: the site with hot reload, for authors. */
import { ensureImage } from '../lib/image.ts';
import { main, runPackage } from '../lib/run.ts';

main(async () => {
  await ensureImage();
  process.exitCode = await runPackage('astro/bin/astro.mjs', ['dev', ...process.argv.slice(2)], { env: { ASTRO_TELEMETRY_DISABLED: '1' } });
});
