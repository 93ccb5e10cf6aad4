/** Builds the static site into `dist`, unless nothing that goes into it has changed. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { precompress } from './precompress.ts';
import { root, runPackage, SetupError } from './run.ts';

const stamp = join(root, '.cache/site-hash');
/** Where the site is on its server; astro.config.mjs builds it for the same. Ends with a slash. */
export const sitePath = process.env.DRYDOCK_BASE ?? '/';

/** What of public/ is read while the site is built; the rest is only put beside it. */
export const publicInputs: readonly string[] = ['public/*', 'public/vm/*.json', 'public/registry/index.json', 'public/packages/index.json'];
const inputs = ['src/**/*', 'content/**/*', ...publicInputs, 'astro.config.mjs', 'scripts/lib/precompress.ts', 'tsconfig*.json', 'package-lock.json'];

async function inputHash(): Promise<string> {
  const hash = createHash('sha256').update(sitePath);
  for (const pattern of inputs) {
    const files: string[] = [];
    for await (const file of glob(pattern, { cwd: root })) files.push(file);
    for (const file of files.sort()) {
      if (!(await stat(join(root, file))).isFile()) continue;
      hash.update(`\0${file}\0`).update(await readFile(join(root, file)));
    }
  }
  return hash.digest('hex');
}

export async function ensureSite(): Promise<void> {
  const wanted = await inputHash();
  if (existsSync(join(root, 'dist/index.html')) && (await readFile(stamp, 'utf8').catch(() => '')) === wanted) {
    console.log('drydock: the site is up to date');
    return;
  }
  console.log('drydock: building the site (about a minute) ...');
  const code = await runPackage('astro/bin/astro.mjs', ['build'], { env: { ASTRO_TELEMETRY_DISABLED: '1' } });
  if (code !== 0) throw new SetupError('the site could not be built; Astro says why above.');
  await precompress(join(root, 'dist'));
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, wanted);
}
