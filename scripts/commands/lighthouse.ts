/**
 * `npm run lighthouse [-- <module>/<lesson> ...] [--as-is]`: what Lighthouse says of lessons, as on a telephone, in both
 * languages: of those that are named, or of the first one and one with a diagram. It fails below the goals of
 * docs/performance.md. Apart from `npm test`: its number for performance depends on who else uses the processor, and Lighthouse
 * brings two hundred packages that nothing else needs.
 *
 *   --as-is   takes dist and image as they are, without bringing them up to date
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { locales } from '../../src/shared/locale.ts';
import { chromiumArguments, ensureChromium } from '../lib/chromium.ts';
import { ensureImage } from '../lib/image.ts';
import { belowGoals, formatScores, readScores } from '../lib/lighthouse-report.ts';
import { main, root, runPackage, SetupError } from '../lib/run.ts';
import { serve } from '../lib/serve.ts';
import { ensureSite } from '../lib/site.ts';

const program = 'lighthouse/cli/index.js';

/** A diagram is drawn into the page, and has a script and a style of its own. */
const usual = ['containers/first-container', 'containers/life-cycle'];

main(async () => {
  const { values, positionals } = parseArgs({ options: { 'as-is': { type: 'boolean', default: false } }, allowPositionals: true });
  const lessons = positionals.length > 0 ? positionals : usual;
  if (!existsSync(join(root, 'node_modules', program))) throw new SetupError('Lighthouse is not installed: it is no dependency of the project. Run "npm i --no-save lighthouse", then this command again.');
  const chromium = await ensureChromium();
  if (!values['as-is']) {
    await ensureImage();
    await ensureSite();
  }
  const paths = lessons.flatMap((lesson) => locales.map((locale) => `${locale}/${lesson}`));
  const missing = paths.filter((path) => !existsSync(join(root, 'dist', path, 'index.html')));
  if (missing.length > 0) throw new SetupError(`there is no page ${missing.join(', ')}. A lesson is named as in its address: <module>/<name>.`);
  const folder = join(root, 'test-results/lighthouse');
  await mkdir(folder, { recursive: true });
  const served = await serve('127.0.0.1', 0);
  const missed: string[] = [];
  try {
    for (const path of paths) {
      const report = join(folder, path.replaceAll('/', '-'));
      await look(`http://127.0.0.1:${served.port}/${path}/`, report, chromium);
      const scores = readScores(await readFile(`${report}.report.json`, 'utf8'));
      console.log(`${path}: ${formatScores(scores)}`);
      missed.push(...belowGoals(scores).map((line) => `${path}: ${line}`));
    }
  } finally {
    await served.close();
  }
  console.log(`The reports are in ${folder}`);
  if (missed.length === 0) return;
  console.error(`\nBelow the goals:\n${missed.map((line) => `  ${line}`).join('\n')}`);
  process.exitCode = 1;
});

/** Writes `<report>.report.json`, and `.html` to read. */
async function look(url: string, report: string, chromium: string): Promise<void> {
  const code = await runPackage(
    program,
    [url, '--quiet', '--output=json', '--output=html', `--output-path=${report}`, '--no-enable-error-reporting', `--chrome-flags=${['--headless=new', ...chromiumArguments].join(' ')}`],
    { env: { CHROME_PATH: chromium } },
  );
  if (code !== 0) throw new SetupError(`Lighthouse could not look at ${url}; it says why above.`);
}
