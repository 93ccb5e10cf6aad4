/** Finds Chromium for the end-to-end tests and the benchmark, or installs it where that can be done without asking. */
import { existsSync } from 'node:fs';
import { run, SetupError } from './run.ts';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** For a Chromium that is driven: no sandbox (containers have none), no graphics card, and none of its own errands. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
] as const;

/** Path of a Chromium, from CHROMIUM_PATH or the usual places. */
export function findChromium(): string | undefined {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen !== undefined && chosen !== '') return chosen;
  return places.find((path) => existsSync(path));
}

export async function ensureChromium(): Promise<string> {
  const found = findChromium();
  if (found !== undefined) return found;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) {
    throw new SetupError('end-to-end tests and benchmark need Chromium. On Debian run "sudo apt-get install chromium"; elsewhere install Chromium or Chrome. If it is in an unusual place, set CHROMIUM_PATH.');
  }
  console.log('drydock: installing Chromium from Debian (about a minute, once) ...');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env });
  const code = await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], { env });
  const installed = findChromium();
  if (code !== 0 || installed === undefined) throw new SetupError('Chromium could not be installed; apt-get says why above. Install it by hand and run the command again.');
  return installed;
}
