/** `npm run build`: image and static site, ready to be put on any web server, in `dist`. `DRYDOCK_BASE=/path/` for a sub-path. */
import { ensureImage } from '../lib/image.ts';
import { main } from '../lib/run.ts';
import { ensureSite } from '../lib/site.ts';

main(async () => {
  await ensureImage();
  await ensureSite();
  console.log('drydock: the site is in dist/');
});
