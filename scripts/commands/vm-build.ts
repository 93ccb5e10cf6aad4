/** `npm run vm:build [-- --frozen --accept-expired]`: builds the machine image, or what is missing of it. */
import { ensureImage } from '../lib/image.ts';
import { main } from '../lib/run.ts';

main(() => ensureImage(process.argv.slice(2)));
