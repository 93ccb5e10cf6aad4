/** `npm start`: image, site, server. `HOST=0.0.0.0` lets a class reach it over the LAN. */
import { networkInterfaces } from 'node:os';
import { ensureImage } from '../lib/image.ts';
import { main } from '../lib/run.ts';
import { serve } from '../lib/serve.ts';
import { ensureSite, sitePath } from '../lib/site.ts';

main(async () => {
  await ensureImage();
  await ensureSite();
  const host = process.env.HOST ?? '127.0.0.1';
  const { port } = await serve(host, Number(process.env.PORT ?? 4321), { base: sitePath });
  const addresses = host === '0.0.0.0' ? lanAddresses() : [host];
  console.log('\nDrydock is ready. Open');
  for (const address of addresses) console.log(`  http://${address}:${port}${sitePath}`);
  console.log('Stop it with Ctrl-C.');
});

function lanAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flat();
  const reachable = all.filter((entry) => entry?.family === 'IPv4').map((entry) => entry?.address ?? '');
  return reachable.length > 0 ? reachable : ['localhost'];
}
